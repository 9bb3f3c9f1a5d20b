"""Items and families: what a person said is obeyed, what belongs together is read together, and the same rows give the same bytes."""

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.matching.clusters import Clusters
from pipeline.matching.families import LARGEST, central, form_families, suggest

ROOT = Path(__file__).parents[2]


def test_rows_that_are_one_item_stand_in_one_family_though_they_make_many_pairs():
    chance = {(a, b): 0.3 for a in range(17) for b in range(a + 1, 17)} | {(17, 18): 0.9}
    assert form_families(19, chance, 19) == [list(range(17)), [17, 18]]


def test_a_family_is_never_longer_than_can_be_read():
    chance = {(a, b): 0.9 for a in range(40) for b in range(a + 1, 40)}
    found = form_families(40, chance, 40)
    assert max(map(len, found)) <= LARGEST
    assert sorted(item for family in found for item in family) == list(range(40))


def test_no_more_lines_than_allowed_and_the_likeliest_first():
    chance = {(0, 1): 0.9, (2, 3): 0.8, (4, 5): 0.7}
    assert form_families(6, chance, 4) == [[0, 1], [2, 3]]


def test_what_is_unlikely_is_not_shown():
    assert form_families(2, {(0, 1): 0.02}, 2) == []


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 12), st.integers(0, 12)).filter(lambda pair: pair[0] < pair[1]),
        st.floats(0.05, 1),
        max_size=40,
    ),
    st.integers(0, 13),
)
@settings(max_examples=60, deadline=None)
def test_no_item_is_in_two_families_and_the_lines_are_kept(chance, lines):
    found = form_families(13, chance, lines)
    items = [item for family in found for item in family]
    assert len(items) == len(set(items)) <= lines
    assert all(len(family) > 1 for family in found)
    assert form_families(13, dict(reversed(chance.items())), lines) == found


def test_a_sub_group_is_suggested_where_all_of_it_is_likely():
    chance = {(0, 1): 0.9, (0, 2): 0.8, (1, 2): 0.7, (2, 3): 0.6, (0, 3): 0.05, (1, 3): 0.05}
    assert sorted(suggest([0, 1, 2, 3], chance, set())) == [[0, 1, 2], [3]]
    assert [0, 1] not in suggest([0, 1], {(0, 1): 0.9}, {(0, 1)})


def test_the_first_line_is_what_the_others_are_most_like():
    assert central([0, 1, 2], {(0, 1): 0.2, (1, 2): 0.9, (0, 2): 0.1}) == 1


@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=12),
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_a_cannot_link_holds_for_the_whole_groups(joins, cannot):
    apart = {(min(pair), max(pair)) for pair in cannot if pair[0] != pair[1]}
    made = Clusters(8, sorted(apart))
    for one, two in joins:
        assert made.join(one, two) == (made.root[one] == made.root[two])
    assert sorted(node for group in made.groups() for node in group) == list(range(8))
    for group in made.groups():
        assert not any((a, b) in apart for a in group for b in group)


_MATCH = """
import sys; sys.path[:0] = ["tests", "tests/unit"]
from test_matching import FILLERS, TRUE_PAIRS, frame
from conftest import make_scheme
from pipeline.matching import match_rows
from training.hands import hands
rows = [(row.title, row.text) for row in hands()[3].rows[:120]]
found = match_rows(frame(*rows), "problems", make_scheme())
print([found.groups, found.families, sorted(found.joins.items()), sorted(found.compounds.items())])
"""


def test_the_same_rows_give_the_same_bytes_whatever_the_hash_seed():
    said = set()
    for seed in ("0", "1", "4711"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        run = subprocess.run([sys.executable, "-c", _MATCH], cwd=ROOT, env=environment, capture_output=True, check=True)
        said.add(run.stdout)
    assert len(said) == 1

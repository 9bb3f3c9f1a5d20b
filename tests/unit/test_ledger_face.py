"""The ledger's face: what its docstring shows is what it does, and every problem has its rule."""

import doctest

import pytest

import pipeline.ledger
from pipeline import findings
from pipeline.ledger import EventKind, ProblemKind, render
from pipeline.ledger.events import Event


def test_the_example_runs():
    result = doctest.testmod(pipeline.ledger)
    assert result.attempted > 10
    assert result.failed == 0


@pytest.mark.parametrize("kind", list(ProblemKind))
def test_every_problem_has_a_rule_in_the_catalogue(kind):
    assert [rule for rule in findings.rules() if rule.code == kind]


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_event_can_be_shown_whatever_its_payload_lacks(kind):
    assert isinstance(render(Event(kind, "CS-001", "王五", "2022-07-15")), str)

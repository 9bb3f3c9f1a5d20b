"""Pages made from the code are not stale, and what the README says exists."""

import re
import subprocess
import sys
from pathlib import Path

from pipeline import findings
from pipeline.ledger import ProblemKind

ROOT = Path(__file__).parents[2]


def test_the_manual_is_what_the_code_says():
    found = subprocess.run(
        [sys.executable, "tools/write_manual.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert found.returncode == 0, found.stdout


def test_every_rule_is_used_and_has_its_own_code():
    rules = findings.rules()
    assert {kind.value for kind in ProblemKind} <= {rule.code for rule in rules}
    assert len({rule.code for rule in rules}) == len(rules)
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "pipeline").rglob("*.py") if path.name != "findings.py"
    )
    of_ledger = set(ProblemKind)
    for name, value in vars(findings).items():
        if isinstance(value, findings.Rule):
            assert f"findings.{name}" in source or value.code in of_ledger, f"{name} is never said"
            assert value.remedy or value.office


def test_files_that_the_documents_name_exist():
    for page in (ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), (page.name, target)


def test_the_page_on_calling_it_from_a_program_runs(tmp_path):
    import doctest
    import shutil

    shutil.copy(ROOT / "方案.xlsx", tmp_path)
    shutil.copytree(ROOT / "workbooks", tmp_path / "workbooks")
    text = (ROOT / "docs" / "dev" / "api.md").read_text(encoding="utf-8")
    examples = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.S))
    test = doctest.DocTestParser().get_doctest(examples, {"folder": str(tmp_path)}, "api.md", "api.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_table_of_rooms_names_every_room():
    text = (ROOT / "docs" / "dev" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("| room |")[2].partition("\n\n")[0]
    named = {
        name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1] if "|" in row else "")
    }
    rooms = {
        path.stem for path in (ROOT / "pipeline").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - {"__init__", "version"} == named


def test_the_layers_of_the_contract_are_the_rooms():
    import tomllib

    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    named = {name.strip() for layer in layers for name in re.split(r"[|:]", layer)}
    rooms = {
        path.stem for path in (ROOT / "pipeline").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - {"__init__"} == named

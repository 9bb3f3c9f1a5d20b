"""Pages made from the code are not stale, and what the README says exists."""

import re
import subprocess
import sys
from pathlib import Path

from pipeline import findings

ROOT = Path(__file__).parents[1]


def test_the_manual_is_what_the_code_says():
    found = subprocess.run(
        [sys.executable, "tools/write_manual.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert found.returncode == 0, found.stdout


def test_every_rule_is_used_and_has_its_own_code():
    rules = findings.rules()
    assert len({rule.code for rule in rules}) == len(rules)
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "pipeline").rglob("*.py") if path.name != "findings.py"
    )
    for name, value in vars(findings).items():
        if isinstance(value, findings.Rule):
            assert f"findings.{name}" in source, f"{name} is never said"
            assert value.remedy or value.office


def test_files_that_the_documents_name_exist():
    for page in (ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), (page.name, target)

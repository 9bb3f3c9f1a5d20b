"""Pictures of the worked example's outputs for the README: docs/manual/图/*.png. Needs LibreOffice, poppler and Pillow.

    python tools/picture_example.py

Run `sandan merge` first. Not a part of the tests: what it draws depends on the fonts of the machine.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "图"
WANTED = {
    "总览": ("汇总台账.xlsx", "应报单位", 110, 1),
    "任务清单": ("汇总台账.xlsx", "措施编号对应问题努力方向", 110, 1),
    "对账销号": ("汇总台账.xlsx", "申请销号", 110, 1),
    "待确认": ("汇总台账.xlsx", "甲编号", 110, 1),
    "文稿": ("对照检查材料.docx", "", 60, 3),
    "退回修改": ("退回修改/乡镇街道/白露镇.xlsx", "", 90, 1),
}
"""Name -> file, words on the page that is wanted ("" the first), dots per inch, how many pages side by side."""


def render(path: Path, folder: Path) -> Path:
    """The file as a PDF."""
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(path)],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return folder / f"{path.stem}.pdf"


def page_with(pdf: Path, words: str) -> int:
    """The first page on which the words stand, white space aside."""
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    for number, page in enumerate(text.split("\f"), start=1):
        if words in "".join(page.split()):
            return number
    return 1


def main() -> int:
    """Draw every picture that is wanted."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, (file, words, dots, count) in WANTED.items():
            source = ROOT / "outputs" / file
            if not source.exists():
                print(f"{file}: not there, run sandan merge first")
                return 1
            pdf = render(source, folder)
            first = page_with(pdf, words)
            command = ["pdftoppm", "-r", str(dots), "-f", str(first), "-l", str(first + count - 1), "-png", str(pdf)]
            subprocess.run([*command, str(folder / name)], check=True)
            pages = [Image.open(path).convert("RGB") for path in sorted(folder.glob(f"{name}-*.png"))[:count]]
            whole = Image.new("RGB", (sum(page.width for page in pages), max(page.height for page in pages)), "white")
            left = 0
            for page in pages:
                whole.paste(page, (left, 0))
                left += page.width
            whole.quantize(64).save(PICTURES / f"{name}.png", optimize=True)
            print(f"{name}.png {whole.size} {(PICTURES / f'{name}.png').stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

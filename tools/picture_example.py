"""Pictures of the worked example's outputs for the README: docs/manual/图/*.png. Needs LibreOffice, poppler and Pillow.

    python tools/picture_example.py [FOLDER] [NAME …]

Run `sandan merge` first, or give the folder where it ran. Not a part of the tests: what it draws depends on the fonts of
the machine; with Liberation Sans (or Arial) columns are as wide as in Excel.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs" / "manual" / "图"
WANTED = {
    "总览": ("汇总台账.xlsx", "今天要督办什么", 110, 1),
    "问题清单": ("汇总台账.xlsx", "编号问题具体表现查摆途径", 110, 1),
    "任务清单": ("汇总台账.xlsx", "编号解决的问题措施", 110, 1),
    "对账销号": ("汇总台账.xlsx", "申请", 90, 1),
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


def draw(pdf: Path, name: str, folder: Path) -> Image.Image:
    """The wanted pages of a PDF, side by side."""
    _, words, dots, count = WANTED[name]
    first = page_with(pdf, words)
    command = ["pdftoppm", "-r", str(dots), "-f", str(first), "-l", str(first + count - 1), "-png", str(pdf)]
    subprocess.run([*command, str(folder / name)], check=True)
    pages = [Image.open(path).convert("RGB") for path in sorted(folder.glob(f"{name}-*.png"))[:count]]
    whole = Image.new("RGB", (sum(page.width for page in pages), max(page.height for page in pages)), "white")
    left = 0
    for page in pages:
        whole.paste(page, (left, 0))
        left += page.width
    return whole


def main(arguments: list[str]) -> int:
    """Draw every picture that is wanted, or those named."""
    given = [argument for argument in arguments if argument not in WANTED]
    root = Path(given[0]) if given else ROOT
    names = [argument for argument in arguments if argument in WANTED] or list(WANTED)
    PICTURES.mkdir(parents=True, exist_ok=True)
    drawn: dict[Path, Path] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in names:
            source = root / "outputs" / WANTED[name][0]
            if not source.exists():
                print(f"{WANTED[name][0]}: not there, run sandan merge first")
                return 1
            if source not in drawn:
                drawn[source] = render(source, folder)
            whole = draw(drawn[source], name, folder)
            whole.quantize(256).save(PICTURES / f"{name}.png", optimize=True)
            print(f"{name}.png {whole.size} {(PICTURES / f'{name}.png').stat().st_size // 1024} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""How long a list of 100,000 rows takes to write and what memory it needs, beside pandas' to_excel of the same cells.

    python benchmarks/summary_speed.py [ROWS]

Each writer runs in a process of its own, so that its peak memory is its own. Memory in MB (peak resident set).
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

TEXT = (
    "有的干部深入一线不够，调查研究多是听汇报看材料，与群众面对面交流少，全年到村不足12次，对基层实际困难掌握不全面。"
)


def rows(count: int) -> list[dict[str, object]]:
    """Lines of 任务清单 as full as real ones."""
    return [
        {
            "id": f"CS-{number:06}",
            "problems": f"WT-{number:06}",
            "direction": "站稳人民立场，解决急难愁盼",
            "title": f"推进第{number}项整改",
            "detail": f"{TEXT}{number}",
            "goal": "问题清零",
            "lead": f"县直单位{number % 900}",
            "support": f"县直单位{number % 700}、县直单位{number % 500}",
            "leader": "副局长",
            "person": "办公室负责人",
            "type": "限期整改",
            "deadline": "2022年6月底前",
            "long_term": False,
            "status": "正在推进",
            "units": f"县直单位{number % 900}",
            "included": False,
            "reason": "1 个单位提出，排第 9，超出 3 条",
        }
        for number in range(1, count + 1)
    ]


def ours(count: int, path: Path) -> None:
    """write_list, as the summary workbook does."""
    import xlsxwriter

    from pipeline.summary.sheet import Look, write_list
    from pipeline.summary.styles import Styles
    from pipeline.tables import task_list

    book = xlsxwriter.Workbook(str(path))
    write_list(
        book, Styles(book), task_list(), rows(count), Look("某县", dict.fromkeys(task_list().editable(), ()), home="")
    )
    book.close()


def pandas_openpyxl(count: int, path: Path) -> None:
    """The same cells, plain, with pandas and openpyxl."""
    import pandas as pd

    pd.DataFrame(rows(count)).to_excel(path, index=False, engine="openpyxl")


def pandas_xlsxwriter(count: int, path: Path) -> None:
    """The same cells, plain, with pandas and XlsxWriter."""
    import pandas as pd

    pd.DataFrame(rows(count)).to_excel(path, index=False, engine="xlsxwriter")


def _run(writer, count, results) -> None:  # type: ignore[no-untyped-def]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        writer(count, Path(folder) / "list.xlsx")
        results.put((time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def main() -> None:
    """Print seconds, peak memory and the ratio to each rival."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    context = multiprocessing.get_context("spawn")
    seconds: dict[str, float] = {}
    for writer in (ours, pandas_openpyxl, pandas_xlsxwriter):
        results = context.Queue()
        process = context.Process(target=_run, args=(writer, count, results))
        process.start()
        seconds[writer.__name__], memory = results.get()
        process.join()
        ratio = seconds[writer.__name__] / seconds["ours"]
        print(
            f"{writer.__name__:18} {count} rows  {seconds[writer.__name__]:6.1f} s  {memory:6.0f} MB  {ratio:.2f} x ours"
        )


if __name__ == "__main__":
    main()

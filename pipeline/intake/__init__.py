"""Opens what departments send, finds sheets and headers, reads and checks values; rows come out with provenance."""

from pipeline.intake.collect import NO_UNIT, FileState, Intake, assemble, collect, find_files
from pipeline.intake.reading import Row
from pipeline.intake.submission import Submission, read_submission

__all__ = [
    "NO_UNIT",
    "FileState",
    "Intake",
    "Row",
    "Submission",
    "assemble",
    "collect",
    "find_files",
    "read_submission",
]

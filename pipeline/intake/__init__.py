"""Opens what departments send, finds sheets and headers, reads and checks values; rows come out with provenance.

`pipeline.intake.collect` lays the rows of all files together; it is not imported here, so that reading workers start
without pandas.
"""

from pipeline.intake.submission import Submission, read_submission

__all__ = ["Submission", "read_submission"]

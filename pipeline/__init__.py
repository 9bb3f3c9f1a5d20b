"""sandan: departments' workbooks in, the summary workbook and the narrative out."""

__version__ = "0.1.0"

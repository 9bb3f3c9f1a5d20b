"""The monthly bulletin (整改进展通报) and the reminders (催办), from the figures of 调度."""

from pipeline.bulletin.facts import BulletinFacts, bulletin_facts
from pipeline.bulletin.output import Bulletin, Reminders
from pipeline.bulletin.wording import DEFAULT_SECTIONS, PLACEHOLDERS, TABLES, Section

__all__ = [
    "DEFAULT_SECTIONS",
    "PLACEHOLDERS",
    "TABLES",
    "Bulletin",
    "BulletinFacts",
    "Reminders",
    "Section",
    "bulletin_facts",
]

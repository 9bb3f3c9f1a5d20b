"""The monthly bulletin (整改进展通报) and the reminders (催办), from the figures of 调度."""

from pipeline.bulletin.facts import BulletinFacts, bulletin_facts
from pipeline.bulletin.output import Bulletin, Reminders

__all__ = [
    "Bulletin",
    "BulletinFacts",
    "Reminders",
    "bulletin_facts",
]

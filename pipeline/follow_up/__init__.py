"""The time after the meeting, once a run: progress laid over the measures, applications and answers taken, periods counted."""

from pipeline.follow_up.outcome import FollowedUp
from pipeline.follow_up.work import FollowUp

__all__ = ["FollowUp", "FollowedUp"]

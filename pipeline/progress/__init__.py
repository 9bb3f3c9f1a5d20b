"""After the meeting: what units report period by period, and what follows from it. Values and pure functions only."""

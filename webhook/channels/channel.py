"""What every channel limits, whatever its platform."""

from __future__ import annotations

__all__ = ["LONGEST_MESSAGE", "LONGEST_SENDER", "MOST_BYTES"]

# Code points of a message and of a conversation's identifier; bytes of a body.
LONGEST_MESSAGE = 2000
LONGEST_SENDER = 200
MOST_BYTES = 64 * 1024

"""What two sources say differently of one record: a finding to tell, not an error.

A conflict does not prevent loading: the rule of precedence of the merge decides which value
is kept, and the conflict says that there was another one.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Conflict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two values of one field of the record `id`, and the files that they come from.

    An element that no reader knows is told in the same way, with nothing kept.

    `field` is the name of the field in the merged value, `kept` what the merge holds, `other`
    what it leaves out; the files are empty strings when they are not known.
    """

    id: str
    field: str
    kept: str
    other: str
    kept_file: str = ""
    other_file: str = ""

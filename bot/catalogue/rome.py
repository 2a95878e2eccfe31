"""An appellation of the ROME: one of the names under which France Travail files a job."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RomeAppellation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RomeAppellation:
    """One row of the « référentiel des appellations ».

    `code` is the OGR number of the appellation; `label` its long wording, as published
    (« Monteur / Monteuse son »), `short_label` the abbreviated one. `masculine` and `feminine`
    are None where the label has one gender only, or does not pair the two word for word.
    `rome_codes` is the code under which the appellation is filed, then its parent when that is
    another one: the codes of the fiches are those of parents. `is_main` marks the name of the
    code itself, `is_rare` a name that France Travail calls little used.
    """

    code: str
    label: str
    short_label: str
    masculine: str | None = None
    feminine: str | None = None
    rome_codes: tuple[str, ...]
    is_main: bool = False
    is_rare: bool = False

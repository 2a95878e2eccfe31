"""Loads the catalogue from its sources: all of it, or nothing and the list of problems.

Several sources merge by identifier. What each field is taken from is written in `_merge`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Appellation, Fiche, MetierId
from bot.catalogue.source_file import failure, read_bytes
from bot.catalogue.source_kind import Role, parse_fiche_file, recognise
from bot.errors import CatalogueError, Problem

__all__ = ["load_catalogue"]

_FICHE_SUFFIXES = frozenset({".md", ".markdown", ".txt"})
# Files that accompany data and are no fiches. Anything else with a fiche's suffix must be
# a fiche: skipping what « does not look like one » would lose a damaged fiche silently.
_COMPANIONS = frozenset(
    {
        "authors", "changelog", "citation", "contributing", "copying", "copyright",
        "licence", "license", "lisez-moi", "lisezmoi", "notice", "readme",
    }
)  # fmt: skip


def load_catalogue(paths: Sequence[Path]) -> Catalogue:
    """Load folders of Markdown fiches, single fiches and Idéo-métiers tables.

    Args:
        paths: the sources, at least one; the kind of each is recognised from its content.
            A path given twice is read once.

    Returns:
        The fiches of the Markdown sources, in the order of the paths and of the file names,
        then the jobs that only a table knows.

    Raises:
        CatalogueError: every problem of every source; nothing is loaded then.
        ValueError: no path.
    """
    if not paths:
        raise ValueError("a catalogue needs at least one source")
    loader = _Loader()
    for path in dict.fromkeys(paths):
        loader.read_source(path)
    if loader.problems:
        raise CatalogueError(*loader.problems)
    return Catalogue(_merged(loader.fiches, loader.rows))


class _Loader:
    """Gathers the fiches, the rows of tables and the problems of the sources read so far."""

    def __init__(self) -> None:
        self.fiches: dict[MetierId, Fiche] = {}
        self.rows: list[Fiche] = []
        self.problems: list[Problem] = []
        self._files: dict[MetierId, Path] = {}

    def read_source(self, path: Path) -> None:
        try:
            if path.is_dir():
                self._read_folder(path)
            else:
                self._read_file(path)
        except CatalogueError as error:
            self.problems.extend(error.problems)
        except (OSError, ValueError) as exc:  # a folder that cannot be listed, a NUL in a path
            reason = str(getattr(exc, "strerror", exc))
            self.problems.append(Problem(path=path, key="unreadable", detail=reason))

    def _read_folder(self, folder: Path) -> None:
        files = _fiche_files(folder)
        if not files:
            raise failure(folder, "empty_folder")
        for path in files:
            try:
                self._add_fiches(parse_fiche_file(read_bytes(path), path), path)
            except CatalogueError as error:
                self.problems.extend(error.problems)

    def _read_file(self, path: Path) -> None:
        data = read_bytes(path)
        kind = recognise(data, path)
        fiches = kind.parse(data, path)
        if kind.role is Role.TABLE:
            self.rows.extend(fiches)
        else:
            self._add_fiches(fiches, path)

    def _add_fiches(self, fiches: Iterable[Fiche], path: Path) -> None:
        for fiche in fiches:
            first = self._files.setdefault(fiche.id, path)
            if fiche.id in self.fiches:
                detail = f"{fiche.id} ({first})"
                self.problems.append(
                    Problem(path=path, key="id_duplicate", field="ID", detail=detail)
                )
            else:
                self.fiches[fiche.id] = fiche


def _fiche_files(folder: Path) -> list[Path]:
    """Return the files of a folder that must be fiches, in the order of their names."""
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.casefold() in _FICHE_SUFFIXES
        and not path.name.startswith(".")
        and path.name.partition(".")[0].casefold() not in _COMPANIONS
    )


def _merged(fiches: dict[MetierId, Fiche], rows: Iterable[Fiche]) -> Iterator[Fiche]:
    merged = dict(fiches)
    for row in rows:
        merged[row.id] = _merge(merged[row.id], row) if row.id in merged else row
    return iter(merged.values())


def _merge(fiche: Fiche, row: Fiche) -> Fiche:
    """Complete a fiche by a row of a table (or a row by that of a later table).

    The fiche keeps its names, its text and its source; ROME codes and domaines are those
    of the first that has some, and Markdown fiches have no domaine.
    """
    return replace(
        fiche,
        title=_complete_genders(fiche.title, row.title),
        rome_codes=fiche.rome_codes or row.rome_codes,
        domaines=fiche.domaines or row.domaines,
    )


def _complete_genders(title: Appellation, other: Appellation) -> Appellation:
    """Give a title that has no gender at all those of the other source."""
    if title.feminine or title.masculine:
        return title
    return replace(title, feminine=other.feminine, masculine=other.masculine)

"""Loads the catalogue from its sources: all of it, or nothing and the list of problems.

Several sources merge by identifier; what each field is taken from is written in
`fiche_merging` and `formation_merging`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.conflict import Conflict
from bot.catalogue.contents import Contents, Record, SourceInfo
from bot.catalogue.fiche import Fiche, MetierId
from bot.catalogue.fiche_merging import merge_fiches
from bot.catalogue.formation import Formation, title_key, with_metier_ids
from bot.catalogue.formation_merging import merge_formations
from bot.catalogue.index_file import built_index, is_index, read_index
from bot.catalogue.rome import RomeAppellation
from bot.catalogue.source_file import unreadable
from bot.catalogue.source_files import SourceFile, files_of, printable
from bot.catalogue.source_kind import Rank, SourceKind, kind_of
from bot.catalogue.source_note import SourceNote, cited, read_notes
from bot.errors import CatalogueError, Problem

__all__ = ["load_catalogue", "read_sources"]

# An index holds what was merged already, with the same precedence: it wins as a whole.
_INDEX_RANK = -1


def load_catalogue(paths: Sequence[Path]) -> Catalogue:
    """Load sources into a catalogue: see `read_sources`.

    Raises:
        CatalogueError: every problem of every source; nothing is loaded then.
        ValueError: no path.
    """
    one = len(set(paths)) == 1
    index = built_index(paths[0]) if one and is_index(paths[0]) else None
    return Catalogue.of(read_sources(paths), index=index)


def read_sources(
    paths: Sequence[Path], *, on_bytes: Callable[[int], None] = lambda _: None
) -> Contents:
    """Read folders, files, archives and built indexes, and merge them by identifier.

    Args:
        paths: the sources, at least one; the kind of each is recognised from its content.
            A path given twice is read once.
        on_bytes: told how many bytes were read since it was last called.

    Returns:
        The jobs in the order in which sources of fiches first name them, then those that only
        a table knows; formations likewise; every conflict found while merging.

    Raises:
        CatalogueError: every problem of every source; nothing is loaded then.
        ValueError: no path.
    """
    if not paths:
        raise ValueError("a catalogue needs at least one source")
    problems: list[Problem] = []
    read: list[_Read] = []
    for path in dict.fromkeys(paths):
        try:
            read.append(_read_index(path) if is_index(path) else _read_path(path, on_bytes))
        except CatalogueError as error:
            problems.extend(error.problems)
    if problems:
        raise CatalogueError(*problems)
    return _merged(read)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one path holds, each record with the rank of its kind (lowest wins)."""

    records: tuple[tuple[int, Record], ...]
    sources: tuple[SourceInfo, ...]
    conflicts: tuple[Conflict, ...] = ()


def _read_index(path: Path) -> _Read:
    contents = read_index(path)
    records: list[Record] = [*contents.fiches, *contents.formations, *contents.appellations]
    return _Read(
        records=tuple((_INDEX_RANK, record) for record in records),
        sources=contents.sources,
        conflicts=contents.conflicts,
    )


def _read_path(path: Path, on_bytes: Callable[[int], None]) -> _Read:
    """Read a folder, an archive or a file; each kind of file in it is a source.

    Raises:
        CatalogueError: all the problems of its files.
    """
    problems: list[Problem] = []
    by_kind: dict[str, _KindRecords] = {}
    notes: tuple[SourceNote, ...] = ()
    try:
        notes = read_notes(path)
    except CatalogueError as error:
        problems.extend(error.problems)
    except OSError as exc:
        raise unreadable(path, exc) from exc
    for file in files_of(path):
        try:
            kind = kind_of(file)
            by_kind.setdefault(kind.name, _KindRecords(kind, notes)).read(file, on_bytes)
        except CatalogueError as error:
            problems.extend(error.problems)
        except OSError as exc:  # it was opened, but the disk or the network fails
            problems.extend(unreadable(file.path, exc).problems)
    problems.extend(problem for group in by_kind.values() for problem in group.duplicates)
    if problems:
        raise CatalogueError(*problems)
    return _Read(
        records=tuple(
            (group.kind.rank, record) for group in by_kind.values() for record in group.records
        ),
        sources=tuple(info for group in by_kind.values() for info in group.sources(path)),
        conflicts=tuple(finding for group in by_kind.values() for finding in group.findings),
    )


class _KindRecords:
    """The records that the files of one kind hold, and where each was first."""

    def __init__(self, kind: SourceKind, notes: tuple[SourceNote, ...]) -> None:
        self.kind = kind
        self._notes = notes
        self.records: list[Record] = []
        self.findings: list[Conflict] = []
        self.duplicates: list[Problem] = []
        self._files: dict[str, Path] = {}

    def read(self, file: SourceFile, on_bytes: Callable[[int], None]) -> None:
        """Add the records of a file; an identifier met before is put among the duplicates.

        Raises:
            CatalogueError: the file cannot be understood.
            OSError: the system gives the file no more.
        """
        read = 0
        with file.open() as stream:
            for record in self.kind.parse(stream, file.path):
                on_bytes(stream.tell() - read)
                read = stream.tell()
                if isinstance(record, Conflict):
                    self.findings.append(record)
                    continue
                identifier = _identifier(record)
                if identifier in self._files:
                    detail = f"{identifier} ({self._files[identifier]})"
                    self.duplicates.append(
                        Problem(path=file.path, key="id_duplicate", field="ID", detail=detail)
                    )
                else:
                    self._files[identifier] = file.path
                    if isinstance(record, Fiche):
                        record = cited(record, file.path.name, self._notes)
                    self.records.append(record)

    def sources(self, path: Path) -> Iterator[SourceInfo]:
        """Yield how the records are cited: one source for each data set among them."""
        counts = Counter(map(self._citation, self.records))
        for (dataset, licence, date), count in counts.items():
            yield SourceInfo(
                name=printable(path).name or str(path),
                kind=self.kind.name,
                dataset=dataset,
                licence=licence,
                date=date,
                records=count,
            )

    def _citation(self, record: Record) -> tuple[str, str, str | None]:
        if isinstance(record, RomeAppellation):
            return self.kind.dataset, self.kind.licence, None
        return record.source.dataset, record.source.licence, record.source.date


def _identifier(record: Record) -> str:
    return record.code if isinstance(record, RomeAppellation) else record.id


def _merged(read: Sequence[_Read]) -> Contents:
    # Tables come last, so that the order of jobs does not depend on where a table was given.
    records = sorted(
        (pair for source in read for pair in source.records),
        key=lambda pair: pair[0] == Rank.TABLE,
    )
    fiches, conflicts = _merged_fiches(records)
    formations, formation_conflicts = merge_formations(
        record for _, record in records if isinstance(record, Formation)
    )
    appellations, rome_conflicts = _merged_appellations(
        record for _, record in records if isinstance(record, RomeAppellation)
    )
    titles = _ids_by_title(fiches)
    known = [conflict for source in read for conflict in source.conflicts]
    found = (*known, *conflicts, *formation_conflicts, *rome_conflicts)
    return Contents(
        fiches=fiches,
        formations=tuple(with_metier_ids(formation, titles) for formation in formations),
        appellations=appellations,
        sources=tuple(info for source in read for info in source.sources),
        conflicts=tuple(dict.fromkeys(found)),
    )


def _merged_appellations(
    records: Iterable[RomeAppellation],
) -> tuple[tuple[RomeAppellation, ...], list[Conflict]]:
    """Keep the first appellation of each code; tell what another edition says differently."""
    by_code: dict[str, RomeAppellation] = {}
    conflicts: list[Conflict] = []
    for record in records:
        kept = by_code.setdefault(record.code, record)
        for name in ("label", "rome_codes"):
            ours, theirs = (_joined(getattr(one, name)) for one in (kept, record))
            if ours != theirs:
                conflicts.append(Conflict(id=record.code, field=name, kept=ours, other=theirs))
    return tuple(by_code.values()), conflicts


def _joined(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else ", ".join(value)


def _merged_fiches(
    records: Iterable[tuple[int, Record]],
) -> tuple[tuple[Fiche, ...], list[Conflict]]:
    """Merge the fiches of each job; jobs that only tables know come last."""
    by_id: defaultdict[MetierId, list[tuple[int, Fiche]]] = defaultdict(list)
    for rank, record in records:
        if isinstance(record, Fiche):
            by_id[record.id].append((rank, record))
    told: list[Fiche] = []
    named: list[Fiche] = []
    conflicts: list[Conflict] = []
    for ranked in by_id.values():
        ranked.sort(key=lambda pair: pair[0])  # stable: the first path wins within a kind
        fiche, found = merge_fiches([fiche for _, fiche in ranked])
        conflicts += found
        (named if ranked[0][0] == Rank.TABLE else told).append(fiche)
    return (*told, *named), conflicts


def _ids_by_title(fiches: Sequence[Fiche]) -> dict[str, MetierId]:
    """Return the jobs by title and other names; a name of two jobs names neither."""
    owners: defaultdict[str, set[MetierId]] = defaultdict(set)
    for fiche in fiches:
        for names in fiche.names():
            owners[title_key(names.name)].add(fiche.id)
    # A title belongs to its fiche even where another fiche has it for other name.
    titled: defaultdict[str, set[MetierId]] = defaultdict(set)
    for fiche in fiches:
        titled[title_key(fiche.name)].add(fiche.id)
    owners.update(titled)
    return {title: min(ids) for title, ids in owners.items() if len(ids) == 1}

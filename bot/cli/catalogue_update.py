"""`balise catalogue update`: downloads the data sets, shows what changes, then builds the index."""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from bot.answers.wording import Wording
from bot.assistant import build_assistant
from bot.catalogue.contents import Contents
from bot.catalogue.datasets import DatasetList, read_datasets
from bot.catalogue.difference import AnswerChange, Difference, as_json, compare, compare_answers
from bot.catalogue.download import Download, Receipt, SystemClock, fetch, open_session
from bot.catalogue.index_file import is_index, read_index, read_receipts, write_index
from bot.catalogue.loading import read_sources
from bot.catalogue.update_report import answer_lines, difference_lines, download_line
from bot.cli.catalogue_import import INDEX_NAME, summary_lines
from bot.cli.french_parser import Subparsers, whole_number
from bot.cli.progress import reading_bar, size_of
from bot.cli.words import command_words
from bot.evaluation.dialogue_file import dialogue_files, read_dialogues
from bot.evaluation.dialogue_player import said_answers
from bot.settings import Settings

__all__ = ["add_parser", "run"]

_DATASETS = "datasets"
_NOT_APPLIED = 1


def add_parser(commands: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue update`."""
    parser = commands.add_parser(
        "update",
        help=wording.say("cli_update_help"),
        description=wording.say("cli_update_description"),
    )
    file = wording.say("cli_file")
    parser.add_argument("--index", type=Path, metavar=file, help=wording.say("cli_index"))
    parser.add_argument(
        "--datasets", type=Path, metavar=file, help=wording.say("cli_update_datasets")
    )
    parser.add_argument(
        "--with", dest="local", action="append", type=Path, default=[],
        metavar=wording.say("cli_source"), help=wording.say("cli_update_with"),
    )  # fmt: skip
    parser.add_argument(
        "--answers", action="append", type=Path, default=[],
        metavar=wording.say("cli_path"), help=wording.say("cli_update_answers"),
    )  # fmt: skip
    parser.add_argument(
        "--most", type=whole_number(wording, low=1, high=10**6), default=20, metavar="N",
        help=wording.say("cli_update_most"),
    )  # fmt: skip
    parser.add_argument("--yes", action="store_true", help=wording.say("cli_update_yes"))
    parser.add_argument("--json", action="store_true", help=wording.say("cli_json"))
    parser.set_defaults(carry_out=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Download, show, ask, build; return 1 when there is something new that was not applied.

    Raises:
        DownloadError: a data set cannot be downloaded.
        CatalogueError: a source cannot be read, or the index cannot be written. In both
            cases the former index and the former files are untouched.
    """
    index = args.index or settings.data / INDEX_NAME
    kept = settings.data / _DATASETS
    kept.mkdir(parents=True, exist_ok=True)
    listed = read_datasets(args.datasets)
    receipts = _receipts(index)
    with tempfile.TemporaryDirectory(prefix=".update-", dir=settings.data) as name:
        staged = Path(name)
        downloads = _download(listed, kept, staged, receipts, args)
        if _is_same(downloads, receipts) and not args.local and is_index(index):
            _print(args, command_words().say("update_nothing"), {"is_empty": True})
            return 0
        sources = [*(download.path for download in downloads), *args.local]
        with reading_bar(command_words().say("import_reading"), size_of(sources)) as advance:
            contents = read_sources(sources, on_bytes=advance)
        # The sources are named as the deployer knows them, not by the number of the data set.
        contents = _named(contents, downloads)
        update = _Update(contents, index, {d.dataset.id: d.receipt for d in downloads})
        if not _shown_and_accepted(update, args, settings, staged):
            return _NOT_APPLIED
        update.apply()
        for download in downloads:
            download.path.replace(kept / download.path.name)
    if not args.json:
        print(*summary_lines(contents, index, command_words()), sep="\n")
    return 0


@dataclasses.dataclass(frozen=True, slots=True)
class _Update:
    """What an update would put in place of an index."""

    contents: Contents
    index: Path
    receipts: Mapping[str, Receipt]

    def difference(self) -> Difference:
        """Compare with what the index holds now."""
        old = read_index(self.index) if is_index(self.index) else Contents()
        return compare(
            old.fiches,
            self.contents.fiches,
            old_formations=old.formations,
            new_formations=self.contents.formations,
        )

    def apply(self) -> None:
        """Write the index."""
        receipts = {name: msgspec.json.encode(receipt) for name, receipt in self.receipts.items()}
        write_index(self.contents, self.index, receipts=receipts)


def _receipts(index: Path) -> dict[str, Receipt]:
    if not is_index(index):
        return {}
    decode = msgspec.json.Decoder(Receipt).decode
    return {name: decode(data) for name, data in read_receipts(index).items()}


def _download(
    listed: DatasetList,
    kept: Path,
    staged: Path,
    receipts: Mapping[str, Receipt],
    args: argparse.Namespace,
) -> list[Download]:
    """Download into a folder of links to the files kept, which are not written to."""
    downloads = []
    words = command_words()
    with open_session() as session:
        for dataset in listed.enabled:
            former = kept / dataset.file_name
            if former.is_file():
                os.link(former, staged / dataset.file_name)
            download = fetch(
                dataset,
                staged,
                receipts.get(dataset.id),
                options=listed.options,
                session=session,
                clock=SystemClock(),
            )
            downloads.append(download)
            if not args.json:
                print(download_line(download, words), flush=True)
    return downloads


def _is_same(downloads: Sequence[Download], receipts: Mapping[str, Receipt]) -> bool:
    return not any(d.changed for d in downloads) and {d.dataset.id for d in downloads} == set(
        receipts
    )


def _named(contents: Contents, downloads: Sequence[Download]) -> Contents:
    names = {download.path.name: download.dataset.name for download in downloads}
    sources = (
        dataclasses.replace(source, name=names.get(source.name, source.name))
        for source in contents.sources
    )
    return dataclasses.replace(contents, sources=tuple(sources))


def _shown_and_accepted(
    update: _Update, args: argparse.Namespace, settings: Settings, scratch: Path
) -> bool:
    """Show what would change, and ask whether to go on (`--yes` answers)."""
    words = command_words()
    difference = update.difference()
    answers = _changed_answers(update, args.answers, settings, scratch) if args.answers else ()
    if args.json:
        changed = [dataclasses.asdict(change) for change in answers]
        print(json.dumps({**as_json(difference), "answers": changed}, ensure_ascii=False, indent=2))
        return bool(args.yes)
    print(*difference_lines(difference, words, most=args.most), sep="\n")
    if args.answers:
        print(*answer_lines(answers, words, most=args.most), sep="\n")
    if args.yes:
        return True
    if not sys.stdin.isatty():
        print(words.say("update_not_applied"))
        return False
    accepted = input(words.say("update_question")).strip().casefold()
    if accepted in words.say("update_accepting").split():
        return True
    print(words.say("update_refused"))
    return False


def _changed_answers(
    update: _Update, paths: Sequence[Path], settings: Settings, scratch: Path
) -> tuple[AnswerChange, ...]:
    """Play the dialogues with the former index and with the new one."""
    after = dataclasses.replace(update, index=scratch / INDEX_NAME)
    after.apply()
    plays: list[dict[tuple[str, int], str]] = []
    for index in (update.index, after.index):
        if not is_index(index):
            plays.append({})
            continue
        chosen = dataclasses.replace(settings, catalogue=(index,), state=None)
        assistant = build_assistant(chosen)
        try:
            dialogues = [d for path in dialogue_files(paths) for d in read_dialogues(path)]
            plays.append(said_answers(dialogues, assistant))
        finally:
            assistant.close()
    return compare_answers(plays[0], plays[1])


def _print(args: argparse.Namespace, line: str, value: object) -> None:
    print(json.dumps(value, ensure_ascii=False) if args.json else line)

"""`balise test`: plays dialogue files."""

from __future__ import annotations

import argparse
import dataclasses
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.answers.wording import Wording
from bot.assistant import Assistant, build_assistant
from bot.cli.coverage_table import coverage_lines
from bot.cli.french_parser import Subparsers
from bot.cli.words import command_words
from bot.errors import FileError, Problem
from bot.evaluation.dialogue_coverage import checked_questions
from bot.evaluation.dialogue_file import (
    DEFAULT_CATALOGUE,
    Dialogue,
    dialogue_files,
    read_dialogues,
)
from bot.evaluation.dialogue_player import (
    Difference,
    PlayedDialogue,
    TurnFailure,
    play_dialogue,
)
from bot.evaluation.dialogue_update import left_to_a_person, updates_of
from bot.evaluation.junit import junit_xml
from bot.settings import Settings, packaged_folder

__all__ = ["add_parser", "run"]

_DIALOGUES = Path("tests/cases/dialogues")
# The differences that have a sentence of their own.
_OWN_WORDS = ("contains", "not_contains", "press", "error")


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise test`."""
    parser = subparsers.add_parser(
        "test", help=wording.say("cli_test_help"), description=wording.say("cli_test_description")
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar=wording.say("cli_path"),
        help=wording.say("cli_test_paths"),
    )  # fmt: skip
    parser.add_argument(
        "--named", action="append", type=_named(wording), default=[],
        metavar=wording.say("cli_named_catalogue"),
        help=wording.say("cli_test_named", separator=os.pathsep),
    )  # fmt: skip
    parser.add_argument("--update", action="store_true", help=wording.say("cli_test_update"))
    parser.add_argument("--coverage", action="store_true", help=wording.say("cli_test_coverage"))
    parser.add_argument(
        "--junit", type=Path, metavar=wording.say("cli_file"), help=wording.say("cli_test_junit")
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Play the dialogues, print the failing turns; return 1 on a failure or if none was played.

    Raises:
        FileError: a dialogue file is wrong, or one to be written (JUnit, updated) cannot be.
    """
    words = command_words()
    dialogues = _read(args.paths or [_DIALOGUES])
    catalogues = {
        DEFAULT_CATALOGUE: settings.catalogue,
        "seed": (packaged_folder("seeds"),),
        **_merged(args.named),
    }
    playable = [d for d in dialogues if d.catalogue in catalogues]
    unplayed = [d for d in dialogues if d.catalogue not in catalogues]
    with _assistants([catalogues[d.catalogue] for d in playable], settings) as assistants:
        played = [
            play_dialogue(d, assistants[catalogues[d.catalogue]], sender=f"test-{number}")
            for number, d in enumerate(playable)
        ]
        names = _names(assistants.values()) if args.coverage else {}
    if args.update:
        played = _updated(played, words)
    for one in played:
        if not one.is_right:
            print(*_failure_lines(one, words), "", sep="\n")
    for dialogue in unplayed:
        print(_unplayed_line(dialogue, words))
    if args.update and not all(one.is_right for one in played):
        print(words.say("test_left"), end="\n\n")
    if args.coverage:
        print(*coverage_lines(checked_questions(played), names, words), "", sep="\n")
    print(_summary(played, unplayed, words))
    if args.junit:
        _write_junit(args.junit, played, unplayed, words)
    return 0 if played and all(one.is_right for one in played) else 1


def _named(wording: Wording) -> Callable[[str], tuple[str, tuple[Path, ...]]]:
    def read(text: str) -> tuple[str, tuple[Path, ...]]:
        name, _, joined = text.partition("=")
        paths = tuple(Path(part) for part in joined.split(os.pathsep) if part)
        if not name or not paths:
            raise argparse.ArgumentTypeError(wording.say("cli_bad_named", found=text))
        return name, paths

    return read


def _merged(named: Sequence[tuple[str, tuple[Path, ...]]]) -> dict[str, tuple[Path, ...]]:
    merged: dict[str, tuple[Path, ...]] = {}
    for name, paths in named:
        merged[name] = (*merged.get(name, ()), *paths)
    return merged


def _read(paths: Sequence[Path]) -> list[Dialogue]:
    dialogues: list[Dialogue] = []
    problems: list[Problem] = []
    for path in dialogue_files(paths):
        try:
            dialogues += read_dialogues(path)
        except FileError as error:
            problems.extend(error.problems)
    if problems:
        raise FileError(*problems)
    return dialogues


@contextmanager
def _assistants(
    catalogues: Iterable[tuple[Path, ...]], settings: Settings
) -> Iterator[dict[tuple[Path, ...], Assistant]]:
    """Build one assistant per set of sources; they keep nothing of what they hear."""
    built: dict[tuple[Path, ...], Assistant] = {}
    try:
        for sources in dict.fromkeys(catalogues):
            own = dataclasses.replace(settings, catalogue=sources, state=None)
            built[sources] = build_assistant(own)
        yield built
    finally:
        for assistant in built.values():
            assistant.close()


def _names(assistants: Iterable[Assistant]) -> dict[str, str]:
    """The jobs that the assistants know, by id."""
    return {fiche.id: fiche.name for assistant in assistants for fiche in assistant.catalogue}


def _updated(played: Sequence[PlayedDialogue], words: Wording) -> list[PlayedDialogue]:
    """Show then write what changes in the files; return the dialogues as they are after that."""
    for update in updates_of(played):
        print(*update.diff(), sep="\n", flush=True)
        update.write()
        print(words.say("test_updated", path=update.path, count=update.count), end="\n\n")
    return [left_to_a_person(one) for one in played]


def _failure_lines(played: PlayedDialogue, words: Wording) -> list[str]:
    d = played.dialogue
    lines = [words.say("test_failed", path=d.path, line=d.line, name=d.name)]
    for failure in played.failures:
        lines += [f"  {line}" for line in _turn_lines(failure, words)]
    if played.unplayed:
        lines.append("  " + words.say("test_not_reached", count=played.unplayed))
    return lines


def _turn_lines(failure: TurnFailure, words: Wording) -> Iterator[str]:
    turn = failure.turn
    key = "test_turn_press" if turn.is_press else "test_turn_user"
    yield words.say(key, number=failure.number, line=turn.line, text=turn.text)
    for difference in failure.differences:
        yield "  " + _difference(difference, words)
    answer = failure.answer
    if answer is not None:
        said = words.say(
            "test_said", kind=answer.kind.value, intent=answer.intent, text=answer.text
        )
        yield from (f"  {line}" for line in said.split("\n"))


def _difference(difference: Difference, words: Wording) -> str:
    key = f"test_{difference.key}" if difference.key in _OWN_WORDS else "test_difference"
    return words.say(key, what=difference.key, expected=difference.expected, found=difference.found)


def _unplayed_line(dialogue: Dialogue, words: Wording) -> str:
    return words.say(
        "test_unplayed",
        path=dialogue.path,
        line=dialogue.line,
        name=dialogue.name,
        catalogue=dialogue.catalogue,
    )


def _summary(played: Sequence[PlayedDialogue], unplayed: Sequence[Dialogue], words: Wording) -> str:
    right = sum(one.is_right for one in played)
    summary = words.say(
        "test_summary",
        total=len(played) + len(unplayed),
        right=right,
        failed=len(played) - right,
        unplayed=len(unplayed),
    )
    return summary if played else f"{summary}\n{words.say('test_nothing_played')}"


def _write_junit(
    path: Path, played: Sequence[PlayedDialogue], unplayed: Sequence[Dialogue], words: Wording
) -> None:
    document = junit_xml(
        played,
        unplayed,
        failure_lines=lambda one: _failure_lines(one, words),
        unplayed_line=lambda dialogue: _unplayed_line(dialogue, words),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document)
    except OSError as error:
        raise FileError(Problem(path=path, key="not_writable", detail=str(error))) from error

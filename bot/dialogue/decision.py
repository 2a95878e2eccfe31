"""What is to be done about an utterance."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.understanding.interpretation import EntityMention

__all__ = [
    "AskClarification",
    "AskMetier",
    "Decision",
    "Fallback",
    "RunAction",
    "StayQuiet",
    "UnknownMetier",
]

Arguments = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunAction:
    """Answer `action` (an intent's name) about `metiers`, with the other entities said.

    `also` is a second question, to be offered. `otherwise` is what to do when no sentence of the
    fiche answers a free question; None to say so. `text` is what was typed, empty when a button
    was pressed; `words` are its normalised words, entities replaced by their type, and
    `mentions` its entities with their places in it.
    """

    action: str
    metiers: tuple[str, ...] = ()
    arguments: Arguments = ()
    also: str | None = None
    otherwise: Decision | None = None
    words: tuple[str, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)
    mentions: tuple[EntityMention, ...] = field(default=(), repr=False, compare=False)

    def argument(self, name: str) -> str | None:
        """The first value of an argument, or None."""
        return next((value for key, value in self.arguments if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of an argument, in the order said."""
        return tuple(value for key, value in self.arguments if key == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskClarification:
    """Ask which of `candidates` (best first) `mention` names, in order to answer `asked`.

    The metiers of `asked` are those known already, to be compared with the one chosen. `mention`
    is empty when the candidates were proposed before.
    """

    asked: RunAction
    candidates: tuple[str, ...]
    mention: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskMetier:
    """Ask which job is meant: the question needs one and none is known."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownMetier:
    """Say that `mention` is not in the catalogue; propose `candidates` where names are close.

    `metiers`: the jobs that it was to be compared with.
    """

    action: str
    mention: str
    candidates: tuple[str, ...] = ()
    metiers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """Say that the utterance was not understood.

    `guesses`: the likeliest questions, offered once (first stage); empty when there is nothing
    to offer. `stage`: 1, then more for further misses in a row: help and the human route.
    `is_foreign`: it is in another language than French.
    """

    stage: int
    intent: str = "hors_sujet"
    guesses: tuple[str, ...] = ()
    metier: str | None = None
    is_foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StayQuiet:
    """Answer `intent` gently and without a word of jobs: distress was heard not long ago.

    `is_sure`: the intent is; otherwise it is only a guess.
    """

    intent: str
    is_sure: bool = True


Decision = RunAction | AskClarification | AskMetier | UnknownMetier | Fallback | StayQuiet

"""`balise catalogue search WORDS…`: the jobs that answer words and criteria, best first."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

from bot.answers.wording import Wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.criteria import Criteria
from bot.catalogue.fiche import Fiche
from bot.catalogue.loading import load_catalogue
from bot.catalogue.niveaux import niveau_rank
from bot.catalogue.search import Search, SearchResult
from bot.cli.catalogue_lookup import Ways, close_labels, find_labels
from bot.cli.french_parser import Subparsers, whole_number
from bot.cli.text_layout import Screen, grouped, screen_of, shortened, wrapped
from bot.cli.words import command_words
from bot.settings import Settings
from bot.understanding.building import thesaurus_from
from bot.understanding.training_data import Lexicon, read_lexicon

__all__ = ["add_parser", "run"]

_USAGE, _NOTHING = 2, 3
_LIMIT, _MOST = 20, 10_000
_LAST_YEAR = 9
# Options that take labels: the field of `Criteria` is also the file of intents/synonyms/.
_LABELS = {"statut": "statuts", "interet": "centres_interet", "domaine": "domaines"}
_SENTENCE = re.compile(r".{60,}?[.!?…](?=\s|$)", re.DOTALL)


def add_parser(commands: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue search WORDS…`."""
    parser = commands.add_parser(
        "search",
        help=wording.say("cli_catalogue_search_help"),
        description=wording.say("cli_catalogue_search_description"),
    )
    label = wording.say("cli_label")
    parser.add_argument(
        "words", nargs="*", metavar=wording.say("cli_words"),
        help=wording.say("cli_catalogue_search_words"),
    )  # fmt: skip
    parser.add_argument(
        "--niveau", metavar=wording.say("cli_niveau"),
        help=wording.say("cli_catalogue_search_niveau"),
    )  # fmt: skip
    parser.add_argument(
        "--exact", action="store_true", help=wording.say("cli_catalogue_search_exact")
    )
    for name in _LABELS:
        parser.add_argument(
            f"--{name}", action="append", default=[], metavar=label,
            help=wording.say(f"cli_catalogue_search_{name}"),
        )  # fmt: skip
    parser.add_argument(
        "--limit", type=whole_number(wording, low=1, high=_MOST), default=_LIMIT, metavar="N",
        help=wording.say("cli_catalogue_search_limit", count=_LIMIT),
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help=wording.say("cli_json"))
    parser.set_defaults(carry_out=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Search and print what is found; return 3 when nothing is, 2 when a criterion is unknown.

    Raises:
        CatalogueError: a source cannot be read.
        IntentsError: a file of `intents/` is wrong: the thesaurus is there.
    """
    words = command_words()
    catalogue = load_catalogue(settings.catalogue)
    lexicon = read_lexicon(settings.intents)
    problems: list[str] = []
    criteria = _criteria(args, catalogue, lexicon, problems, words)
    said = " ".join(args.words)
    if not said.strip() and not criteria and not problems:
        problems.append(words.say("search_cli_empty"))
    if args.exact and args.niveau is None:
        problems.append(words.say("search_cli_exact_alone"))
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        return _USAGE
    with closing(Search(catalogue, thesaurus_from(lexicon))) as search:
        means = not said.strip() or search.says_something(said)
        # Words that say nothing would otherwise find every job.
        nothing = not means and not criteria
        result = SearchResult(metiers=(), exact=0) if nothing else search.find(criteria, said)
    found = _Found(said, criteria, result, catalogue, args.limit)
    if args.json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        if not means:
            print(words.say("search_cli_meaningless", words=said), file=sys.stderr)
        print(*_lines(found, words, screen_of(sys.stdout)), sep="\n")
    return 0 if result.metiers else _NOTHING


@dataclass(frozen=True, slots=True)
class _Found:
    """What was asked and what was found."""

    words: str
    criteria: Criteria
    result: SearchResult
    catalogue: Catalogue
    limit: int

    def ranked(self) -> Iterator[tuple[int, Fiche]]:
        """Yield the fiches to show, with their rank from 1."""
        for rank, metier in enumerate(self.result.metiers[: self.limit], 1):
            yield rank, self.catalogue[metier]


def _criteria(
    args: argparse.Namespace,
    catalogue: Catalogue,
    lexicon: Lexicon,
    problems: list[str],
    words: Wording,
) -> Criteria:
    """Read the options; what cannot be understood is added to the problems."""
    labels: dict[str, tuple[str, ...]] = {}
    for option, field in _LABELS.items():
        ways = _ways(field, catalogue, lexicon)
        found: list[str] = []
        for asked in getattr(args, option):
            known = find_labels(asked, ways)
            found += known
            if not known:
                problems += _unknown(option, asked, close_labels(asked, ways), words)
        labels[field] = tuple(dict.fromkeys(found))
    niveau = None if args.niveau is None else _niveau(args.niveau, lexicon, problems, words)
    rule = "equal" if args.exact else "max"
    return Criteria(niveau=niveau, niveau_rule=rule, **labels)


def _ways(field: str, catalogue: Catalogue, lexicon: Lexicon) -> Ways:
    """Return the labels of the catalogue and of `intents/`, with the ways of saying them."""
    ways: dict[str, Sequence[str]] = dict(lexicon.synonyms.get(field, {}))
    for fiche in catalogue:
        for label in _labels_of(fiche, field):
            ways.setdefault(label, ())
    return ways


def _labels_of(fiche: Fiche, field: str) -> Iterator[str]:
    if field != "domaines":
        yield from getattr(fiche, field)
        return
    for domaine in fiche.domaines:
        yield domaine.domaine
        if domaine.sous_domaine:
            yield domaine.sous_domaine
    yield from fiche.secteurs


def _niveau(asked: str, lexicon: Lexicon, problems: list[str], words: Wording) -> str | None:
    if niveau_rank(asked) is not None:
        return asked
    ways: dict[str, Sequence[str]] = {f"bac+{years}": () for years in range(1, _LAST_YEAR + 1)}
    ways |= lexicon.synonyms.get("niveaux", {})
    found = find_labels(asked, ways)
    if not found:
        problems += _unknown("niveau", asked, close_labels(asked, ways), words)
    return found[0] if found else None


def _unknown(option: str, asked: str, close: Sequence[str], words: Wording) -> list[str]:
    """Say that a value is not known, and what is close to it or, failing that, what to try."""
    shown = " ; ".join(label.replace("_", " ") for label in close)
    key = "search_cli_unknown_close" if close else "search_cli_unknown"
    return [words.say(key, option=f"--{option}", asked=asked, close=shown)]


def _lines(found: _Found, words: Wording, screen: Screen) -> list[str]:
    result, total = found.result, len(found.result.metiers)
    lines = [words.say("search_cli_asked", asked=_spoken(found, words))]
    lines += _summary(found, words)
    width = len(str(min(found.limit, total)))
    for rank, fiche in found.ranked():
        if rank == 1 or rank == result.exact + 1:
            lines.append("")
        if rank == result.exact + 1:
            lines.append(screen.style.strong(words.say("search_cli_near_title")))
        lines += _result(rank, width, fiche, screen)
    if total > found.limit:
        cut = words.say("search_cli_cut", shown=found.limit, total=grouped(total))
        lines += ["", screen.style.faint(cut)]
    return [line for text in lines for line in (wrapped(text, None) or [""])]


def _summary(found: _Found, words: Wording) -> list[str]:
    """Say how many jobs meet every criterion, and how many come near."""
    exact, near = found.result.exact, len(found.result.metiers) - found.result.exact
    if not exact and not near:
        untold = sum(not (f.presentation or f.summary) for f in found.catalogue)
        lines = [words.say("search_cli_nothing")]
        lines += [words.say("search_cli_untold", count=grouped(untold))] if untold else []
        return [*lines, *_never_given(found, words)]
    key = (
        f"search_cli_meeting_{_number(exact)}"
        if found.criteria
        else f"search_cli_answering_{_number(exact)}"
    )
    lines = [words.say(key, count=grouped(exact))]
    if near:
        lines.append(words.say(f"search_cli_near_{_number(near)}", count=grouped(near)))
    return [*lines, *_never_given(found, words)]


def _never_given(found: _Found, words: Wording) -> Iterator[str]:
    """Yield the criteria that no job of the catalogue could meet, for want of data."""
    for option, field in _LABELS.items():
        asked = getattr(found.criteria, field)
        if asked and not any(any(_labels_of(fiche, field)) for fiche in found.catalogue):
            yield words.say("search_cli_never_given", option=f"--{option}")


def _number(count: int) -> str:
    return {0: "none", 1: "one"}.get(count, "many")


def _result(rank: int, width: int, fiche: Fiche, screen: Screen) -> list[str]:
    head = f"{rank:>{width}}  {fiche.id}  {screen.style.strong(screen.style.text(fiche.name))}"
    head += f" – {fiche.niveau_min}" if fiche.niveau_min else ""
    snippet = screen.style.text(_snippet(fiche))
    margin = " " * (width + 2)
    room = None if screen.width is None else screen.width - len(margin)
    return [head, *([margin + screen.style.faint(shortened(snippet, room))] if snippet else [])]


def _snippet(fiche: Fiche) -> str:
    """Return the first sentence of the presentation, or of the summary."""
    section = fiche.presentation or fiche.summary
    paragraphs = section.paragraphs if section else ()
    text = " ".join(paragraphs[0].split()) if paragraphs else ""
    match = _SENTENCE.match(text)
    return match[0] if match else text


def _spoken(found: _Found, words: Wording) -> str:
    """Say what was asked: the words, then each criterion."""
    criteria = found.criteria
    parts = [words.say("search_cli_words", words=found.words)] if found.words.strip() else []
    if criteria.niveau:
        niveau = criteria.niveau.replace("+", " + ").replace("_", " ").replace("cap", "CAP")
        key = f"search_cli_niveau_{criteria.niveau_rule}"
        parts.append(words.say(key, niveau=" ".join(niveau.split())))
    for option, field in _LABELS.items():
        labels = getattr(criteria, field)
        if labels:
            either = f" {words.say('search_cli_or')} ".join(f"« {label} »" for label in labels)
            parts.append(words.say(f"search_cli_{option}", labels=either))
    return " ; ".join(parts)


def _as_json(found: _Found) -> Mapping[str, object]:
    """Return the results as JSON values; `exact` says whether a job meets every criterion."""
    result = found.result
    return {
        "words": found.words,
        "criteria": asdict(found.criteria),
        "total": len(result.metiers),
        "exact": result.exact,
        "near": len(result.metiers) - result.exact,
        "results": [
            {
                "rank": rank,
                "id": fiche.id,
                "name": fiche.name,
                "niveau_min": fiche.niveau_min,
                "snippet": _snippet(fiche),
                "exact": rank <= result.exact,
            }
            for rank, fiche in found.ranked()
        ],
    }

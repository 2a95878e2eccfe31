"""`balise catalogue`: what the catalogue holds (`stats`), and one fiche (`show ID`)."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from bot.answers.wording import Wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Fiche, Section
from bot.catalogue.loading import load_catalogue
from bot.cli.french_parser import Subparsers
from bot.cli.words import command_words
from bot.errors import ConfigurationError
from bot.settings import Settings

__all__ = ["add_parser", "run", "statistics"]

# The fields of a fiche that a source may lack, in the order of the fiche.
_FIELDS = (
    "other_names", "rome_codes", "presentation", "summary", "study_paths", "nature", "skills",
    "conditions", "salary", "job_market", "access", "niveau_min", "formations", "statuts",
    "centres_interet", "domaines", "keywords",
)  # fmt: skip


def add_parser(subparsers: Subparsers, wording: Wording) -> None:
    """Declare `balise catalogue stats` and `balise catalogue show ID`."""
    parser = subparsers.add_parser(
        "catalogue",
        help=wording.say("cli_catalogue_help"),
        description=wording.say("cli_catalogue_description"),
    )
    commands = parser.add_subparsers(dest="catalogue_command", required=True)
    stats = commands.add_parser("stats", help=wording.say("cli_catalogue_stats_help"))
    show = commands.add_parser("show", help=wording.say("cli_catalogue_show_help"))
    show.add_argument("id", metavar="ID", help=wording.say("cli_catalogue_show_id"))
    for command, act in ((stats, _stats), (show, _show)):
        command.add_argument("--json", action="store_true", help=wording.say("cli_json"))
        command.set_defaults(act=act)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Load the catalogue and print what is asked of it.

    Raises:
        CatalogueError: a source cannot be read.
        ConfigurationError: no fiche has the identifier given.
    """
    act: Callable[[argparse.Namespace, Catalogue], None] = args.act
    act(args, load_catalogue(settings.catalogue))
    return 0


def statistics(catalogue: Catalogue) -> dict[str, object]:
    """Count what the catalogue holds, as JSON values; the most frequent first."""
    fiches = tuple(catalogue)
    return {
        "fiches": len(fiches),
        "sources": _counted(
            f"{f.source.dataset} ({f.source.licence}) {f.source.date or ''}".strip() for f in fiches
        ),
        "champs": {name: sum(bool(getattr(f, name)) for f in fiches) for name in _FIELDS},
        "formations": len(catalogue.metiers_by_formation),
        "niveaux": _counted(f.niveau_min for f in fiches if f.niveau_min),
        "statuts": _counted(statut for f in fiches for statut in f.statuts),
        "centres_interet": _counted(label for f in fiches for label in f.centres_interet),
        "domaines": _counted(domaine.domaine for f in fiches for domaine in f.domaines),
    }


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(Counter(values).most_common())


def _stats(args: argparse.Namespace, catalogue: Catalogue) -> None:
    found = statistics(catalogue)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    words = command_words()
    for name, value in found.items():
        title = words.say(f"stats_{name}")
        if not isinstance(value, Mapping):
            print(f"{title} : {value}")
        elif value:
            print(f"\n{title}")
            labels = {key: _label(key, words) if name == "champs" else key for key in value}
            print(*(f"{count:>6}  {labels[key]}" for key, count in value.items()), sep="\n")


def _show(args: argparse.Namespace, catalogue: Catalogue) -> None:
    fiche = catalogue.get(args.id.strip().upper())
    if fiche is None:
        raise ConfigurationError("unknown_fiche", args.id)
    if args.json:
        print(json.dumps(dataclasses.asdict(fiche), ensure_ascii=False, indent=2))
        return
    words = command_words()
    print(f"{fiche.name}\n{fiche.id}")
    for name in ("feminine", "masculine"):
        form = getattr(fiche.title, name)
        if form:
            print(f"{_label(name, words)} : {form}")
    for name in _FIELDS:
        for line in _field(fiche, name, words):
            print(line)
    source = fiche.source
    print(f"\n{source.dataset} ({source.licence}) {source.date or ''}\n{source.url}")


def _field(fiche: Fiche, name: str, words: Wording) -> list[str]:
    value = getattr(fiche, name)
    if not value:
        return []
    label = _label(name, words)
    if isinstance(value, str):
        return [f"{label} : {value}"]
    if isinstance(value, Section):
        return ["", label, value.text]
    return ["", label, *(f"- {text}" for text in _items(fiche, name))]


def _items(fiche: Fiche, name: str) -> list[str]:
    if name == "study_paths":
        return [f"{path.entry} : {path.text}" if path.entry else path.text
                for path in fiche.study_paths]  # fmt: skip
    if name == "formations":
        return [f"{link.label} ({link.id})" if link.id else link.label for link in fiche.formations]
    if name == "domaines":
        return [" / ".join(filter(None, (d.domaine, d.sous_domaine))) for d in fiche.domaines]
    if name == "other_names":
        return [" / ".join(names.forms()) for names in fiche.other_names]
    return [str(item) for item in getattr(fiche, name)]


def _label(name: str, words: Wording) -> str:
    return words.say(f"label_field_{name}")

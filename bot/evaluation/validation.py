"""Checks `intents/` and the catalogue, and collects every finding before it speaks.

The checks are in `bot.evaluation.checks`, by theme. Nothing is trained unless the variants are
asked for: an editor who has just changed a line gets the answer at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from bot.answers.wording import read_wording
from bot.catalogue.catalogue import Catalogue
from bot.catalogue.finding import Severity
from bot.catalogue.loading import load_catalogue
from bot.catalogue.validation import check_catalogue
from bot.errors import FileError, Problem
from bot.evaluation.checks.annotations import check_annotations
from bot.evaluation.checks.examples import check_examples
from bot.evaluation.checks.finding import Finding, error, notice
from bot.evaluation.checks.form_of_address import check_address
from bot.evaluation.checks.intents_folder import IntentsFolder, read_folder
from bot.evaluation.checks.lexicon import check_lexicon
from bot.evaluation.checks.links import check_ids, check_links
from bot.evaluation.checks.response_usage import ResponseUsage, read_usage
from bot.evaluation.checks.responses import check_answers, check_buttons, check_responses
from bot.evaluation.checks.rules import check_rules
from bot.evaluation.checks.shape import check_shape
from bot.evaluation.checks.variants import check_variants
from bot.evaluation.referral_checks import check_referrals
from bot.settings import Settings
from bot.understanding.building import build_interpreter

__all__ = ["Finding", "validate"]

_CLOSED_LISTS = ("statuts", "centres_interet", "domaines")
_CODE = Path(__file__).resolve().parents[2]
_T = TypeVar("_T")


def validate(settings: Settings, *, with_variants: bool = False) -> tuple[Finding, ...]:
    """Check the catalogue and `intents/`.

    Args:
        settings: where they are.
        with_variants: also say examples otherwise, to see whether they keep their intent; the
            model is trained if it is not in the cache.

    Returns:
        The errors first, then what is worth knowing; each in the order of the checks.
    """
    folder, problems = read_folder(settings.intents)
    wrong = list(problems)
    catalogue = _tried(wrong, lambda: load_catalogue(settings.catalogue))
    wording = _tried(wrong, lambda: read_wording(settings.intents))
    usage = _usage_of_code()
    wrong += check_referrals(settings.intents, today=date.today())
    found = [Finding(problem=problem) for problem in wrong]
    found += check_shape(folder)
    found += check_examples(folder)
    found += check_annotations(folder)
    found += check_rules(folder)
    found += check_lexicon(folder)
    found += check_ids(folder)
    found += check_buttons(folder, usage)
    found += check_address(folder.path)
    if wording is not None:
        found += check_responses(wording, usage, folder)
    # What follows runs on `intents/` as a whole, which must be right.
    is_right = not any(finding.is_error for finding in found)
    if catalogue is not None:
        found += check_links(folder, catalogue)
    if catalogue is not None and wording is not None and is_right:
        found += check_answers(folder, usage, catalogue, wording)
        found += _check_fiches(catalogue, folder, settings.catalogue[0])
        if with_variants:
            cache = settings.cache
            interpreter = build_interpreter(settings.intents, catalogue, cache=cache)
            found += check_variants(folder, interpreter)
    return tuple(sorted(dict.fromkeys(found), key=lambda finding: not finding.is_error))


@lru_cache(maxsize=1)
def _usage_of_code() -> ResponseUsage:
    return read_usage([_CODE / "bot", _CODE / "webhook"])


def _tried(wrong: list[Problem], read: Callable[[], _T]) -> _T | None:
    try:
        return read()
    except FileError as failure:
        wrong.extend(failure.problems)
        return None


def _check_fiches(catalogue: Catalogue, folder: IntentsFolder, source: Path) -> Iterator[Finding]:
    """Count the errors and the warnings about the fiches; `catalogue validate` lists them."""
    synonyms = folder.lexicon.synonyms
    labels = {name: tuple(synonyms[name]) for name in _CLOSED_LISTS if name in synonyms}
    counts = Counter(one.severity for one in check_catalogue(catalogue, labels=labels))
    if counts[Severity.ERROR]:
        yield error("catalogue_errors", source, detail=str(counts[Severity.ERROR]))
    if counts[Severity.WARNING]:
        yield notice("catalogue_warnings", source, detail=str(counts[Severity.WARNING]))

"""Jobs side by side: what tells them apart first, then what they share; or one field of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.answers.answer import Answer, AnswerKind, Button, Card, Fact
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import open_button
from bot.answers.job_facts import FACTS, monthly_pay
from bot.answers.orientation import human_route
from bot.answers.ranking import rank_by
from bot.answers.several_sources import source_lines
from bot.catalogue.fiche import Fiche
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun, ClarificationAsked

__all__ = ["about_several", "compare"]

_MOST = 4
_ROWS = ("niveau_acces", "duree_etudes", "formations", "statuts", "salaire", "centres_interet")
# What tells whom a job suits.
_SUITS = ("centres_interet", "competences", "conditions_travail")
# Of long lists, how many values are read; a table on screen holds a few more.
_MOST_SAID = 3
_MOST_SHARED = 2
_MOST_IN_CARD = 5
_LISTS = frozenset({"formations", "centres_interet"})
# Fields whose sentences are the fiche's own.
_QUOTED = frozenset({"presentation", "competences", "conditions_travail", "debouches"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One field of each job: what is its own, and what all have."""

    field: str
    values: tuple[tuple[str, ...], ...]

    @property
    def shared(self) -> tuple[str, ...]:
        """The values that every job has, in the order of the first."""
        return tuple(v for v in self.values[0] if all(v in other for other in self.values))

    @property
    def is_long(self) -> bool:
        """Whether only what is a job's own is worth saying of it."""
        return self.differs and any(len(values) > _MOST_SAID for values in self.values)

    @property
    def differs(self) -> bool:
        """Whether the field tells the jobs apart."""
        return len(set(map(frozenset, self.values))) > 1


def compare(decision: RunAction, context: AnswerContext) -> Outcome:
    """Put two to four jobs side by side; with fewer, ask for another."""
    distinct = tuple(dict.fromkeys(decision.metiers))
    fiches = context.fiches(distinct)
    criterion = decision.argument("critere")
    if criterion in ("le_mieux_paye", "le_plus_court", "le_plus_long"):
        several = fiches if len(fiches) > 1 else context.fiches(context.tracker.several)
        if len(several) > 1:
            return rank_by(criterion, several, context)
    if len(fiches) < 2:
        return _ask_for_another(fiches, decision, context)
    if criterion is not None and criterion in FACTS:
        return _one_field(criterion, fiches[:_MOST], decision, context)
    if criterion == "me_convient":
        return _whom_it_suits(fiches[:_MOST], decision, context)
    return _side_by_side(fiches, context)


def about_several(decision: RunAction, context: AnswerContext) -> Outcome:
    """Answer one question about each of several jobs."""
    fiches = context.fiches(tuple(dict.fromkeys(decision.metiers)))[:_MOST]
    return _one_field(decision.action, fiches, decision, context)


def _one_field(
    field: str, fiches: Sequence[Fiche], decision: RunAction, context: AnswerContext
) -> Outcome:
    row = _row(field, fiches, context)
    lines = [_row_lines(row, fiches, context), source_lines(fiches, context)]
    told = any(row.values)
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text="\n\n".join(lines),
        buttons=tuple(map(open_button, fiches)),
        metiers=tuple(fiche.id for fiche in fiches),
        fields=(row.field,) if told else (),
        missing=() if told else (row.field,),
        sources=tuple(map(cite, fiches)),
        cards=_cards(fiches, [row], context),
    )
    run = ActionRun(action=decision.action, metiers=answer.metiers, arguments=decision.arguments)
    return Outcome(answer=answer, events=(run,))


def _side_by_side(fiches: Sequence[Fiche], context: AnswerContext) -> Outcome:
    shown = fiches[:_MOST]
    rows = [_row(field, shown, context) for field in _ROWS]
    rows = sorted((row for row in rows if any(row.values)), key=lambda row: not row.differs)
    lines = [context.say("compare_intro", names=_names(shown, context))]
    if len(fiches) > _MOST:
        lines.insert(0, context.say("compare_at_most_four"))
    lines += [_row_lines(row, shown, context) for row in rows if row.differs]
    lines += list(_in_common(rows, context))
    lines.append(source_lines(shown, context))
    return _answered(shown, rows, lines, (), context)


def _names(fiches: Sequence[Fiche], context: AnswerContext) -> str:
    *first, last = (f"**{context.name(fiche)}**" for fiche in fiches)
    return context.say("compare_names", first=", ".join(first), last=last)


def _whom_it_suits(fiches: Sequence[Fiche], decision: RunAction, context: AnswerContext) -> Outcome:
    """Say whom each job suits, without choosing for the person."""
    rows = [_row(field, fiches, context) for field in _SUITS]
    lines = [context.say("suits_intro")]
    for place, fiche in enumerate(fiches):
        facts = "\n".join(
            f"- {context.say(f'label_{row.field}')} : {_all(row, place, context)}" for row in rows
        )
        lines.append(f"**{context.name(fiche)}**\n{facts}")
    lines += [context.say("suits_end", person=human_route(context)), source_lines(fiches, context)]
    return _answered(fiches, rows, lines, decision.arguments, context)


def _answered(
    fiches: Sequence[Fiche],
    rows: Sequence[_Row],
    lines: Sequence[str],
    arguments: tuple[tuple[str, str], ...],
    context: AnswerContext,
) -> Outcome:
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent="comparer",
        text="\n\n".join(lines),
        buttons=_buttons(fiches, arguments, context),
        metiers=tuple(fiche.id for fiche in fiches),
        fields=tuple(row.field for row in rows),
        sources=tuple(map(cite, fiches)),
        cards=_cards(fiches, rows, context),
    )
    run = ActionRun(action="comparer", metiers=answer.metiers, arguments=arguments)
    return Outcome(answer=answer, events=(run,))


def _row(field: str, fiches: Sequence[Fiche], context: AnswerContext) -> _Row:
    pays = {pay.euros if (pay := monthly_pay(fiche)) else None for fiche in fiches}
    if field == "salaire" and len(pays) == 1 and None not in pays:
        # The same pay in other words tells nothing apart.
        same = context.say("pay_at_first", euros=f"{pays.pop():,}".replace(",", "\u202f"))
        return _Row(field=field, values=((same,),) * len(fiches))
    return _Row(field=field, values=tuple(FACTS[field](fiche, context) for fiche in fiches))


def _row_lines(row: _Row, fiches: Sequence[Fiche], context: AnswerContext) -> str:
    said = (
        f"- {context.name(fiche)} : {_said(row, place, context)}"
        for place, fiche in enumerate(fiches)
    )
    return f"**{context.say(f'label_{row.field}')}**\n" + "\n".join(said)


def _said(row: _Row, place: int, context: AnswerContext) -> str:
    """What a job has of its own in a field; what all have is said once, below."""
    values = row.values[place]
    if not values:
        return context.say("compare_silent")
    if not row.is_long:
        return _joined(row.field, values, _MOST_SAID, context)
    own = tuple(value for value in values if value not in row.shared)
    return _joined(row.field, own, _MOST_SAID, context) if own else context.say("compare_no_more")


def _most_shared(field: str) -> int:
    return _MOST_SHARED if field in _LISTS else _MOST_SAID


def _all(row: _Row, place: int, context: AnswerContext) -> str:
    """What a job has in a field, shared or not."""
    values = row.values[place]
    return _joined(row.field, values, _MOST_IN_CARD, context) or context.say("compare_silent")


def _joined(field: str, values: Sequence[str], most: int, context: AnswerContext) -> str:
    """Join the first values; quotes are marked as such."""
    marked = [
        context.say("field_quote", quote=value) if field in _QUOTED else value
        for value in values[:most]
    ]
    more = len(values) - most
    if more > 0:
        marked.append(context.say("compare_more_one" if more == 1 else "compare_more", count=more))
    return (", " if field == "statuts" else " ; ").join(marked)


def _in_common(rows: Iterable[_Row], context: AnswerContext) -> Iterator[str]:
    said = [
        context.say(
            "compare_common_fact",
            label=context.say(f"label_{row.field}").lower(),
            value=_joined(row.field, row.shared, _most_shared(row.field), context),
        )
        for row in sorted(rows, key=lambda row: row.field in _LISTS)
        if row.shared and (row.is_long or not row.differs)
    ]
    if said:
        yield context.say("compare_common", facts=" ; ".join(said))


def _cards(
    fiches: Sequence[Fiche], rows: Sequence[_Row], context: AnswerContext
) -> tuple[Card, ...]:
    return tuple(
        Card(
            title=fiche.name,
            facts=tuple(
                Fact(
                    label=context.say(f"label_{row.field}"),
                    value=_all(row, place, context),
                )
                for row in rows
            ),
            url=fiche.source.url,
            url_label=context.say("open_fiche"),
        )
        for place, fiche in enumerate(fiches)
    )


def _buttons(
    fiches: Sequence[Fiche], arguments: tuple[tuple[str, str], ...], context: AnswerContext
) -> tuple[Button, ...]:
    """Offer what else tells the jobs apart, then each of them."""
    metiers = [fiche.id for fiche in fiches]
    criteria = (
        ("me_convient", "le_mieux_paye") if any(map(monthly_pay, fiches)) else ("me_convient",)
    )
    asked = [
        Button.to(context.say(f"button_{name}"), "comparer", {"metier": metiers, "critere": name})
        for name in criteria
        if ("critere", name) not in arguments
    ]
    return (*asked, *(open_button(fiche) for fiche in fiches if fiche.is_told))


def _ask_for_another(
    fiches: Sequence[Fiche], decision: RunAction, context: AnswerContext
) -> Outcome:
    """Ask what to compare with, and propose the closest jobs."""
    is_same = len(decision.metiers) > 1
    close: tuple[Fiche, ...] = ()
    text = context.say("compare_which")
    if fiches:
        close = context.fiches(context.catalogue.kinship.closest(fiches[0], most=3))
        name = context.name(fiches[0])
        text = context.say("compare_same" if is_same else "compare_needs_two", name=name)
    known = [fiche.id for fiche in fiches]
    answer = Answer(
        kind=AnswerKind.CLARIFICATION,
        intent="comparer",
        text=text,
        buttons=tuple(
            Button.to(fiche.name, "comparer", {"metier": [*known, fiche.id]}) for fiche in close
        ),
        metiers=tuple(known),
    )
    asked = ClarificationAsked(
        action="comparer", candidates=(), arguments=decision.arguments, metiers=tuple(known)
    )
    run = ActionRun(action="comparer", metiers=tuple(known), repeats="presentation")
    return Outcome(answer=answer, events=(run, asked))

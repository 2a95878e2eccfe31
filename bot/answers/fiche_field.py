"""Answers from one field of one fiche: one function per shape of answer."""

from __future__ import annotations

from collections.abc import Callable

from bot.answers.answer import Answer, AnswerKind, Button, Quote
from bot.answers.context import AnswerContext, Outcome, cite
from bot.answers.follow_ups import follow_ups
from bot.answers.naming import both_genders, of
from bot.answers.question import best_sentences
from bot.answers.quoting import bullets, hint_sentences, lead
from bot.answers.sentence_reading import Sentence
from bot.answers.shortening import SHORT, shorten
from bot.catalogue.fiche import Fiche, Section, StudyPath
from bot.catalogue.niveaux import niveau_rank
from bot.dialogue.decision import RunAction
from bot.dialogue.events import ActionRun, Event

__all__ = ["FIELD_ACTIONS", "WITH_QUOTES", "about_fiche"]

Body = Callable[[Fiche, RunAction, AnswerContext], "str | None"]
# Fields of several sentences, of which a question often asks for one.
WITH_QUOTES = frozenset({"competences", "conditions_travail", "debouches", "salaire", "statuts"})
# Fields that may take a page, cut until more is asked for; what is left beside a quote of them.
_BY_PATH = frozenset({"etudes", "duree_etudes"})
_SHORTENED = frozenset({*WITH_QUOTES, *_BY_PATH, "presentation", "formations"})
_LEAST = 25
# The paths of studies are a list, and one left out could be the person's: a list of ordinary
# length is told whole, and a longer one keeps every way in.
_LIST = 90
# What is known instead, when a field is missing: the fields said in one line.
_INSTEAD = ("niveau_acces", "formations", "statuts")


def about_fiche(decision: RunAction, context: AnswerContext) -> Outcome:
    """Answer a question about one field of the fiche of the job, or say that it is missing."""
    fiche = context.fiches(decision.metiers)[-1]
    body = _BODIES[decision.action](fiche, decision, context)
    best = _quoted(decision, fiche, context) if body else ()
    said = body or _missing(fiche, decision.action, context)
    is_cut = False
    if body and decision.action in _SHORTENED and not decision.argument("detail"):
        beside = len(best[0].text.split()) if best else 0
        by_path = decision.action in _BY_PATH
        room = max(_LEAST, SHORT - beside)
        said, is_cut = shorten(body, room, unless=_LIST if by_path else 0, of_each=by_path)
    paragraphs = [said]
    if best and best[0].text not in said:
        paragraphs.insert(0, context.say("field_quote", quote=best[0].text))
    if decision.also:
        question = context.say(f"button_{decision.also}")
        paragraphs.append(context.say("also_asked", question=question))
    paragraphs.append(context.source_line(fiche))
    answer = Answer(
        kind=AnswerKind.ANSWER,
        intent=decision.action,
        text="\n\n".join(paragraphs),
        buttons=(
            *((_more_button(fiche, decision.action, context),) if is_cut else ()),
            *follow_ups(fiche, decision.action, context, also=decision.also),
        ),
        metiers=(fiche.id,),
        fields=(decision.action,) if body else (),
        missing=() if body else (decision.action,),
        sources=(cite(fiche),),
        quotes=tuple(Quote(text=sentence.text, field=sentence.field) for sentence in best),
    )
    return Outcome(answer=answer, events=_remembered(decision, fiche, best))


def _more_button(fiche: Fiche, action: str, context: AnswerContext) -> Button:
    return Button.to(context.say("button_more"), action, {"metier": fiche.id, "detail": "oui"})


def _quoted(decision: RunAction, fiche: Fiche, context: AnswerContext) -> tuple[Sentence, ...]:
    """The sentences that answer what is asked precisely, within a question about a whole field."""
    asked = decision.text or decision.argument("sentences")
    if decision.action not in WITH_QUOTES or not asked:
        return ()
    return best_sentences(decision, fiche, context)


def _remembered(decision: RunAction, fiche: Fiche, best: tuple[Sentence, ...]) -> tuple[Event, ...]:
    """Remember the sentences quoted by their numbers, for « répète »."""
    if not best:
        return ()
    numbers = ",".join(str(sentence.index) for sentence in best)
    kept = tuple(pair for pair in decision.arguments if pair[0] != "sentences")
    arguments = (*kept, ("sentences", numbers))
    return (ActionRun(action=decision.action, metiers=(fiche.id,), arguments=arguments),)


def _missing(fiche: Fiche, action: str, context: AnswerContext) -> str:
    """Say that the fiche does not tell, then what it tells instead."""
    name = context.name(fiche)
    parts = [context.say("missing", field=context.say(f"field_{action}"), of_name=of(name))]
    for other in _INSTEAD:
        if other != action and (line := _one_line(fiche, other, context)):
            parts.append(line)
            break
    parts.append(context.say("where_to_look", url=fiche.source.url))
    return "\n\n".join(parts)


def _one_line(fiche: Fiche, field: str, context: AnswerContext) -> str | None:
    if field == "niveau_acces" and fiche.niveau_min:
        return context.say("niveau_line", niveau=fiche.niveau_min)
    if field == "formations" and fiche.formations:
        return context.say("formations_line", label=fiche.formations[0].label)
    if field == "statuts" and fiche.statuts:
        return context.say("statuts_line", statuts=", ".join(fiche.statuts))
    return None


def _presentation(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    section = fiche.presentation or fiche.summary
    if section is None:
        return None
    parts = [f"**{context.name(fiche)}**", section.text]
    in_brief = lead(fiche.summary.text) if fiche.summary else ""
    if in_brief not in section.text:  # some fiches say the same twice
        parts.append(in_brief)
    return "\n\n".join(parts)


def _etudes(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    name = context.name(fiche)
    level = fiche.niveau_min
    key = "etudes_intro_niveau" if level else "etudes_intro"
    parts = [context.say(key, name=name, niveau=level)]
    if fiche.study_paths:
        parts += [_path(path) for path in fiche.study_paths]
    elif fiche.access:
        parts.append(fiche.access.text)
    elif fiche.formations:
        parts.append(bullets(link.label for link in fiche.formations))
    else:
        return None
    return "\n\n".join(parts)


def _path(path: StudyPath) -> str:
    clauses = [duration.text.strip() for duration in path.durations] or [path.text]
    head = f"**{path.entry}**\n" if path.entry else ""
    return head + bullets(clauses)


def _duree(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    paths = [path for path in fiche.study_paths if path.text]
    if not paths:
        return None
    parts = []
    for path in paths:
        # A length counted from a later level (« 1 an après un bac + 2 ») is not one from the entry.
        years = [d for d in path.durations if d.years_min is not None and d.after is None]
        if years and path.entry:
            low = min(d.years_min for d in years if d.years_min is not None)
            high = max(d.years_max or d.years_min or 0.0 for d in years)
            key = "duree_one" if low == high else "duree_range"
            parts.append(context.say(key, entry=path.entry, low=_years(low), high=_years(high)))
        elif path.entry:
            parts.append(f"**{path.entry}**")
        parts.append(bullets([d.text.strip() for d in path.durations] or [path.text]))
    return "\n\n".join(parts)


def _years(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value).replace(".", ",")


def _niveau(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    if not fiche.niveau_min:
        return None
    name = context.name(fiche)
    parts = [context.say("niveau_answer", niveau=fiche.niveau_min, name=name)]
    asked = decision.argument("niveau")
    own, wanted = niveau_rank(fiche.niveau_min), niveau_rank(asked) if asked else None
    if asked and own is not None and wanted is not None:
        key = "niveau_enough" if wanted >= own else "niveau_short"
        parts.append(context.say(key, niveau=_level_name(asked, context), minimum=fiche.niveau_min))
    entries = [path.entry for path in fiche.study_paths if path.entry]
    if entries:
        parts.append(context.say("niveau_entries", entries=" ; ".join(entries)))
    return "\n\n".join(parts)


def _level_name(value: str, context: AnswerContext) -> str:
    return value.replace("+", " + ") if value.startswith("bac+") else context.say(f"level_{value}")


def _formations(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    if not fiche.formations:
        return None
    name = context.name(fiche)
    intro = context.say("formations_intro", name=name)
    return f"{intro}\n\n{bullets(link.label for link in fiche.formations)}"


def _statuts(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    if not fiche.statuts:
        return None
    name = context.name(fiche)
    asked = decision.argument("statut")
    parts = []
    if asked:
        listed = asked.casefold() in {statut.casefold() for statut in fiche.statuts}
        parts.append(context.say("statut_yes" if listed else "statut_no", statut=asked))
    key = "statuts_one" if len(fiche.statuts) == 1 else "statuts_many"
    parts.append(context.say(key, of_name=of(name), statuts=", ".join(fiche.statuts)))
    return "\n\n".join(parts)


def _interests(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    if not fiche.centres_interet:
        return None
    intro = context.say("interests_intro", name=context.name(fiche))
    return f"{intro}\n\n{bullets(fiche.centres_interet)}"


def _section(field: str, pick: Callable[[Fiche], Section | None]) -> Body:
    """Quote a section; on a short fiche, the sentences of the summary that speak of it most."""

    def body(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
        section = pick(fiche)
        intro = context.say(f"{field}_intro", of_name=of(context.name(fiche)))
        if section is not None:
            text = "\n\n".join(
                f"**{block.text}**" if block.heading else block.text for block in section.blocks
            )
            return f"{intro}\n\n{text}"
        if field not in _HINTED:
            return None
        sentences = hint_sentences(fiche, _HINTED[field], context)
        return f"{intro}\n\n{bullets(sentences)}" if sentences else None

    return body


# The word classes (`intents/lookup/`) that tell a sentence about a field in the summary.
_HINTED = {
    "competences": frozenset({"qualite_competence"}),
    "conditions_travail": frozenset({"horaires", "lieu_travail"}),
}


def _appellations(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    title = fiche.title
    if title.feminine and title.feminine == title.masculine:
        lines = [context.say("appellation_same", name=title.feminine)]
    else:
        lines = [
            context.say("appellation_gender", feminine=title.feminine, masculine=title.masculine)
            if title.feminine and title.masculine
            else context.say("appellation_title", name=title.name)
        ]
    if fiche.other_names:
        lines.append(context.say("appellation_others"))
        lines.append(bullets(both_genders(other) for other in fiche.other_names))
    return "\n\n".join(lines)


def _fiche(fiche: Fiche, decision: RunAction, context: AnswerContext) -> str | None:
    lines = [
        context.say("fiche_link", name=fiche.name, url=fiche.source.url),
        context.say("fiche_id", id=fiche.id),
    ]
    if fiche.rome_codes:
        lines.append(context.say("fiche_rome", codes=", ".join(fiche.rome_codes)))
    else:
        lines.append(context.say("fiche_no_rome"))
    return "\n".join(lines)


_BODIES: dict[str, Body] = {
    "presentation": _presentation,
    "etudes": _etudes,
    "duree_etudes": _duree,
    "niveau_acces": _niveau,
    "formations": _formations,
    "statuts": _statuts,
    "centres_interet": _interests,
    "competences": _section("competences", lambda fiche: fiche.skills),
    "conditions_travail": _section("conditions_travail", lambda fiche: fiche.conditions),
    "salaire": _section("salaire", lambda fiche: fiche.salary),
    "debouches": _section("debouches", lambda fiche: fiche.job_market),
    "appellations": _appellations,
    "fiche": _fiche,
}
FIELD_ACTIONS = tuple(_BODIES)

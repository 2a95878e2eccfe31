"""The pages of a job: `/metiers/<id>`, its fiche to read, and the picture of its studies."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bot.answers.context import AnswerContext
from bot.answers.follow_ups import follow_ups
from bot.answers.naming import both_genders, of
from bot.assistant import Assistant
from bot.catalogue.fiche import Fiche, Section, StudyDuration
from bot.dialogue.tracker import Tracker
from webhook.channels.channel import LONGEST_MESSAGE
from webhook.pages.job_list import Query
from webhook.pages.study_chart import draw
from webhook.pages.study_paths import Track, study_tracks, years_said
from webhook.problems import Refused

__all__ = ["add_routes"]

_MOST_SIMILAR = 8
_SECTIONS = (
    "summary",
    "studies",
    "nature",
    "skills",
    "conditions",
    "salary",
    "job_market",
    "access",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A part of the page: its anchor, its heading, and its text when it is one of the fiche."""

    anchor: str
    title: str
    section: Section | None = None


def add_routes(pages: Blueprint, assistant: Assistant) -> None:
    """Add the pages of a job."""

    @pages.get("/metiers/<metier>")
    def job(metier: str) -> AnyResponse | str:
        fiche = assistant.catalogue.get(metier)
        if fiche is None:
            # « met.7984 » is what people type of an identifier.
            if metier.upper() in assistant.catalogue:
                return redirect(f"/metiers/{metier.upper()}", HTTPStatus.MOVED_PERMANENTLY)
            raise Refused("unknown_job", HTTPStatus.NOT_FOUND)
        return _render(fiche, assistant.context(Tracker()))

    @pages.get("/metiers/<metier>/etudes.svg")
    def studies(metier: str) -> Response:
        fiche = assistant.catalogue.get(metier)
        if fiche is None:
            raise Refused("unknown_job", HTTPStatus.NOT_FOUND)
        tracks = study_tracks(fiche)
        if not tracks:
            raise Refused("no_study_length", HTTPStatus.NOT_FOUND)
        style = _chart_style()
        response = Response(
            _chart(fiche, tracks, assistant.context(Tracker()), style), mimetype="image/svg+xml"
        )
        # The picture alone carries its style, which the policy names by its digest.
        digest = b64encode(sha256(style.encode()).digest()).decode()
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
        )
        return response


def _chart_style() -> str:
    return (Path(__file__).parent / "static" / "study_chart.css").read_text("utf-8").strip()


def _chart(fiche: Fiche, tracks: tuple[Track, ...], context: AnswerContext, style: str = "") -> str:
    title = context.say("pages_chart_title", name=both_genders(fiche.title))
    return draw(tracks, title, context.wording, style=style)


def _render(fiche: Fiche, context: AnswerContext) -> str:
    tracks = study_tracks(fiche)
    return render_template(
        "job.html",
        fiche=fiche,
        name=both_genders(fiche.title),
        of_name=of(both_genders(fiche.title)),
        both_genders=both_genders,
        parts=_parts(fiche, context),
        tracks=tracks,
        # The text of the fiche is escaped where the picture is drawn.
        chart=Markup(_chart(fiche, tracks, context)) if tracks else "",  # noqa: S704
        said=lambda duration: _said(duration, context),
        is_ranged=any(lane.high > lane.low for track in tracks for lane in track.lanes),
        facts=_facts(fiche, tracks, context),
        similar=_similar(fiche, context),
        buttons=follow_ups(fiche, "presentation", context),
        domaines=[(name, Query(domaine=name).address()) for name in _domaines(fiche)],
        interests=[(label, Query(interet=label).address()) for label in fiche.centres_interet],
        statuts=[(label, Query(statut=label).address()) for label in fiche.statuts],
        date="/".join(reversed((fiche.source.date or "").split("-"))),
        longest=LONGEST_MESSAGE,
    )


def _parts(fiche: Fiche, context: AnswerContext) -> tuple[_Part, ...]:
    """The parts of the page in reading order: those of the fiche, then what goes with it."""
    texts: Mapping[str, Section | None] = {
        "summary": fiche.summary, "nature": fiche.nature, "skills": fiche.skills,
        "conditions": fiche.conditions, "salary": fiche.salary, "job_market": fiche.job_market,
        "access": fiche.access,
    }  # fmt: skip
    there: Mapping[str, object] = {
        **texts, "studies": fiche.study_paths, "formations": fiche.formations,
        "interests": fiche.centres_interet, "names": fiche.other_names,
        "similar": _similar(fiche, context), "web": fiche.web_sources,
    }  # fmt: skip
    wanted = (*_SECTIONS, "formations", "interests", "names", "similar", "web")
    return tuple(
        _Part(anchor=name, title=context.say(f"pages_part_{name}"), section=texts.get(name))
        for name in wanted
        if there[name]
    )


def _facts(
    fiche: Fiche, tracks: tuple[Track, ...], context: AnswerContext
) -> tuple[tuple[str, str], ...]:
    """What is read at a glance: the level, then the years from each entry."""
    facts = [(context.say("pages_fact_niveau"), fiche.niveau_min or context.say("pages_untold"))]
    for track in tracks:
        counted = [lane for lane in track.lanes if lane.is_placed]
        if counted:
            low, high = (
                min(lane.start + lane.low for lane in counted),
                max(lane.end for lane in counted),
            )
            entry = track.entry or context.say("pages_fact_studies")
            facts.append((entry, years_said(low, high, context.wording)))
    return tuple(facts)


def _said(duration: StudyDuration, context: AnswerContext) -> str:
    low = duration.years_min or 0.0
    return years_said(low, duration.years_max or low, context.wording)


def _similar(fiche: Fiche, context: AnswerContext) -> tuple[tuple[str, str], ...]:
    """The jobs that the fiche names, then those that share most with it."""
    close = context.catalogue.kinship.closest(fiche, most=_MOST_SIMILAR)
    known = (metier for metier in dict.fromkeys((*fiche.related, *close)) if metier != fiche.id)
    fiches = context.fiches(tuple(m for m in known if m in context.catalogue))[:_MOST_SIMILAR]
    return tuple((other.id, both_genders(other.title)) for other in fiches)


def _domaines(fiche: Fiche) -> tuple[str, ...]:
    return tuple(dict.fromkeys(domaine.domaine for domaine in fiche.domaines))

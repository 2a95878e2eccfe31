"""Any event, any tracker: what the laws of the dialogue are tried on."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.dialogue.events import (
    ActionRun,
    ButtonsShown,
    ClarificationAsked,
    Digressed,
    DistressHeard,
    Event,
    FormStepped,
    ListShown,
    Missed,
    Named,
    Restarted,
    Searched,
    Understood,
)
from bot.dialogue.intents import INTENTS
from bot.dialogue.tracker import Form, Pending, Tracker

__all__ = ["EVENTS", "TRACKERS"]

ACTIONS = st.sampled_from(INTENTS)
METIERS = st.integers(1, 9999).map("MET.{}".format)
LISTS = st.lists(METIERS, max_size=6).map(tuple)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
ARGUMENTS = st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)
COUNTS = st.integers(0, 300)
STATUSES = st.sampled_from(["asked", "left", "stopped", "done"])

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Understood),
    st.builds(Missed),
    st.builds(Named, feminine=LISTS, masculine=LISTS),
    st.builds(
        ActionRun, action=ACTIONS, metiers=LISTS, arguments=ARGUMENTS, keeps_metier=st.booleans()
    ),
    st.builds(ListShown, found=LISTS, first=COUNTS, last=COUNTS),
    st.builds(
        ClarificationAsked, action=ACTIONS, candidates=LISTS, arguments=ARGUMENTS, metiers=LISTS
    ),
    st.builds(Digressed, closes=st.booleans()),
    st.builds(Searched, criteria=ARGUMENTS, pool=LISTS),
    st.builds(ButtonsShown, buttons=ARGUMENTS),
    st.builds(
        FormStepped,
        asked=TEXTS,
        answers=ARGUMENTS,
        page=COUNTS,
        missed=st.booleans(),
        status=STATUSES,
    ),
    st.builds(Restarted),
    st.builds(DistressHeard),
)
TRACKERS = st.builds(
    Tracker,
    metier=st.none() | METIERS,
    former=st.none() | METIERS,
    question=st.none() | ACTIONS,
    last_action=st.none() | ACTIONS,
    last_metiers=LISTS,
    last_arguments=ARGUMENTS,
    listed=LISTS,
    shown_first=COUNTS,
    shown_last=COUNTS,
    criteria=ARGUMENTS,
    pool=LISTS,
    compared=LISTS,
    focus=st.sampled_from([None, "job", "jobs", "list"]),
    offered=ARGUMENTS,
    pending=st.none() | st.builds(Pending, action=ACTIONS, candidates=LISTS, arguments=ARGUMENTS),
    form=st.none()
    | st.builds(
        Form,
        asked=TEXTS,
        answers=ARGUMENTS,
        page=COUNTS,
        missed=st.booleans(),
        status=STATUSES,
    ),
    misses=COUNTS,
    turns=COUNTS,
    quiet=st.booleans(),
)

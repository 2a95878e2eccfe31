"""Any event, any tracker: what the laws of the dialogue are tried on."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.dialogue.events import (
    ActionRun,
    ClarificationAsked,
    Event,
    FormStepped,
    ListShown,
    Missed,
    Restarted,
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

EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(Understood),
    st.builds(Missed),
    st.builds(
        ActionRun, action=ACTIONS, metiers=LISTS, arguments=ARGUMENTS, keeps_metier=st.booleans()
    ),
    st.builds(ListShown, found=LISTS, first=COUNTS, last=COUNTS),
    st.builds(ClarificationAsked, action=ACTIONS, candidates=LISTS, arguments=ARGUMENTS),
    st.builds(FormStepped, step=st.integers(0, 5), answers=ARGUMENTS),
    st.builds(Restarted),
)
TRACKERS = st.builds(
    Tracker,
    metier=st.none() | METIERS,
    question=st.none() | ACTIONS,
    last_action=st.none() | ACTIONS,
    last_metiers=LISTS,
    last_arguments=ARGUMENTS,
    listed=LISTS,
    shown_first=COUNTS,
    shown_last=COUNTS,
    pending=st.none() | st.builds(Pending, action=ACTIONS, candidates=LISTS, arguments=ARGUMENTS),
    form=st.none() | st.builds(Form, step=COUNTS, answers=ARGUMENTS),
    misses=COUNTS,
    turns=COUNTS,
)

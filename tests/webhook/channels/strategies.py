"""Any message that an answer may become, and what a channel may be sent."""

from __future__ import annotations

from hypothesis import strategies as st

from webhook.rendering.message import Choice, Message

__all__ = ["MESSAGES", "RECEIVED_TEXTS"]

_CHARACTERS = st.characters(exclude_categories=["Cs", "Cc"])
_WORDS = st.text(_CHARACTERS, min_size=1, max_size=30)
_PLAIN = st.sampled_from(
    "bac + 3, l'école d'État : 1.500 € (env.) * _ ~ ` < > & [ ] ( ) # | \\ C++ œuvre 😀".split(" ")
)
_BOLD = _WORDS.map(lambda words: f"**{words}**")
_LINK = st.builds(
    lambda label, place: f"[{label}](https://www.onisep.fr/http/redirection/metier/slug/{place})",
    _WORDS,
    st.integers(1, 10**6).map("MET.{}".format),
)
_SPANS = st.one_of(_WORDS, _PLAIN, _BOLD, _LINK)
_LINES = st.lists(_SPANS, min_size=1, max_size=12).map(" ".join)
_BLOCKS = st.one_of(
    _LINES,
    st.lists(_LINES, min_size=1, max_size=5).map(lambda lines: "\n".join(f"- {x}" for x in lines)),
    st.lists(_LINES, min_size=1, max_size=5).map(
        lambda lines: "\n".join(f"{n}. {x}" for n, x in enumerate(lines, 1))
    ),
)
# A text is also much longer than any platform takes at once.
_TEXTS = st.builds(
    lambda blocks, times: "\n\n".join(blocks * times)[:20_000],
    st.lists(_BLOCKS, min_size=1, max_size=6),
    st.sampled_from([1, 1, 1, 10, 60]),
)
_TITLES = st.text(_CHARACTERS, min_size=1, max_size=120).filter(lambda title: title.strip() != "")


@st.composite
def _messages(draw: st.DrawFn) -> Message:
    titles = draw(st.lists(_TITLES, max_size=14, unique=True))
    choices = tuple(
        Choice(title=title, token=f"t{number:015d}", number=number)
        for number, title in enumerate(titles, 1)
    )
    return Message(
        text=draw(_TEXTS.filter(lambda text: text.strip() != "")),
        choices=choices,
        numbers_intro="Répondez par un numéro :",
        menu_label="Choisir",
    )


MESSAGES = _messages()
RECEIVED_TEXTS = st.text(_CHARACTERS, min_size=1, max_size=200)

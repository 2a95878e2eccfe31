"""HTML fragments read as blocks: what each tag becomes, and that no visible word is lost."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.catalogue.fiche import Block
from bot.catalogue.html_blocks import read_blocks

LONG = 300_000


def blocks(html: str) -> list[str]:
    """The blocks of a fragment, a heading being marked `# `."""
    return [f"# {block.text}" if block.heading else block.text for block in read_blocks(html)]


def words(html: str) -> list[str]:
    """The words held, without the marks of the items."""
    text = "\n".join(block.text for block in read_blocks(html))
    return re.sub(r"^- ", "", text, flags=re.MULTILINE).split()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", []),
        (" \n ", []),
        ("<p></p><h5> </h5><ul><li></li></ul>", []),
        ("<p>un</p><p>deux</p>", ["un", "deux"]),
        ("\n   <h5>Titre</h5>\n   <p>un</p>\n   <p>deux</p>", ["# Titre", "un", "deux"]),
        *((f"<h{n}>Titre</h{n}>un", ["# Titre", "un"]) for n in range(1, 7)),
        ("<P CLASS='a'>un</P><H5>Titre</H5 >", ["un", "# Titre"]),
        ("<p>un <strong>deux</strong><em>trois</em>", ["un deuxtrois"]),
        ("<p>1<sup>re</sup> année, <a href='http://a.example/?a=1&b=2'>ici</a></p>", ["1re année, ici"]),
        ("<p>un<br>deux<br/>trois<br /><br>quatre</p>", ["un\ndeux\ntrois\nquatre"]),
        ("<h5>un<br>deux</h5>", ["# un deux"]),
        ("<p>un<p>deux<h5>Titre<p>trois", ["un", "deux", "# Titre", "trois"]),
        ("un</p>deux</h5></ul></li>trois", ["un", "deux", "trois"]),
        ("<p>un</p>deux<p>trois</p>", ["un", "deux", "trois"]),
        ("<p>\n  <p>un</p>\n</p>deux", ["un", "deux"]),
        ("<div><div>un</div> deux </div>", ["un", "deux"]),
        ("<table><tr><td>un</td><td>deux</td></tr></table>", ["un", "deux"]),
    ],
)  # fmt: skip
def test_tags(html: str, expected: list[str]) -> None:
    assert blocks(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<ul><li>un</li><li>deux</li></ul>", ["- un\n- deux"]),
        ("<ol>\n <li>un</li>\n\n <li>deux</li>\n</ol>", ["- un\n- deux"]),
        ("<p>avant</p><ul><li>un<li>deux</ul>après", ["avant", "- un\n- deux", "après"]),
        ("<ul><li><p>un</p><p>suite</p></li><li>\n<p>deux</p></li></ul>", ["- un\nsuite\n- deux"]),
        ("<ul><li>un<ul><li>sous un</li></ul></li><li>deux</li></ul>", ["- un\n- sous un\n- deux"]),
        ("<ul><li>un</ul><ul><li>deux</ul>", ["- un", "- deux"]),
        ("<ul><li>un<h5>Titre</h5><p>deux</p>", ["- un", "# Titre", "deux"]),
        ("<ul><li><h5>Titre</h5><p>deux</p>", ["# Titre", "deux"]),
        ("<li>un</li> <li>deux</li>", ["- un\n- deux"]),
        ("<ul>sans item<li>un</li></ul>", ["sans item\n- un"]),
        ("<p>- un</p><p>- deux</p>", ["- un", "- deux"]),
    ],
)
def test_a_list_is_one_paragraph(html: str, expected: list[str]) -> None:
    assert blocks(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("sans balise", ["sans balise"]),
        ("un\ndeux\n\n trois\n \nquatre", ["un\ndeux", "trois", "quatre"]),
        ("un <em>deux</em>\ntrois", ["un deux\ntrois"]),
        ("<p>un\n     deux\n\n  trois</p>", ["un deux trois"]),
        ("<p>un\r\n<em>\n deux</em></p>", ["un deux"]),
        ("<p>deux  espaces </p>", ["deux  espaces"]),
        ("<p>\u00a0« 5\u00a0% »\u202f!&nbsp;</p>", ["« 5\u00a0% »\u202f!"]),
        ("<p>&eacute;t&#233; &amp; R&amp;D, 5&nbsp;% &lt; 6</p>", ["été & R&D, 5\u00a0% < 6"]),
        ("<p>R&D, a & b, &inconnue; &#0;</p>", ["R&D, a & b, &inconnue; \ufffd"]),
        (f"un &#{'9' * 5000}; &#x{'f' * 5000} &#0000233;", ["un \ufffd \ufffd é"]),
        ("<p>L’œil… d'ici l'un</p>", ["L’œil… d'ici l'un"]),
        ("<p>3 < 4 > 2, <bac+5>, <10 ans, a<b</p>", ["3 < 4 > 2, <bac+5>, <10 ans, a<b"]),
        ("<p title='a > b'>un</p><p title=\"c'>d\">deux</p>", ["un", "deux"]),
        ("<p class=\"a>un</p><p l'a>deux</p>", ["un", "deux"]),
        ("<?xml:namespace prefix = o /><!DOCTYPE html><o:p>un</o:p>", ["un"]),
        ("<p>un <! > deux <!> <?> </p>", ["un <! > deux <!> <?>"]),
        ("fin <p", ["fin <p"]),
    ],
)
def test_text_is_kept_as_written(html: str, expected: list[str]) -> None:
    assert blocks(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("un<!-- caché <p>caché</p> -->deux", ["undeux"]),
        ("un<!-->deux<!-- caché -- > caché --->trois", ["undeuxtrois"]),
        ("un<!-- caché --> <!-- jamais fermé <p>deux</p>", ["un <!-- jamais fermé", "deux"]),
        ("un<script>caché('<p>')</script>deux", ["undeux"]),
        ("un<SCRIPT src='a'>caché</scripts></Script >deux<style>p { caché }</style>", ["undeux"]),
        ("un<script src='a'/>deux", ["undeux"]),
        ("un<style>caché jusqu'au bout", ["un"]),
    ],
)
def test_comments_scripts_and_styles_are_not_read(html: str, expected: list[str]) -> None:
    assert blocks(html) == expected


def test_an_empty_fragment_has_no_block() -> None:
    assert read_blocks("<p>&nbsp;</p>") == ()
    assert read_blocks("<h5>un</h5>") == (Block(text="un", heading=True),)


@pytest.mark.parametrize(
    "piece",
    ["<", "<a", '<a "', "<a '\"", "<a b=", "</", "</a ", "<!", "<!--", "<!-- -->", "<?", "<![", "<![a"]
    + ["&", "&#", "&amp", "<script></script ", "<style></style", '<a "<a " ', "<p>", "</p>", "<ul>"]
    + ["<ul><li>", "<li>", "<h5>", "<div>", "\n", " ", " \n", "<p>\n", "<br>", "<p> \n", '"', "'"],
)  # fmt: skip
def test_repeated_without_end_it_is_still_read_in_one_pass(piece: str) -> None:
    """Read again from each start, any of these would not end in the life of the test."""
    html = f"<p>début {piece * (LONG // len(piece))}"
    assert words(html)[0] == "début"


VISIBLE = st.from_regex(r"[a-zé0-9'.,:;!+%°]{1,8}", fullmatch=True)
HIDDEN = st.sampled_from(
    ["<!-- caché -->", "<script>caché</script>", "<style>caché{}</style>", "<!DOCTYPE caché>"]
    + ["<img alt='caché'>", '<a href="caché > caché">', "<o:p>", "<?caché caché>"]
)  # fmt: skip
TAGS = st.builds(
    "<{}{}{}>".format,
    st.sampled_from(["", "/"]),
    st.sampled_from("h1 h3 h4 h5 h6 p ul ol li br strong em a div td table span sup".split()),
    st.sampled_from(["", " ", " class='caché'", ' id="caché"', "/", "\n"]),
)
SPACES = st.sampled_from([" ", "\n", "\u00a0", "&nbsp;", "  \n  ", "\n\n"])


@given(st.lists(st.one_of(VISIBLE.map(lambda word: (word, f" {word} ")), *(
    source.map(lambda html: ("", html)) for source in (HIDDEN, TAGS, SPACES)
))))  # fmt: skip
def test_every_visible_word_is_held_in_order(pieces: list[tuple[str, str]]) -> None:
    html = "".join(written for _, written in pieces)
    assert words(html) == [word for word, _ in pieces if word]


@given(st.text(alphabet=st.characters(exclude_characters="<&", exclude_categories=["Cs"])))
def test_what_has_no_tag_is_held_to_the_word(text: str) -> None:
    held = " ".join(block.text for block in read_blocks(text))
    assert held.split() == text.split()


PIECES = st.sampled_from(
    ["<", ">", "</", "/>", "<!--", "-->", "<script", "</script>", "<p", "<ul>", "<li>", "<h5>", "&"]
    + ["&#", "x;", '"', "'", "=", " ", "\n", "é", "a", "<![CDATA[", "]]>", "<?", "<br>", "\u00a0"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_any_text_gives_sound_blocks(html: str) -> None:
    for block in read_blocks(html):
        assert block.text == block.text.strip() != ""
        assert not (block.heading and "\n" in block.text)
        assert all(line.strip() for line in block.text.split("\n"))


def test_every_word_of_the_real_fragments_is_held(onisep: Path) -> None:
    """The general description of 817 jobs, and others that have no tag."""
    lines = (onisep / "monprojetsup-metiers.jsonl").read_text("utf-8").splitlines()
    fragments = [html for line in lines if (html := json.loads(line)["descriptif_general"])]
    assert len(fragments) > 800
    for html in fragments:
        separated = re.sub(r"</?(?:p|h3)>", " ", html)
        assert words(html) == unescape(re.sub(r"</?[a-z][^>]*>", "", separated)).split()

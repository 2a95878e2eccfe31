"""The Markdown subset of the page: what it renders, and that nothing else passes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webhook.rendering.html import to_html

OURS = re.compile(
    r'</?(?:p|ul|li|strong)>|<ol start="\d+">|</ol>|<a href="(?:https?://|tel:)[^"<>\s]+" rel="noopener">|</a>'
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** c", "<p>a <strong>b</strong> c</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("6. a\n7. b", '<ol start="6"><li>a</li><li>b</li></ol>'),
        ("[x](https://a.fr/b)", '<p><a href="https://a.fr/b" rel="noopener">x</a></p>'),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("<script>", "<p>&lt;script&gt;</p>"),
    ],
)
def test_what_is_rendered(text: str, html: str) -> None:
    assert to_html(text) == html


PIECES = st.sampled_from(
    ["**", "[", "](", ")", "https://", "tel:", "<", ">", '"', "'", "- ", "1. ", "\n", "a", "&"]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=25).map("".join))
def test_only_our_tags_come_out(text: str) -> None:
    rest = OURS.sub("", str(to_html(text)))
    assert "<" not in rest
    assert ">" not in rest

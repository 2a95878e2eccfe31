"""Played dialogues as JUnit XML, for continuous integration.

Source: the subset of the JUnit format that Jenkins, GitLab and GitHub actions read: `testsuite`
per file, `testcase` per dialogue, `failure` and `skipped`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from bot.evaluation.dialogue_file import Dialogue
from bot.evaluation.dialogue_player import PlayedDialogue

__all__ = ["junit_xml"]

# XML 1.0 has no way to write the other control characters, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_xml(
    played: Sequence[PlayedDialogue],
    unplayed: Sequence[Dialogue],
    *,
    failure_lines: Callable[[PlayedDialogue], Sequence[str]],
    unplayed_line: Callable[[Dialogue], str],
) -> bytes:
    """Return the XML document, in UTF-8.

    Args:
        played: the dialogues played, right or not.
        unplayed: those whose catalogue was not given, written as skipped.
        failure_lines: says what is wrong in a dialogue; the first line is the message.
        unplayed_line: says why a dialogue was not played.
    """
    root = ET.Element("testsuites", name="balise")
    paths = dict.fromkeys([p.dialogue.path for p in played] + [d.path for d in unplayed])
    for path in paths:
        own = [p for p in played if p.dialogue.path == path]
        skipped = [d for d in unplayed if d.path == path]
        suite = _suite(root, path, own, skipped)
        for one in own:
            case = _case(suite, one.dialogue, elapsed_ms=one.elapsed_ms)
            if not one.is_right:
                lines = [_clean(line) for line in failure_lines(one)]
                failure = ET.SubElement(case, "failure", message=lines[0].strip(), type="dialogue")
                failure.text = "\n".join(lines)
        for dialogue in skipped:
            case = _case(suite, dialogue, elapsed_ms=0.0)
            ET.SubElement(case, "skipped", message=_clean(unplayed_line(dialogue)))
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def _suite(
    root: ET.Element, path: Path, played: Sequence[PlayedDialogue], skipped: Sequence[Dialogue]
) -> ET.Element:
    return ET.SubElement(
        root,
        "testsuite",
        name=_clean(str(path)),
        tests=str(len(played) + len(skipped)),
        failures=str(sum(not one.is_right for one in played)),
        errors="0",
        skipped=str(len(skipped)),
        time=_seconds(sum(one.elapsed_ms for one in played)),
    )


def _case(suite: ET.Element, dialogue: Dialogue, *, elapsed_ms: float) -> ET.Element:
    return ET.SubElement(
        suite,
        "testcase",
        classname=_clean(dialogue.path.stem),
        name=_clean(dialogue.name),
        file=_clean(str(dialogue.path)),
        line=str(dialogue.line),
        time=_seconds(elapsed_ms),
    )


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)

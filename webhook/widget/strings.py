"""Writes the strings of the widget, from `intents/responses/widget.yml`, as its JavaScript module.

python -m webhook.widget.strings > webhook/widget/source/strings.js
"""

from __future__ import annotations

import json
import sys

from bot.answers.wording import Wording, read_wording
from bot.settings import packaged_folder

__all__ = ["strings_module"]


def strings_module(wording: Wording) -> str:
    """Return the module: the strings that say « vous », and those that say « tu » otherwise.

    A blank is left as `{count}`, for the widget to fill.
    """
    formal = _strings(wording)
    familiar = {
        key: text
        for key, text in _strings(wording.familiarly()).items()
        if text != formal[key]
    }  # fmt: skip
    said = json.dumps({"vous": formal, "tu": familiar}, ensure_ascii=False, indent=2)
    return (
        "// Made by `make widget` from intents/responses/widget.yml: edit that file.\n\n"
        "/** @typedef {typeof strings.vous} Words */\n\n"
        f"export const strings = {said};\n"
    )


def _strings(wording: Wording) -> dict[str, str]:
    return {
        key.removeprefix("widget_"): wording.say(
            key, **{blank: f"{{{blank}}}" for blank in wording.placeholders(key)}
        )
        for key in wording.starting("widget_")
    }


if __name__ == "__main__":
    sys.stdout.write(strings_module(read_wording(packaged_folder("intents"))))

"""The pages that say what Balise does with people's words, and how accessible it is."""

from __future__ import annotations

import re

from flask import Blueprint, render_template

from bot.answers.orientation import handoff
from bot.answers.privacy import kept_for
from bot.assistant import Assistant
from bot.dialogue.tracker import Tracker

__all__ = ["add_routes"]


def add_routes(pages: Blueprint, assistant: Assistant) -> None:
    """Add `/confidentialite`, told from the settings, and `/accessibilite`."""

    @pages.get("/confidentialite")
    def privacy() -> str:
        context = assistant.context(Tracker())
        held = [context.say(key) for key in context.wording.starting("held_")]
        return render_template(
            "privacy.html",
            retention=context.retention,
            kept_for=kept_for(context),
            held=held,
            queued=context.say("privacy_queued") if context.retention.is_queued else "",
            limits=assistant.settings.limits,
            contact=handoff(context),
            is_own_contact=context.contact is not None,
            dial=_dial,
        )

    @pages.get("/accessibilite")
    def accessibility() -> str:
        context = assistant.context(Tracker())
        return render_template(
            "accessibility.html",
            contact=handoff(context),
            is_own_contact=context.contact is not None,
            dial=_dial,
        )


def _dial(tel: str) -> str:
    """The address that calls a phone number: « 02 00 00 00 00 » is `tel:0200000000`."""
    return f"tel:{re.sub(r'[^0-9+]', '', tel)}"

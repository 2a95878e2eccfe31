"""The lines that put Balise on a website: on others, made for this host, and on our own page."""

from __future__ import annotations

from flask import current_app

__all__ = ["snippet", "widget_address"]

_SCRIPT = "/widget.js"


def snippet(base_url: str) -> str:
    """Return the HTML to copy; `base_url` ends with a slash."""
    return (
        f'<script defer src="{base_url}widget.js"\n'
        f'  data-endpoint="{base_url}webhooks/rest/webhook"\n'
        f'  data-privacy-url="{base_url}confidentialite"></script>'
    )


def widget_address() -> str | None:
    """The address of the script when this application serves it; the page does without."""
    served = any(rule.rule == _SCRIPT for rule in current_app.url_map.iter_rules())
    return _SCRIPT if served else None

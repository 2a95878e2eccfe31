"""The lines that put Balise on a website, made for this host and for that site."""

from __future__ import annotations

from html import escape

from bot.settings_file import Site
from webhook.widget.routes import integrity, script_address

__all__ = ["snippet"]


def snippet(base_url: str, name: str = "", site: Site | None = None) -> str:
    """Return the HTML to copy; `base_url` ends with a slash.

    Args:
        base_url: where this server answers.
        name: of the site in the settings; empty for none.
        site: what the settings say of it.
    """
    attributes = {
        "data-endpoint": f"{base_url}webhooks/rest/webhook",
        "data-privacy-url": f"{base_url}confidentialite",
        "data-a11y-url": f"{base_url}accessibilite",
        "data-site": name,
        "data-title": site and site.title,
        "data-label": site and site.label,
        "data-accent": site and site.accent,
        "data-address": site and site.address,
        "data-human-url": site and site.contact and site.contact.url,
    }
    lines = [
        f'<script defer src="{base_url.rstrip("/")}{script_address()}"',
        f'  integrity="{integrity()}" crossorigin="anonymous"',
        *(f'  {key}="{escape(value)}"' for key, value in attributes.items() if value),
    ]
    return "\n".join(lines) + "></script>"

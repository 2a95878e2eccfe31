"""Messenger (developers.facebook.com/docs/messenger-platform): quick replies under a plain text."""

from __future__ import annotations

from webhook.channels.meta import MetaSettings, PageMessaging
from webhook.rendering.message import Capabilities

__all__ = ["Settings", "open_channel"]

Settings = MetaSettings

# 13 quick replies, a title of 20 (send-messages/quick-replies). 2,000 characters of a text are not
# verified against the vendor's page. We may answer for 24 hours.
_CAPABILITIES = Capabilities(
    max_text=2000, max_buttons=13, max_title=20, has_typing=True, window_s=24 * 3600.0
)


def open_channel(settings: Settings) -> PageMessaging:
    """Make the channel of its settings."""
    return PageMessaging(settings, name="messenger", kind="page", capabilities=_CAPABILITIES)

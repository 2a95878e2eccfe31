"""Instagram's messages (developers.facebook.com, « instagram-messaging »): Messenger's, in short.

Quick replies are not shown on a computer: a choice may be typed as well.
"""

from __future__ import annotations

from webhook.channels.meta import MetaSettings, PageMessaging
from webhook.rendering.message import Capabilities, Unit

__all__ = ["Settings", "open_channel"]

Settings = MetaSettings

# 13 quick replies, a title of 20 (features/quick-replies). 1,000 bytes of a text are not verified
# against the vendor's page. We may answer for 24 hours.
_CAPABILITIES = Capabilities(
    max_text=1000, unit=Unit.BYTES, max_buttons=13, max_title=20, has_typing=True,
    window_s=24 * 3600.0,
)  # fmt: skip


def open_channel(settings: Settings) -> PageMessaging:
    """Make the channel of its settings."""
    return PageMessaging(settings, name="instagram", kind="instagram", capabilities=_CAPABILITIES)

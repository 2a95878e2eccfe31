"""Finds the module of a channel by its name, and opens the channels of the settings.

A platform is a module of this package with `Settings` and `open_channel`; nothing lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Mapping
from typing import Protocol, cast

import msgspec

import webhook.channels
from bot.errors import ConfigurationError
from webhook.channels.channel import Channel, ChannelSettings

__all__ = ["channel_names", "open_channels"]

_AT = re.compile(r"at `\$?\.?(?P<path>[^`]*)`")
_NAMED = re.compile(r"field `(?P<name>[^`]*)`")


class _Module(Protocol):
    """What the module of a platform offers."""

    Settings: type[ChannelSettings]

    def open_channel(self, settings: ChannelSettings) -> Channel:
        """Make the channel of its settings."""


def channel_names() -> tuple[str, ...]:
    """Return the names of the platforms there are, in order."""
    names = (module.name for module in pkgutil.iter_modules(webhook.channels.__path__))
    return tuple(sorted(name for name in names if _module(name) is not None))


def open_channels(settings: Mapping[str, Mapping[str, object]]) -> dict[str, Channel]:
    """Open the channels of the settings, by name.

    Raises:
        ConfigurationError: a channel that there is not; a credential that is missing or wrong.
    """
    return {name: _opened(name, values) for name, values in settings.items()}


def _opened(name: str, values: Mapping[str, object]) -> Channel:
    module = _module(name) if name.isidentifier() else None
    if module is None:
        raise ConfigurationError("channel_unknown", f"{name} ({', '.join(channel_names())})")
    try:
        return module.open_channel(msgspec.convert(values, module.Settings))
    except msgspec.ValidationError as error:
        # The value is a secret, perhaps: only the name of the field is told.
        found = _AT.search(str(error)) or _NAMED.search(str(error))
        place = found.group(1) if found else "?"
        raise ConfigurationError("channel_settings", f"channels.{name}.{place}") from None


def _module(name: str) -> _Module | None:
    try:
        module = importlib.import_module(f"webhook.channels.{name}")
    except ModuleNotFoundError:
        return None
    return cast(_Module, module) if hasattr(module, "open_channel") else None

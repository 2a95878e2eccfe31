"""What the tests must know of a platform, read in its documentation and not in our module.

Each platform is a module beside this one, named as the channel, with one `PLATFORM`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Protocol

from tests.webhook.channels import platforms
from webhook.channels.channel import Incoming, Request

__all__ = ["NOW", "Platform", "Shown", "all_platforms"]

NOW = 1_767_225_600.0
"""The time of the tests, in seconds of Unix time."""


class Shown:
    """What a person sees of one request: a text without markup, and choices (title, token)."""

    def __init__(self, text: str = "", choices: tuple[tuple[str, str], ...] = ()) -> None:
        self.text = text
        self.choices = choices


class Platform(Protocol):
    """One platform, as strict as its documentation."""

    settings: Mapping[str, object]
    """Settings of the channel that are complete."""
    secrets: tuple[str, ...]
    """The settings without which the channel must not start."""

    def signed(self, body: bytes, **more: object) -> Incoming:
        """A request as the platform sends it at `NOW`."""

    def forged(self, body: bytes) -> Mapping[str, Incoming]:
        """Requests that must be refused, by what is wrong with them."""

    def accept(self, request: Request) -> Shown | None:
        """Refuse (AssertionError, with the source of the limit) what the platform would refuse.

        Returns what a person then sees; None for a sign, which shows nothing.
        """


def all_platforms() -> dict[str, Platform]:
    """Every platform that the tests know, by the name of its channel."""
    names = [module.name for module in pkgutil.iter_modules(platforms.__path__)]
    modules = {name: importlib.import_module(f"{platforms.__name__}.{name}") for name in names}
    found = {n: module.PLATFORM for n, module in modules.items() if hasattr(module, "PLATFORM")}
    assert found
    return found

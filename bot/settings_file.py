"""The settings file of a deployment (`BALISE_SETTINGS`): sites, limits, messaging channels.

    sites:
      lycee-exemple:
        origins: ["https://lycee.example.fr"]
        title: "Assistant d'orientation"
        accent: "#0b5c5c"
        address: tu
        contact: {name: "le CIO de Vire", url: "https://cio.example.fr", tel: "02 00 00 00 00"}
    limits:
      conversation: {burst: 300, per_minute: 120}
      address: {burst: 600, per_minute: 1200}
      proxies: 1
    public_url: https://balise.example.fr
    channels:
      telegram: {token: "${TELEGRAM_TOKEN}", secret: "${TELEGRAM_SECRET}"}

`${NAME}` in a text is the value of an environment variable, so that no secret is in the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import yaml

from bot.errors import ConfigurationError

__all__ = [
    "TEL",
    "URL",
    "Address",
    "Contact",
    "DeliverySettings",
    "Limit",
    "Limits",
    "SettingsFile",
    "Site",
    "SocketIOSettings",
    "read_settings_file",
]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_AT = re.compile(r"at `\$?\.?(?P<path>[^`]*)`")
_MOST_BYTES = 1024 * 1024

# A phone number as people write it; the shortest are those of three digits.
TEL = re.compile(r"\+?[0-9](?:[ .-]?[0-9]){1,19}")
URL = re.compile(r"https://\S+")

Origin = Annotated[str, msgspec.Meta(pattern=r"^https?://[a-z0-9.-]+(:[0-9]{1,5})?$")]
Accent = Annotated[str, msgspec.Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Link = Annotated[str, msgspec.Meta(pattern=f"^{URL.pattern}$")]
# How people are spoken to.
Address = Literal["vous", "tu"]
Tel = Annotated[str, msgspec.Meta(pattern=f"^{TEL.pattern}$")]
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
SiteName = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
PublicUrl = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*[^\s/?#])?$")]
ChannelName = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{1,30}$")]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the file; a key that it does not know is an error."""


class Contact(_Strict, frozen=True, kw_only=True):
    """Who answers in person where Balise is deployed: a school, a CIO, a phone line.

    `name` is shown as it is, in the middle of a French sentence. `url` is an `https` address.
    """

    name: Words
    url: Link | None = None
    tel: Tel | None = None


class Site(_Strict, frozen=True, kw_only=True):
    """A website that embeds Balise.

    `origins`: whose pages may call us (scheme, host, port). `title`, `label`, `accent`: for
    its embed lines. `contact` and `address`: its human route and its form
    of address, in place of those of the deployment.
    """

    origins: Annotated[tuple[Origin, ...], msgspec.Meta(min_length=1)]
    title: Words | None = None
    label: Words | None = None
    accent: Accent | None = None
    contact: Contact | None = None
    address: Address | None = None


class Limit(_Strict, frozen=True, kw_only=True):
    """How many messages at once, then how many a minute."""

    burst: Count
    per_minute: Count


class Limits(_Strict, frozen=True, kw_only=True):
    """What one conversation and one client address may send.

    A school often has one address for all its pupils. `proxies`: how many of ours stand before
    the server and tell the address of the client in `X-Forwarded-For`.
    """

    conversation: Limit = Limit(burst=300, per_minute=120)
    address: Limit = Limit(burst=600, per_minute=1200)
    proxies: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0


class DeliverySettings(_Strict, frozen=True, kw_only=True):
    """How messages are handed to the platforms.

    `lease_s`: how long what a process had begun waits, when it died, before another takes it; it
    must be longer than a platform takes to answer.
    """

    lease_s: Annotated[float, msgspec.Meta(ge=1, le=3600)] = 60.0


class SocketIOSettings(_Strict, frozen=True, kw_only=True):
    """The Socket.IO channel; `connections`: how many at one time, a thread for each; 0: none."""

    connections: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 100


class SettingsFile(_Strict, frozen=True, kw_only=True):
    """The whole file; every part may be left out.

    `public_url`: our own address, as platforms and people see it. `channels`: what each messaging
    platform was given, by name; the module of the platform reads it.
    """

    sites: dict[SiteName, Site] = msgspec.field(default_factory=dict)
    limits: Limits = Limits()
    public_url: PublicUrl | None = None
    delivery: DeliverySettings = DeliverySettings()
    socketio: SocketIOSettings = SocketIOSettings()
    channels: dict[ChannelName, dict[str, object]] = msgspec.field(default_factory=dict)


def read_settings_file(path: Path, environment: Mapping[str, str]) -> SettingsFile:
    """Read a settings file.

    Raises:
        ConfigurationError: it cannot be read, is no YAML, has a wrong value or an unknown key, or
            names an environment variable that is not set.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigurationError("settings_unreadable", str(path))
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError("settings_unreadable", str(path)) from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        raise ConfigurationError("settings_malformed", f"{path}{line}") from error
    try:
        return msgspec.convert(_filled(content or {}, environment), SettingsFile)
    except (msgspec.ValidationError, RecursionError) as error:
        found = _AT.search(str(error))
        unknown = re.search(r"unknown field `(?P<name>[^`]*)`", str(error))
        parts = [found["path"] if found else "", unknown["name"] if unknown else ""]
        place = ".".join(part for part in parts if part)
        raise ConfigurationError("settings_wrong", f"{path} : {place or '?'}") from error


def _filled(value: object, environment: Mapping[str, str]) -> object:
    """Put the variables of the environment in the texts."""
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _variable(match[1], environment), value)
    if isinstance(value, list):
        return [_filled(item, environment) for item in value]
    if isinstance(value, dict):
        return {key: _filled(item, environment) for key, item in value.items()}
    return value


def _variable(name: str, environment: Mapping[str, str]) -> str:
    value = environment.get(name)
    if not value:
        raise ConfigurationError("settings_variable", name)
    return value

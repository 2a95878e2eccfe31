"""Settings of a running Balise; the only reader of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ConfigurationError
from bot.settings_file import (
    TEL,
    URL,
    Address,
    Contact,
    DeliverySettings,
    Limits,
    SettingsFile,
    Site,
    SocketIOSettings,
    read_settings_file,
)

__all__ = ["Contact", "Settings", "Site", "packaged_folder", "settings_from"]


def packaged_folder(name: str) -> Path:
    """Return a data folder of the project: beside the code in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parent
    inside = package / "data" / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a deployer may choose.

    `catalogue`: sources of fiches. `intents`: the folder of training data and wordings. `data`:
    the folder of what is downloaded and built. `state`: where conversations are kept, a SQLite
    file or the address of a PostgreSQL database; None to keep them in memory. `cache`: where the
    trained model is kept. `conversation_ttl_s`: seconds after which a conversation is forgotten.
    `token`: what `GET /conversations/…` asks for, None to refuse everybody. `threads`: threads of
    the web server. `contact`: the human route of this deployment, None to name the public services
    of `orientation.yml`. `sites`: the websites that embed Balise, by name. `limits`: what one
    conversation and one address may send. `public_url`: our address as others see it.
    `delivery`: how messages are handed to the platforms. `socketio`: the channel of Rasa's widgets.
    `channels`: what each platform was given, by name.
    """

    catalogue: tuple[Path, ...]
    intents: Path
    state: Path | str | None
    cache: Path
    data: Path = Path("data")
    host: str = "127.0.0.1"
    port: int = 5005
    actions_port: int = 5055
    conversation_ttl_s: int = 24 * 3600
    token: str | None = None
    threads: int = 8
    contact: Contact | None = None
    address: Address = "vous"
    sites: Mapping[str, Site] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    public_url: str | None = None
    delivery: DeliverySettings = field(default_factory=DeliverySettings)
    socketio: SocketIOSettings = field(default_factory=SocketIOSettings)
    channels: Mapping[str, Mapping[str, object]] = field(default_factory=dict)


def settings_from(
    environment: Mapping[str, str], *, catalogue: tuple[Path, ...] | None = None
) -> Settings:
    """Read the settings from the environment.

    Args:
        environment: `BALISE_CATALOGUE` (paths joined by the system's separator),
            `BALISE_INTENTS`, `BALISE_STATE` (a file, `:memory:`, or `postgresql://…`),
            `BALISE_CACHE`, `BALISE_DATA`, `BALISE_HOST`, `BALISE_PORT`, `BALISE_TOKEN`,
            `BALISE_TTL` (seconds), `BALISE_THREADS`, `BALISE_SETTINGS` (a settings file),
            `BALISE_CONTACT` (a name), `BALISE_CONTACT_URL`, `BALISE_CONTACT_TEL`,
            `BALISE_ADDRESS` (`vous` or `tu`).
        catalogue: paths of the command line, which replace those of the environment.

    Raises:
        ConfigurationError: the settings file is wrong; a number is not one, or is out of range; the
            form of address is none; the contact has no name, or its address or phone number has
            not the form of one.
    """
    home = Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    state_home = Path(environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    data_home = Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    named = environment.get("BALISE_CATALOGUE")
    paths = catalogue or (
        tuple(Path(part) for part in named.split(os.pathsep) if part) if named else ()
    )
    file = environment.get("BALISE_SETTINGS")
    more = read_settings_file(Path(file), environment) if file else SettingsFile()
    state = environment.get("BALISE_STATE") or str(state_home / "balise" / "conversations.sqlite")
    return Settings(
        catalogue=paths or (packaged_folder("seeds"),),
        intents=Path(environment.get("BALISE_INTENTS") or packaged_folder("intents")),
        state=_state(state),
        cache=Path(environment.get("BALISE_CACHE") or home / "balise"),
        data=Path(environment.get("BALISE_DATA") or data_home / "balise"),
        host=environment.get("BALISE_HOST") or "127.0.0.1",
        port=_number(environment, "BALISE_PORT", 5005, low=0, high=65535),
        conversation_ttl_s=_number(environment, "BALISE_TTL", 24 * 3600, low=60, high=10**8),
        token=environment.get("BALISE_TOKEN") or None,
        threads=_number(environment, "BALISE_THREADS", 8, low=1, high=256),
        contact=_contact(environment),
        address=_address(environment),
        sites=more.sites,
        limits=more.limits,
        public_url=more.public_url,
        delivery=more.delivery,
        socketio=more.socketio,
        channels=more.channels,
    )


def _state(said: str) -> Path | str | None:
    if said == ":memory:":
        return None
    return said if said.startswith(("postgresql://", "postgres://")) else Path(said)


def _address(environment: Mapping[str, str]) -> Address:
    said = environment.get("BALISE_ADDRESS") or "vous"
    if said not in ("vous", "tu"):
        raise ConfigurationError("address", f"BALISE_ADDRESS={said}")
    return "tu" if said == "tu" else "vous"


def _contact(environment: Mapping[str, str]) -> Contact | None:
    name = " ".join((environment.get("BALISE_CONTACT") or "").split())
    url = environment.get("BALISE_CONTACT_URL") or None
    tel = environment.get("BALISE_CONTACT_TEL") or None
    if not name:
        if url or tel:
            raise ConfigurationError("contact_unnamed", "BALISE_CONTACT")
        return None
    if url is not None and not URL.fullmatch(url):
        raise ConfigurationError("contact_url", f"BALISE_CONTACT_URL={url}")
    if tel is not None and not TEL.fullmatch(tel):
        raise ConfigurationError("contact_tel", f"BALISE_CONTACT_TEL={tel}")
    return Contact(name=name, url=url, tel=tel)


def _number(environment: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = environment.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise ConfigurationError("bad_number", f"{name}={text} ({low}-{high})")
    return int(text)

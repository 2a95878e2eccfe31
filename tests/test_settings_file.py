"""The settings file: what it may hold, and what is said of what it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.words import command_words, error_lines
from bot.errors import ConfigurationError
from bot.settings import settings_from
from bot.settings_file import Contact, Limit, Limits, SettingsFile, Site, read_settings_file

WHOLE = """
sites:
  lycee-exemple:
    origins: ["https://lycee.example.fr", "https://intranet.example.fr:8443"]
    title: "Assistant d'orientation"
    label: "Une question ?"
    accent: "#0b5c5c"
    contact: {name: "le CIO de Vire", url: "${CIO_URL}", tel: "02 00 00 00 00"}
limits:
  conversation: {burst: 10, per_minute: 20}
  proxies: 1
"""


def read(folder: Path, text: str, **environment: str) -> SettingsFile:
    path = folder / "balise.yml"
    path.write_text(text, encoding="utf-8")
    return read_settings_file(path, environment)


def test_a_whole_file(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE, CIO_URL="https://cio.example.fr") == SettingsFile(
        sites={
            "lycee-exemple": Site(
                origins=("https://lycee.example.fr", "https://intranet.example.fr:8443"),
                title="Assistant d'orientation",
                label="Une question ?",
                accent="#0b5c5c",
                contact=Contact(
                    name="le CIO de Vire", url="https://cio.example.fr", tel="02 00 00 00 00"
                ),
            )
        },
        limits=Limits(conversation=Limit(burst=10, per_minute=20), proxies=1),
    )


def test_an_empty_file_is_the_default(tmp_path: Path) -> None:
    assert read(tmp_path, "") == SettingsFile()


def test_the_environment_names_the_file(tmp_path: Path) -> None:
    read(tmp_path, WHOLE, CIO_URL="https://a.fr")
    environment = {"BALISE_SETTINGS": str(tmp_path / "balise.yml"), "CIO_URL": "https://a.fr"}
    settings = settings_from(environment)
    assert settings.sites["lycee-exemple"].accent == "#0b5c5c"
    assert settings.limits.proxies == 1


@pytest.mark.parametrize(
    ("text", "key", "part"),
    [
        ("sites: [", "settings_malformed", "balise.yml:1"),
        ("- a", "settings_wrong", "balise.yml"),
        ("sites: {a: {origins: []}}", "settings_wrong", "sites"),
        ("sites: {a: {}}", "settings_wrong", "sites"),
        ("sites: {a: {origins: ['https://a.fr/page']}}", "settings_wrong", "origins"),
        ("sites: {a: {origins: ['*']}}", "settings_wrong", "origins"),
        ("sites: {a: {origins: ['https://a.fr'], accent: rouge}}", "settings_wrong", "accent"),
        ("sites: {a: {origins: ['https://a.fr'], acent: '#000000'}}", "settings_wrong", "acent"),
        ("sites: {'A b': {origins: ['https://a.fr']}}", "settings_wrong", "sites"),
        ("limits: {proxies: -1}", "settings_wrong", "proxies"),
        ("limits: {address: {burst: 0, per_minute: 1}}", "settings_wrong", "burst"),
        ("chanels: {}", "settings_wrong", "chanels"),
        ("sites: {a: {origins: ['${ABSENTE}']}}", "settings_variable", "ABSENTE"),
    ],
)
def test_a_wrong_file(tmp_path: Path, text: str, key: str, part: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        read(tmp_path, text)
    assert raised.value.key == key
    (line,) = error_lines(raised.value, command_words())
    assert part in line


@pytest.mark.parametrize("content", [b"\xff\xfe", None])
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "balise.yml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError, match="settings_unreadable"):
        read_settings_file(path, {})

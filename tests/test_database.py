"""The database: addresses that are none, passwords that are not shown."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from bot.database import open_database
from bot.errors import StoreError


def test_an_address_of_another_database() -> None:
    with pytest.raises(StoreError, match="mysql"):
        open_database("mysql://u:secret@h/n")


def test_what_is_no_address_is_not_repeated() -> None:
    with pytest.raises(StoreError) as error:
        open_database("postgresql//u:secret@h/n")
    assert "secret" not in str(error.value)


def test_a_server_that_does_not_answer_shows_no_password() -> None:
    database = open_database("postgresql://u:secret@127.0.0.1:9/n")
    with pytest.raises(StoreError) as error, database.read():
        pytest.fail("it answered")
    assert "secret" not in str(error.value)
    assert "127.0.0.1" in str(error.value)


def test_the_driver_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_psycopg(name: str, *args: Any, **more: Any) -> Any:
        if name.startswith("psycopg"):
            raise ModuleNotFoundError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without_psycopg)
    with pytest.raises(StoreError, match="pip install"):
        open_database("postgresql://u@h/n")

"""`balise channels` and `balise sender`, as they are typed, with a platform on this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from bot.cli.channels import check_channel
from bot.cli.main import main
from bot.database import open_database
from tests.cli.command import balise
from tests.webhook.channels.platforms.platform import all_platforms
from tests.webhook.channels.platforms.telegram import SECRET, TOKEN
from tests.webhook.delivery.fake_telegram import FakeTelegram, fake_telegram
from webhook.channels.channel import Call, Request, Response
from webhook.channels.registry import open_channels
from webhook.delivery.store import Store

Run = Callable[..., subprocess.CompletedProcess[str]]
PLATFORMS = all_platforms()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with fake_telegram() as fake:
        yield fake


@pytest.fixture
def run(model_cache: Path, tmp_path: Path) -> Run:
    """Run a command with these channels in the settings file."""

    def command(
        *arguments: str, channels: object, public_url: str | None = "https://b.example", **more: str
    ) -> subprocess.CompletedProcess[str]:
        path = tmp_path / "settings.yml"
        values = {"channels": channels} | ({"public_url": public_url} if public_url else {})
        path.write_text(yaml.safe_dump(values), encoding="utf-8")
        own = {"BALISE_SETTINGS": str(path), "BALISE_STATE": str(tmp_path / "state.sqlite"), **more}
        return balise(model_cache, *arguments, **own)

    return command


def telegram_settings(fake: FakeTelegram) -> dict[str, object]:
    return {"telegram": {"token": TOKEN, "secret": SECRET, "api": fake.url}}


def test_check_says_that_all_is_right(run: Run, telegram: FakeTelegram) -> None:
    telegram.accepts_anything = True
    done = run("channels", "check", channels=telegram_settings(telegram))
    assert done.returncode == 0, done.stderr
    assert "reconnaît les identifiants : balise_bot" in done.stdout
    assert "https://b.example/webhooks/telegram/webhook" in done.stdout
    assert "setWebhook" in done.stdout
    assert TOKEN not in done.stdout + done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_check_says_what_is_not(run: Run, telegram: FakeTelegram) -> None:
    telegram.fault = lambda _: "500"
    done = run("channels", "check", channels=telegram_settings(telegram), public_url=None)
    assert done.returncode == 1
    assert "refuse ces identifiants" in done.stdout
    assert "public_url" in done.stdout


def test_check_of_a_platform_that_does_not_answer(run: Run) -> None:
    settings = {"telegram": {"token": TOKEN, "secret": SECRET, "api": "http://127.0.0.1:9"}}
    done = run("channels", "check", "telegram", channels=settings)
    assert done.returncode == 1
    assert "ne répond pas" in done.stdout


class Lender:
    """A transport whose platform lends a token, or does not."""

    def __init__(self, status: int) -> None:
        self._status = status

    def send(self, request: Request) -> Response:
        body = b'{"access_token": "jeton", "expires_in": 3600}' if self._status == 200 else b"{}"
        return Response(status=self._status, body=body)


@pytest.mark.parametrize(("status", "is_right"), [(200, True), (401, False)])
def test_check_of_a_platform_that_lends_a_token(status: int, is_right: bool) -> None:
    teams = open_channels({"teams": PLATFORMS["teams"].settings})["teams"]
    lines, right = check_channel(teams, "https://b.example", Lender(status))
    assert right is is_right
    assert ("accepte les identifiants" in lines[1]) is is_right
    assert ("token 401" in lines[1]) is not is_right


@pytest.mark.parametrize("command", [("serve",), ("sender",), ("channels", "check")])
@pytest.mark.parametrize("name", sorted(PLATFORMS))
def test_a_secret_that_is_missing_stops_everything(
    name: str,
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In this process: the settings are read before anything is opened."""
    platform = PLATFORMS[name]
    values = {k: v for k, v in platform.settings.items() if k != platform.secrets[0]}
    settings = tmp_path / "settings.yml"
    settings.write_text(yaml.safe_dump({"channels": {name: values}}), encoding="utf-8")
    monkeypatch.setenv("BALISE_SETTINGS", str(settings))
    monkeypatch.setenv("BALISE_STATE", str(tmp_path / "state.sqlite"))
    assert main(command) == 2
    said = capsys.readouterr().err
    assert f"channels.{name}" in said
    assert platform.secrets[0] in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "channels", "said"),
    [
        (("channels", "check"), {}, "ne nomme aucune messagerie"),
        (("sender",), {}, "ne nomme aucune messagerie"),
        (("channels", "check"), {"minitel": {}}, "minitel"),
        (("channels", "check", "slack"), {"telegram": {}}, "n'est pas dans le fichier"),
        (("channels", "check", "minitel"), {"telegram": {}}, "n'existe pas"),
        (("channels", "outbox", "--retry", "douze"), {}, "douze"),
    ],
)
def test_what_cannot_be_done(
    run: Run, arguments: tuple[str, ...], channels: object, said: str
) -> None:
    done = run(*arguments, channels=channels)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_channel_with_conversations_in_memory(run: Run, telegram: FakeTelegram) -> None:
    done = run("serve", channels=telegram_settings(telegram), BALISE_STATE=":memory:")
    assert done.returncode == 2
    assert "seraient perdus" in done.stderr


def test_the_outbox(run: Run, tmp_path: Path) -> None:
    store = Store(
        open_database(tmp_path / "state.sqlite"), now=lambda: 1e9, owner=lambda: "un", lease_s=60
    )
    with store.database.begin() as connection:
        for peer in ("a", "b", "c"):
            call = Call(path="/x", body={"text": "mot secret"})
            store.post(connection, "telegram", peer, [call], window_ends=None)
    for row in store.outbox.claim(2):
        with store.database.begin() as connection:
            store.outbox.bury(connection, row.id, error="peer_gone 403")
    store.close()
    shown = run("channels", "outbox", channels={}).stdout
    assert "En attente : 1. Abandonnés : 2." in shown
    assert shown.count("peer_gone 403") == 2
    assert "mot secret" not in shown
    number = shown.splitlines()[-1].split()[0]
    assert (
        "remis en attente : 1" in run("channels", "outbox", "--retry", number, channels={}).stdout
    )
    assert "effacés : 1" in run("channels", "outbox", "--drop", "tout", channels={}).stdout
    assert "En attente : 2. Abandonnés : 0." in run("channels", "outbox", channels={}).stdout

"""The systems that are compared: Rasa with two pipelines, Balise, each started for real."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
import yaml

from tests.conftest import ROOT
from tests.ports import free_port

__all__ = [
    "PIPELINES",
    "System",
    "balise",
    "balise_command",
    "disk_mb",
    "project_of",
    "rasa",
    "run",
    "train_rasa",
]

START_S = 240.0
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}
# The pipeline that `rasa init` writes (DIET, one classifier for intents and entities); the light
# one is that of the exported project.
PIPELINES: Mapping[str, Sequence[Mapping[str, object]] | None] = {
    "diet": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100, "constrain_similarities": True},
        {"name": "EntitySynonymMapper"},
        {"name": "FallbackClassifier", "threshold": 0.3, "ambiguity_threshold": 0.1},
    ],
    "light": None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A running assistant; `ready_s`: seconds from its start to its first answer."""

    port: int
    ready_s: float
    pids: tuple[int, ...]

    def memory_mb(self) -> float:
        """Memory of its processes in MB (Linux); what two of them share is counted once."""
        return sum(_memory_kb(pid) for one in self.pids for pid in _family(one)) / 1024


def balise_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli.main", *arguments]


def project_of(catalogue: Path, folder: Path, pipeline: str, epochs: int) -> Path:
    """Export the project of a catalogue, with a pipeline, and one answer that needs no action."""
    project = folder / pipeline
    run(balise_command("--catalogue", str(catalogue), "export", "rasa", str(project)), ROOT)
    steps = PIPELINES[pipeline]
    if steps is not None:
        config = yaml.safe_load((project / "config.yml").read_text("utf-8"))
        config["pipeline"] = [
            {**step, "epochs": epochs} if "epochs" in step else dict(step) for step in steps
        ]
        _write(project / "config.yml", config)
    domain = yaml.safe_load((project / "domain.yml").read_text("utf-8"))
    domain["responses"] = {"utter_merci": [{"text": "Avec plaisir !"}]}
    _write(project / "domain.yml", domain)
    rules = (project / "data" / "rules.yml").read_text("utf-8")
    rules = rules.replace("action_remerciement", "utter_merci")
    (project / "data" / "rules.yml").write_text(rules, encoding="utf-8")
    return project


def train_rasa(bin_folder: Path, project: Path) -> float:
    """Train a project; return the seconds that it took."""
    start = time.perf_counter()
    run([str(bin_folder / "rasa"), "train", "--force"], project)
    return time.perf_counter() - start


@contextmanager
def rasa(
    bin_folder: Path, project: Path, catalogue: Path, cache: Path, *, options: Sequence[str] = ()
) -> Iterator[System]:
    """Run Rasa in the folder of a project, with `balise actions` behind it."""
    actions_port, port = 5055, free_port()
    ours = ("--catalogue", str(catalogue), "actions", "--port", str(actions_port))
    server = [str(bin_folder / "rasa"), "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port)]
    server += options
    environment = {"BALISE_STATE": ":memory:", "BALISE_CACHE": str(cache)}
    start = time.perf_counter()
    with (
        _running(balise_command(*ours), ROOT, environment) as actions,
        _running(server, project, {}) as process,
    ):
        _wait_for_an_answer(port, (actions, process))
        ready_s = time.perf_counter() - start
        yield System(port=port, ready_s=ready_s, pids=(process.pid, actions.pid))


@contextmanager
def balise(catalogue: Path, cache: Path) -> Iterator[System]:
    """Run Balise."""
    port = free_port()
    command = balise_command("--catalogue", str(catalogue), "serve", "--port", str(port))
    environment = {
        "BALISE_STATE": str(cache / "conversations.sqlite"),
        "BALISE_CACHE": str(cache),
    }
    start = time.perf_counter()
    with _running(command, ROOT, environment) as process:
        _wait_for_an_answer(port, (process,))
        yield System(port=port, ready_s=time.perf_counter() - start, pids=(process.pid,))


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command to its end; what it says is told when it fails."""
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **QUIET}, capture_output=True, check=False
    )
    if done.returncode:
        print(done.stdout.decode()[-3000:], done.stderr.decode()[-3000:], file=sys.stderr)
        raise SystemExit(done.returncode)


@contextmanager
def _running(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    with ExitStack() as ended:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **QUIET, **environment},
            start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        ended.callback(process.wait, 60)
        ended.callback(os.killpg, process.pid, signal.SIGTERM)
        yield process


def _wait_for_an_answer(port: int, processes: Sequence[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + START_S
    body = {"sender": "ready", "message": "bonjour"}
    while True:
        for process in processes:
            assert process.poll() is None, f"{process.args!r} stopped"
        assert time.monotonic() < deadline, f"nothing answers on port {port}"
        try:
            url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
            answer = requests.post(url, json=body, timeout=30)
            # Rasa says nothing, with status 200, while its model or its action server is absent.
            if answer.ok and answer.json():
                return
        except requests.RequestException:
            pass
        time.sleep(0.05)


def _write(path: Path, content: object) -> None:
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=10_000)
    path.write_text(text, encoding="utf-8")


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _memory_kb(pid: int) -> int:
    said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = re.search(r"^Pss:\s+(\d+)", said, re.MULTILINE)
    return int(found[1]) if found else 0


def disk_mb(folder: Path) -> float:
    """What a folder takes on disk, in MB."""
    du = shutil.which("du") or "du"
    done = subprocess.run([du, "-sk", str(folder)], capture_output=True, check=True, text=True)
    return int(done.stdout.split()[0]) / 1024

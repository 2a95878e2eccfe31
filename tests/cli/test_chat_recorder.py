"""`/record` in `balise chat`: what is recorded is replayed, and nothing is lost."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistant import Assistant
from bot.cli.chat import Chat
from bot.cli.terminal import Style
from bot.cli.words import command_words
from bot.evaluation.dialogue_file import Dialogue, read_dialogues
from bot.evaluation.dialogue_player import play_dialogue
from tests.cli.command import balise
from tests.evaluation.test_dialogue_writing import WORDS

QUESTION = "quelles études pour être chargé de post-production ?"


@pytest.fixture
def chat(seed_assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chat:
    monkeypatch.chdir(tmp_path)
    return Chat(seed_assistant, command_words(), Style(colours=False))


def turns(path: str | Path = "d.yml") -> list[list[str]]:
    return [[turn.text for turn in d.turns] for d in read_dialogues(Path(path))]


def hear(chat: Chat, *lines: str) -> str:
    """Type lines; return what the last one is answered."""
    return [str(chat.hear(line)) for line in lines][-1]


# From the keyboard to `balise test`


def test_a_recorded_conversation_is_replayed(model_cache: Path, tmp_path: Path) -> None:
    path = tmp_path / "ma conversation.yml"
    typed = f"{QUESTION}\n1\n/record {path}\n/debug\net niveau salaire ?\n/reset\n{QUESTION}\n"
    done = balise(model_cache, "chat", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"La conversation s'enregistre dans « {path} »" in done.stdout
    assert f"Pour la rejouer : balise test '{path}'\nAu revoir !\n" in done.stdout
    first, second = read_dialogues(path)
    assert [(turn.text, turn.is_press) for turn in first.turns] == [
        (QUESTION, False),
        ("Quelles formations ?", True),
        ("et niveau salaire ?", False),
    ]
    assert (first.catalogue, first.name, second.name) == ("seed", QUESTION, f"{QUESTION} (2)")
    done = balise(model_cache, "test", str(path))
    assert done.stdout == "Dialogues : 2 ; réussis : 2 ; échoués : 0 ; non joués : 0.\n"


STEPS = st.one_of(
    st.sampled_from([
        QUESTION, "et niveau salaire ?", "chargé de post prod", "monteur", "pilote", "le premier",
        "métiers à bac+2", "métiers artistiques", "d'autres ?", "je ne sais pas quoi faire",
        "quel est le salaire ?", "répète", "oui", "non", "bonjour", "j'ai envie de mourir",
        "efface mes données", "xyzzy", "différence entre monteur et chargé de post-production",
        "est-ce qu'il travaille en équipe ?", '/etudes{"metier": "MET.7984"}', "on recommence",
    ]),
    st.integers(1, 7).map(str),
    st.sampled_from(["/reset", "/debug", "/record", "/record autre.yml", "/record d.yml"]),
    WORDS.filter(lambda text: not text.strip().startswith("/")),
)  # fmt: skip


@settings(max_examples=100)
@given(steps=st.lists(STEPS, min_size=1, max_size=8))
def test_whatever_is_recorded_is_replayed(
    steps: list[str], seed_assistant: Assistant, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("record")
    chat = Chat(seed_assistant, command_words(), Style(colours=False))
    chat.hear(f"/record {folder}/d.yml")
    for step in steps:
        chat.hear(step.replace("/record ", f"/record {folder}/"))
    chat.hear("/reset")
    for path in folder.iterdir():
        for number, dialogue in enumerate(read_dialogues(path)):
            assert not replayed(dialogue, seed_assistant, number)


def replayed(dialogue: Dialogue, assistant: Assistant, number: int) -> tuple[object, ...]:
    return play_dialogue(dialogue, assistant, sender=f"recorded-{number}").failures


# What is in the file, and when


def test_a_conversation_is_recorded_from_its_first_message(chat: Chat) -> None:
    hear(chat, "bonjour", QUESTION, "/record d.yml")
    assert turns() == [["bonjour", QUESTION]]
    hear(chat, "merci")
    assert turns() == [["bonjour", QUESTION, "merci"]]
    assert "(messages : 3)" in hear(chat, "/record")
    hear(chat, "au revoir")
    assert turns() == [["bonjour", QUESTION, "merci"]]
    # The same file goes on; another has everything.
    hear(chat, "/record d.yml")
    assert turns() == [["bonjour", QUESTION, "merci", "au revoir"]]
    hear(chat, "/record 'autre.yml'", "bonjour")
    assert turns("autre.yml") == [["bonjour", QUESTION, "merci", "au revoir", "bonjour"]]
    assert len(turns()[0]) == 4


def test_a_reset_begins_another_dialogue(chat: Chat) -> None:
    said = hear(chat, "/record d.yml", "bonjour", "/reset")
    assert "La conversation est oubliée.\nSon enregistrement reste dans « d.yml »" in said
    assert hear(chat, "/reset") == "La conversation est oubliée."
    hear(chat, "merci", "/record stop", "/reset", QUESTION)
    assert turns() == [["bonjour"], ["merci"]]
    assert chat.leave() == "Au revoir !"


def test_a_payload_typed_or_pressed_is_what_was_sent(chat: Chat) -> None:
    payload = '/etudes{"metier": "MET.7984"}'
    hear(chat, "/record d.yml", payload, "2")
    (dialogue,) = read_dialogues(Path("d.yml"))
    assert [turn.is_press for turn in dialogue.turns] == [False, True]
    assert dialogue.turns[0].text == payload


def test_nothing_said_is_nothing_recorded(chat: Chat) -> None:
    hear(chat, "/record d.yml", "/aide", "/debug", "/efface")
    assert chat.leave() == "Rien n'a été dit : rien n'est ajouté à « d.yml ».\nAu revoir !"
    assert not Path("d.yml").exists()


def test_another_catalogue_is_named_in_the_command(
    onisep_assistant: Assistant, tmp_path: Path
) -> None:
    chat = Chat(onisep_assistant, command_words(), Style(colours=False))
    said = hear(chat, "bonjour", f"/record {tmp_path}/d.yml", "/record")
    options = " ".join(f"--catalogue {path}" for path in onisep_assistant.settings.catalogue)
    assert said.endswith(f"balise test {tmp_path}/d.yml {options}")
    assert read_dialogues(tmp_path / "d.yml")[0].catalogue == ""


# What goes wrong


def test_a_file_is_needed(chat: Chat) -> None:
    assert "Indiquez un fichier : /record FICHIER." in hear(chat, "/record")
    assert "/record FICHIER" in hear(chat, "/aide")
    assert "/recorder n'existe pas" in hear(chat, "/recorder")


def test_bad_paths(chat: Chat, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes\n\nUne phrase.\n", "utf-8")
    hear(chat, "/record d.yml", "bonjour")
    for path, said in {
        "absent/d.yml": "le dossier « absent » n'existe pas",
        str(tmp_path): "n'est pas un fichier",
        "notes.md": "un fichier de dialogues est une liste",
        "\x1b[31m/d.yml": "le dossier « [31m » n'existe pas",
        "~personne-de-ce-nom/d.yml": "le dossier « ~personne-de-ce-nom » n'existe pas",
        "x" * 300: "ne peut pas être écrit",
    }.items():
        problem = hear(chat, f"/record {path}")
        assert said in problem and "L'enregistrement ne commence pas" in problem
        assert "\x1b" not in problem
    assert (tmp_path / "notes.md").read_text("utf-8") == "# Notes\n\nUne phrase.\n"
    # The former recording goes on.
    hear(chat, "merci")
    assert turns() == [["bonjour", "merci"]]


def test_nothing_is_lost_when_the_file_cannot_be_written(chat: Chat, tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    hear(chat, "/record dossier/d.yml")
    folder.rmdir()
    said = hear(chat, "bonjour")
    assert "« dossier » n'existe pas" in said and "Rien n'est perdu" in said
    assert "Rien n'est perdu" in hear(chat, "/record")
    hear(chat, "/record ailleurs.yml")
    assert turns("ailleurs.yml") == [["bonjour"]]


@pytest.mark.parametrize("ends", [Chat.leave, lambda chat: chat.hear("/reset")])
def test_what_cannot_be_written_is_shown_at_the_end(
    ends: object, chat: Chat, tmp_path: Path
) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    hear(chat, "/record dossier/d.yml")
    folder.rmdir()
    hear(chat, "bonjour", QUESTION)
    assert callable(ends)
    said = str(ends(chat))
    assert "Voici la conversation, à copier dans un fichier :" in said
    shown = re.search(r"^- dialogue(.|\n)*\}$", said, re.MULTILINE)
    assert shown is not None
    (tmp_path / "copie.yml").write_text(shown[0], "utf-8")
    assert turns(tmp_path / "copie.yml") == [["bonjour", QUESTION]]

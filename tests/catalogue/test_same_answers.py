"""The same questions get the same answers, to the byte, whatever form the fiches were given in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from bot.answers.answer import Answer, AnswerKind
from bot.assistant import Assistant, build_assistant
from bot.catalogue.index_file import write_index
from bot.catalogue.loading import read_sources
from bot.messages import UserMessage
from tests.catalogue.test_ideo_xml_equality import as_record
from tests.conftest import settings_for

# {} is a job of the catalogue; what has none is said after one that has.
ABOUT_A_JOB = (
    "quelles études pour devenir {} ?",
    "c'est quoi le métier de {} ?",
    "combien gagne un {} ?",
    "et le salaire ?",
    "quel niveau faut-il pour être {} ?",
    "combien d'années d'études ?",
    "quelles qualités pour être {} ?",
    "quelles sont les conditions de travail d'un {} ?",
    "quels sont les débouchés de {} ?",
    "on a quel statut ?",
    "quels diplômes pour être {} ?",
    "quels métiers ressemblent à {} ?",
    "tu peux me montrer la fiche de {} ?",
    "est-ce qu'un {} travaille la nuit ?",
    "il y a d'autres noms pour ce métier ?",
    "quels centres d'intérêt pour {} ?",
)
ABOUT_NONE = (
    "je cherche un métier avec les animaux",
    "et encore ?",
    "quels métiers avec un CAP ?",
    "un métier de fonctionnaire dans la santé, bac + 5",
    "j'aime dessiner et travailler dehors",
    "des métiers dans le bâtiment sans le bac",
    "je veux soigner les gens",
    "quels métiers après un BTS ?",
    "un métier dans le sport niveau bac+3",
    "que faire après un bac pro cuisine ?",
    "combien de métiers connais-tu ?",
    "d'où viennent tes informations ?",
    "je ne sais pas quoi faire plus tard",
    "bonjour",
    "métier artistique avec un bac + 2",
    "travailler la nuit dans un hôpital",
)


def conversation(names: Sequence[str]) -> list[str]:
    """About fifty messages of one conversation: two jobs for each question, then the others."""
    random = Random(1)
    asked = [question.format(random.choice(names)) for question in ABOUT_A_JOB * 2]
    return [*asked, *ABOUT_NONE]


def answers(assistant: Assistant, messages: Sequence[str]) -> list[Answer]:
    return [assistant.reply(UserMessage(sender="même", text=text)) for text in messages]


def assert_same(assistants: Sequence[Assistant], messages: Sequence[str]) -> None:
    first, *others = (answers(assistant, messages) for assistant in assistants)
    assert len({answer.text for answer in first if answer.kind is AnswerKind.ANSWER}) >= 25
    for other in others:
        for text, one, two in zip(messages, first, other, strict=True):
            assert one == two, text
            assert one.text.encode() == two.text.encode()


def built(model_cache: Path, *sources: Path) -> Assistant:
    return build_assistant(settings_for(*sources, cache=model_cache))


@pytest.fixture(scope="module")
def sixty(onisep: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sixty real fiches, long and short."""
    folder = tmp_path_factory.mktemp("same") / "fiches"
    folder.mkdir()
    paths = sorted((onisep / "fiches-md").glob("*.md"))
    for path in Random(2).sample(paths, 60):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


@pytest.fixture(scope="module")
def names(sixty: Path) -> list[str]:
    return [fiche.title.masculine or fiche.name for fiche in read_sources([sixty]).fiches]


def test_markdown_xml_and_index(
    sixty: Path, names: list[str], model_cache: Path, tmp_path: Path
) -> None:
    """The XML is in both structures of the export; that of 2022 has no genders of other names."""
    texts = [path.read_text("utf-8") for path in sorted(sixty.iterdir())]
    records = "\n".join(as_record(text, year=2025) for text in texts)
    export = tmp_path / "export.xml"
    export.write_text(f"<metiers>\n{records}\n</metiers>", "utf-8")
    index = tmp_path / "catalogue.sqlite"
    write_index(read_sources([export]), index)
    made = [built(model_cache, source) for source in (sixty, export, index)]
    with closing(made[0]), closing(made[1]), closing(made[2]):
        assert_same(made, conversation(names))


def test_the_whole_catalogue_and_its_index(
    onisep_assistant: Assistant, names: list[str], model_cache: Path, tmp_path: Path
) -> None:
    contents = onisep_assistant.catalogue.contents
    index = tmp_path / "catalogue.sqlite"
    write_index(contents, index)
    with closing(built(model_cache, index)) as assistant:
        assert assistant.catalogue.contents == contents
        assert assistant.catalogue.index is not None
        assert_same([onisep_assistant, assistant], conversation(names))

"""Which of the jobs named is asked about, on whole utterances."""

from __future__ import annotations

import pytest

from bot.assistant import Assistant
from bot.messages import UserMessage


def asked(assistant: Assistant, text: str) -> list[str]:
    mentions = assistant.interpreter.interpret(text).all("metier")
    return [mention.value for mention in mentions]


@pytest.mark.parametrize(
    ("text", "passing", "wanted"),
    [
        ("ma cousine infirmière me dit de viser boulangère, quelles études ?", "infirm", "boulang"),
        ("je ne veux pas être infirmière, plutôt boulangère : quelles études ?", "infirm", "boulang"),
        ("pas infirmière, boulangère, ça gagne combien ?", "infirm", "boulang"),
        ("Infirmière en clinique, j'ai un fils qui vise boulanger, quel diplôme ?", "infirm", "boulang"),
        ("je trime comme infirmière, un boulanger gagne mieux ?", "infirm", "boulang"),
        ("mon boulanger m'a dit que notaire c'est long, combien d'années d'études ?", "boulang", "not"),
    ],
)  # fmt: skip
def test_a_job_in_passing_leaves_the_other(
    seed_assistant: Assistant, text: str, passing: str, wanted: str
) -> None:
    found = asked(seed_assistant, text)
    assert any(name.startswith(wanted) for name in found), found
    assert not any(name.startswith(passing) for name in found), found


@pytest.mark.parametrize(
    "text",
    [
        "je suis infirmière, on évolue vers quoi après ?",
        "mon infirmière gagne combien ?",
        "infirmière ou boulangère j'hésite, c'est quoi la différence ?",
        "je comprends pas, infirmière ou boulangère c'est pareil ?",
    ],
)
def test_a_job_alone_or_compared_is_kept(seed_assistant: Assistant, text: str) -> None:
    assert any(name.startswith("infirm") for name in asked(seed_assistant, text))


def test_what_a_job_does_says_its_name_again(onisep_assistant: Assistant) -> None:
    (found,) = asked(
        onisep_assistant, "le monsieur qui soigne les animaux, le vétérinaire, il gagne ?"
    )
    assert found == "vétérinaire"
    both = asked(
        onisep_assistant, "celui qui soigne les animaux ou l'opticien, qui gagne le plus ?"
    )
    assert [name[:4] for name in both] == ["vété", "opti"]
    (told,) = asked(onisep_assistant, "celui qui fait les lunettes, un opticien-lunetier, gagne ?")
    assert told.startswith("opticien")


def test_a_job_after_its_word_is_unknown_even_in_known_words(seed_assistant: Assistant) -> None:
    found = seed_assistant.interpreter.interpret("c'est quoi le métier de dresseur de licornes ?")
    assert [mention.value for mention in found.all("metier_inconnu")] == ["dresseur"]


@pytest.mark.parametrize(
    "said", ["éleveur de licornes", "éleveuse de licornes", "médecin des fantômes"]
)
def test_a_job_that_no_fiche_can_be_about(onisep_assistant: Assistant, said: str) -> None:
    found = onisep_assistant.interpret(f"combien gagne un {said} ?")
    (mention,) = found.all("metier_inconnu")
    assert (mention.value, found.all("metier")) == (said, ())
    assert mention.candidates


@pytest.mark.parametrize(
    "said",
    [
        "éleveur de cochons", "médecin de campagne", "boulanger de Marseille", "boulanger de marseille",
        "coach de quidditch", "vétérinaire des chevaux", "avocat de 40 ans",
    ],
)  # fmt: skip
def test_a_job_of_some_place_or_kind_is_known(onisep_assistant: Assistant, said: str) -> None:
    found = onisep_assistant.interpret(f"combien gagne un {said} ?")
    assert found.all("metier")
    assert found.all("metier_inconnu") == ()


def test_an_invented_job_is_said_to_be_unknown(onisep_assistant: Assistant) -> None:
    message = UserMessage(
        sender="licornes", text="combien gagne un éleveur de licornes ?", channel="rest"
    )
    answer = onisep_assistant.reply(message)
    assert "« éleveur de licornes » n'est pas dans le catalogue" in answer.text
    assert [button.title for button in answer.buttons] == ["responsable d'élevage agricole"]

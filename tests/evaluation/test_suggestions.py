"""Every button pressed: each fault is found where it is, and `seeds/` has none."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.answers import follow_ups
from bot.answers.answer import Answer, AnswerKind, Button
from bot.answers.context import AnswerContext
from bot.assistant import Turn, build_knowledge
from bot.catalogue.fiche import Fiche
from bot.dialogue.intents import METIER_INTENTS
from bot.dialogue.tracker import Form, Tracker
from bot.evaluation import suggestions
from bot.evaluation.suggestion_starts import Branches, starts_of
from bot.evaluation.suggestions import Defect, DefectKind, Exploration, Start, explore
from tests.conftest import SEEDS, settings_for
from tests.evaluation.fake_assistant import entity, heard, said

LIST, FORM, FALLBACK = AnswerKind.LIST, AnswerKind.FORM, AnswerKind.FALLBACK
CLARIFICATION = AnswerKind.CLARIFICATION

# On answers written here


def pressing(script: Mapping[str, Answer], **states: Tracker) -> Exploration:
    """Explore from the answer to `/start`; `states` are the conversations after an intent.

    What the script has not fails, as a broken action would.
    """

    def press(payload: str, before: Tracker) -> Turn:
        name = payload.removeprefix("/").partition("{")[0]
        known = (
            heard(name, entity("metier_inconnu", "MET.0")) if "MET.0" in payload else heard(name)
        )
        understood = dataclasses.replace(known, is_payload=name != "inconnue")
        tracker = states.get(name, before)
        answer = script[payload]
        return Turn(interpretation=understood, answer=answer, tracker=tracker, elapsed_ms=0.0)

    start = Start(label="départ", open=lambda: (script["/start"], Tracker()))
    return explore([start], press)


def found(script: Mapping[str, Answer], **states: Tracker) -> list[tuple[str, str, str]]:
    """The kind, the path and the detail of each defect."""
    defects = pressing(script, **states).defects
    return [(defect.kind.value, " > ".join(defect.path), defect.detail) for defect in defects]


def start(*buttons: tuple[str, str], **fields: object) -> Answer:
    return said("le début", buttons=buttons, **fields)  # type: ignore[arg-type]


def test_nothing_to_tell_and_what_was_gone_through() -> None:
    script = {
        "/start": start(("A", "/a"), ("B", "/b")),
        "/a": said("a", buttons=[("B", "/b"), ("Début", "/start")]),
        "/b": said("b", buttons=[("A", "/a")]),
    }
    assert pressing(script) == Exploration(opened=3, pressed=5, left=0, defects=())


def test_the_fault_is_told_with_the_shortest_path_to_it() -> None:
    script = {
        "/start": start(("A", "/a"), ("B", "/b")),
        "/a": said("a", buttons=[("C", "/c")]),
        "/b": said("b", buttons=[("D", "/d")]),
        "/c": said("c", buttons=[("B", "/b")]),
        "/d": said("rien", kind=FALLBACK),
    }
    assert found(script) == [("fallback", "départ > B > D", "rien")]


@pytest.mark.parametrize(
    ("given", "kind", "detail"),
    [
        (said("pas compris\n\nautre ligne", kind=FALLBACK), "fallback", "pas compris"),
        (said("voici :", kind=LIST, total=0), "empty", "voici :"),
        (said("lequel ?", kind=FORM), "empty", "lequel ?"),
        (said("le début"), "repeated", "le début"),
        (said("la fiche ne le dit pas", missing=("salaire",)), "silent", "la fiche ne le dit pas"),
    ],
)
def test_an_answer_that_is_none(given: Answer, kind: str, detail: str) -> None:
    script = {"/start": start(("A", "/a")), "/a": given}
    assert found(script) == [(kind, "départ > A", detail)]


def test_lines_of_the_answer_above_and_nothing_else() -> None:
    more = said("un\ndeux", buttons=[("Plus", "/plus")])
    script = {"/start": start(("A", "/a")), "/a": more, "/plus": said("deux\nun\n\ndeux")}
    script["/a"] = dataclasses.replace(more, text="un\n\ndeux")
    assert found(script) == [("repeated", "départ > A > Plus", "deux")]


@pytest.mark.parametrize(
    "payload", ["/inconnue", '/a{"metier"}', '/salaire{"metier": "MET.0"}'],
)  # fmt: skip
def test_a_target_that_does_not_exist(payload: str) -> None:
    script = {"/start": start(("A", payload)), payload: said("une réponse à autre chose")}
    detail = "MET.0" if "MET.0" in payload else payload
    assert found(script) == [("unknown", "départ > A", detail)]


def test_two_buttons_that_give_one_answer() -> None:
    script = {"/start": start(("A", "/a"), ("B", "/b")), "/a": said("pareil"), "/b": said("pareil")}
    assert found(script) == [("twin", "départ > B", "A")]


def test_a_button_that_fails_hides_no_other() -> None:
    script = {"/start": start(("A", "/absent"), ("B", "/b")), "/b": said("rien", kind=FALLBACK)}
    assert found(script) == [
        ("error", "départ > A", "KeyError: '/absent'"),
        ("fallback", "départ > B", "rien"),
    ]


def test_a_start_that_fails_is_told() -> None:
    def fail() -> tuple[Answer, Tracker]:
        raise ValueError("cassé")

    def press(payload: str, before: Tracker) -> Turn:
        raise AssertionError("nothing to press")

    advanced: list[int] = []
    defects = explore([Start(label="départ", open=fail)], press, advance=advanced.append).defects
    assert defects == (Defect(kind=DefectKind.ERROR, path=("départ",), detail="ValueError: cassé"),)
    assert advanced == [1]


def test_what_was_asked_before_the_job_was_chosen_may_be_missing() -> None:
    asked = start(("A", "/a"), ("B", "/b"), kind=CLARIFICATION, intent="salaire")
    nothing = said("aucun", kind=FALLBACK, intent="salaire")
    silent = said("la fiche ne dit rien", missing=("salaire",), intent="salaire")
    assert found({"/start": asked, "/a": nothing, "/b": silent}) == []
    misunderstood = dataclasses.replace(nothing, intent="hors_sujet")
    assert [kind for kind, *_ in found({"/start": asked, "/a": misunderstood, "/b": silent})] == [
        "fallback"
    ]


# The questionnaire: one question, many states


def question(*choices: str) -> Answer:
    buttons = [(name, f'/aide_choix{{"choix": "{name}"}}') for name in choices]
    return said("Et après ?", kind=FORM, buttons=buttons)


class Questionnaire:
    """Asks the same question `steps` times, remembering the choices."""

    def __init__(self, choices: str, steps: int) -> None:
        self.choices = choices
        self.steps = steps

    def press(self, payload: str, before: Tracker) -> Turn:
        so_far = before.form.answers if before.form else ()
        answers = (*so_far, ("choix", payload.split('"')[3]))
        chosen = "".join(value for _, value in answers)
        form = Form(asked="choix", answers=answers)
        is_over = len(answers) == self.steps
        shown = said(f"voici {chosen}", kind=LIST, metiers=("MET.1",))
        return Turn(
            interpretation=dataclasses.replace(
                heard("aide_choix", entity("choix", "x")), is_payload=True
            ),
            answer=shown
            if is_over
            else dataclasses.replace(question(*self.choices), text=str(len(answers))),
            tracker=Tracker() if is_over else dataclasses.replace(before, form=form),
            elapsed_ms=0.0,
        )

    def explored(self) -> Exploration:
        opened = question(*self.choices), Tracker()
        return explore([Start(label="départ", open=lambda: opened)], self.press)


def test_every_state_of_a_questionnaire_is_opened() -> None:
    # 1 + 3 + 9 questions, 27 lists; choices that lead to one question are no twins.
    assert Questionnaire("abc", 3).explored() == Exploration(
        opened=40, pressed=39, left=0, defects=()
    )


def test_a_large_questionnaire_is_opened_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "MOST_ALIKE", 4)
    # 1 question, then 3 states of the next, 9 of the last of which 3 are kept, their 9 lists in part.
    explored = Questionnaire("abc", 3).explored()
    assert (explored.pressed, explored.defects) == (3 + 9 + 9, ())
    assert (explored.opened, explored.left) == (1 + 3 + 3 + 3, 6 + 6)


# On the fiches of `seeds/`


@pytest.fixture(scope="module")
def branches(model_cache: Path) -> Iterator[Branches]:
    settings = settings_for(SEEDS, cache=model_cache)
    opened = Branches(settings, build_knowledge(settings))
    yield opened
    opened.close()


def from_seed(branches: Branches) -> Exploration:
    """Explore from the questions about one fiche."""
    return explore((s for s in starts_of(branches) if "MET.7984" in s.label), branches.press)


def test_the_suggestions_of_the_seeds_are_closed(branches: Branches) -> None:
    explored = explore(starts_of(branches), branches.press)
    assert explored.defects == ()
    assert explored.opened > 20 * len(branches.assistant.catalogue)
    assert explored.pressed > explored.opened


def test_a_question_that_the_fiche_does_not_answer(
    branches: Branches, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The salary of this fiche is not told.
    monkeypatch.setitem(follow_ups._HAS, "salaire", lambda fiche: True)
    defects = from_seed(branches).defects
    asked = branches.assistant.wording.say("button_salaire")
    presented = ('/presentation{"metier": "MET.7984"}', asked)
    assert {defect.kind for defect in defects} == {DefectKind.SILENT}
    assert presented in {defect.path for defect in defects}


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ("/meteo", DefectKind.UNKNOWN),
        ('/salaire{"metier": "MET.999999"}', DefectKind.UNKNOWN),
        ('/presentation{"metier": "MET.7984"}', DefectKind.REPEATED),
        ('/formation_info{"formation": "diplôme de magie"}', DefectKind.FALLBACK),
    ],
)
def test_a_fault_in_a_follow_up(
    branches: Branches, monkeypatch: pytest.MonkeyPatch, payload: str, kind: DefectKind
) -> None:
    def wrong(fiche: Fiche, action: str, context: AnswerContext) -> Button:
        return Button(title="Faux", payload=payload)

    monkeypatch.setattr(follow_ups, "metier_button", wrong)
    defects = from_seed(branches).defects
    path = ('/presentation{"metier": "MET.7984"}', "Faux")
    assert (kind, path) in {(defect.kind, defect.path) for defect in defects}


def test_a_job_says_the_same_from_everywhere(branches: Branches) -> None:
    """What lets a button be pressed once, and an answer opened once, is true."""
    metiers = tuple(fiche.id for fiche in branches.assistant.catalogue)
    cluttered = Tracker(
        metier=metiers[1], former=metiers[2], question="salaire", last_action="comparer",
        last_metiers=metiers[1:3], listed=metiers, shown_first=5, shown_last=10,
        compared=metiers[1:3], turns=7, misses=1,
    )  # fmt: skip
    for metier in metiers:
        for intent in METIER_INTENTS:
            payload = Button.to("", intent, {"metier": metier}).payload
            if intent != "comparer":
                fresh = branches.press(payload, Tracker()).answer
                assert branches.press(payload, cluttered).answer == fresh

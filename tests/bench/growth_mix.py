"""The questions that the growth of the catalogue is measured with: about 300, in conversations.

The shapes are the same at every size; the jobs asked about are taken evenly from the whole
catalogue, so that most of those of a grown one have long names that share their words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.catalogue.catalogue import Catalogue
from bot.catalogue.fiche import Fiche

__all__ = ["conversations"]

# The job is said in full, in one gender; the turns that follow are about it.
_ABOUT = (
    ("quelles études pour devenir {name} ?", "et ça gagne combien ?", "merci"),
    ("salaire {name}", "et les conditions de travail ?"),
    ("c koi le taf de {name}", "fo faire koi com étude"),
    ("Bonjour, je voudrais savoir ce que fait une {feminine} au quotidien.", "combien d'années ?"),
    ("jveu devenir {name} c dur ?", "ya du boulot ?", "répète"),
    ("{name}", "quel niveau il faut ?"),
    ("est-ce que le métier de {name} recrute ?", "quels diplômes ?"),
    ("les qualités pour être {feminine}", "métiers proches", "la suite"),
    ("est-ce que {name} travaille le week-end ?", "on peut le faire en indépendant ?"),
    ("quelle différence entre {name} et {other} ?", "et pour {other} ?"),
    ("mon fils veut être {misspelt}, quelle formation ?", "après la troisième c'est possible ?"),
    ("métiers qui ressemblent à {name}", "le deuxième", "salaire ?"),
)
_JOBS_PER_SHAPE = 5
# Shared words, which ask which job is meant, and bare ones.
_SHARED = (
    "je veux être technicien", "salaire ingénieur", "technicienne de maintenance",
    "chargé de projet", "responsable", "ingénieur informatique salaire",
    "quelles études pour devenir conducteur", "chef de projet", "monteur", "agent d'accueil",
    "comment devenir boulanger", "avocate", "infirmier c'est combien d'années",
    "ingénieur en chimie", "directeur artistique", "assistant social ça recrute ?",
)  # fmt: skip
_SEARCHES = (
    ("un métier avec les animaux", "la suite"),
    ("je veux travailler dehors avec le bois",),
    ("quels métiers dans le paramédical ?", "suite", "suite"),
    ("métiers sans le bac",),
    ("je cherche un métier après un bac+2 dans la chimie", "le premier"),
    ("travailler dans les jeux vidéo",),
    ("métiers de fonctionnaire",),
    ("j'aime dessiner et bricoler quel métier pour moi", "encore"),
    ("un boulot où on voyage beaucoup",),
    ("quels métiers pour aider les personnes âgées à domicile ?",),
    ("laver le linge des hôtels",),
    ("réparer des motos",),
    ("métiers du son et de la musique", "et sans le bac ?"),
    ("travailler la nuit à l'hôpital",),
    ("un métier scientifique à bac+5",),
    ("j'aimerais m'occuper d'enfants", "la suite"),
    ("métiers de l'agriculture niveau cap",),
    ("conduire des engins de chantier",),
    ("défendre les gens au tribunal",),
    ("un métier dans la banque en salarié",),
)
_LISTS = (
    ("quels métiers après un CAP boulanger ?",),
    ("c'est quoi un BTS tourisme ?", "ça mène à quoi ?"),
    ("quels métiers tu connais ?",),
    ("combien de fiches en tout ?",),
    ("je sais pas quoi faire plus tard", "la nature", "bac", "la suite"),
    ("aide-moi à choisir un métier", "passer", "bac+2"),
)
_UNKNOWN = (
    ("salaire dompteur de licornes",), ("comment devenir zinzolineur ?",),
    ("études pour être astropathe",), ("le métier de chouquetier",), ("dresseuse de dragons",),
    ("devenir cryptozoologue",), ("fiche métier saperlipoteur",),
)  # fmt: skip
_SMALL_TALK = (
    ("salut", "ça va ?"), ("merci beaucoup",), ("t'es qui ?",), ("au revoir",), ("oui",),
    ("tu sers à rien",), ("quelle heure est-il ?",), ("allume la lumière du salon",),
    ("aide",), ("mdr",), ("recommencer",), ("je peux parler à un conseiller ?",),
    ("vous gardez mes données ?",), ("parcoursup ça ferme quand ?",), ("super merci pour tout",),
)  # fmt: skip


def conversations(catalogue: Catalogue, *, turn: int) -> Iterator[tuple[str, ...]]:
    """Yield the messages of each conversation; each `turn` asks about other jobs."""
    fiches = tuple(catalogue)
    for place, shape in enumerate(_ABOUT):
        for repeat in range(_JOBS_PER_SHAPE):
            number = place * _JOBS_PER_SHAPE + repeat
            yield tuple(_filled(text, fiches, number, turn) for text in shape)
    yield from ((text,) for text in _SHARED)
    yield from (*_SEARCHES, *_LISTS, *_UNKNOWN, *_SMALL_TALK)
    # The same subjects asked in a hurry, without the words around.
    for number in range(len(_ABOUT) * _JOBS_PER_SHAPE, len(_ABOUT) * _JOBS_PER_SHAPE + 60):
        yield (_filled("{start} salaire", fiches, number, turn),)


def _filled(text: str, fiches: Sequence[Fiche], number: int, turn: int) -> str:
    name, other = (_picked(fiches, number + shift, turn) for shift in (0, 29))
    said = name.title.masculine or name.name
    return text.format(
        name=said,
        feminine=name.title.feminine or name.name,
        other=other.title.masculine or other.name,
        misspelt=_misspelt(said),
        start=" ".join(said.split()[:3]),
    )


def _picked(fiches: Sequence[Fiche], number: int, turn: int) -> Fiche:
    """Take the jobs evenly: the golden ratio spreads them whatever the size."""
    share = (number + 0.5 + turn * 1000) * 0.6180339887498949 % 1.0
    return fiches[int(share * len(fiches))]


def _misspelt(name: str) -> str:
    """Leave a letter out of the longest word."""
    longest = max(name.split(), key=len)
    middle = len(longest) // 2
    return name.replace(longest, longest[:middle] + longest[middle + 1 :])

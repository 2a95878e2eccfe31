"""The rules of the house that reading the source can check: imports, names, no work at import."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Each may import only what is on a line above its own, and itself.
LAYERS = (
    {
        "bot.errors",
        "bot.settings",
        "bot.settings_file",
        "bot.messages",
        "bot.rasa_yaml",
        "bot.database",
    },
    {"bot.catalogue"},
    {"bot.understanding"},
    {"bot.dialogue"},
    {"bot.answers"},
    {"bot.assistant"},
    {"bot.actions", "bot.evaluation", "webhook"},
    {"bot.cli"},
)
ONLY_IN = {"flask": "webhook", "rasa_sdk": "bot.actions", "gunicorn": "webhook"}


@dataclass(frozen=True)
class Module:
    """A Python file of the project."""

    name: str
    path: Path

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"), str(self.path))

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def is_public(self) -> bool:
        """Whether others import it: no `__init__` without content, no `__main__`, no `_name`."""
        last = self.name.rsplit(".", 1)[-1]
        return bool(self.tree.body) and not last.startswith("_")


def modules() -> list[Module]:
    found = [
        Module(name=".".join(path.relative_to(ROOT).with_suffix("").parts), path=path)
        for package in ("bot", "webhook")
        for path in sorted((ROOT / package).rglob("*.py"))
    ]
    named = [Module(name=m.name.removesuffix(".__init__"), path=m.path) for m in found]
    assert len(named) > 40
    return named


MODULES = modules()


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Yield each line that imports, and the full name of what it imports."""
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            start = ".".join([*base, node.module or ""]).strip(".") if node.level else node.module
            # `from bot import errors` imports a module, `from bot.errors import Problem` a name.
            yield from ((node.lineno, f"{start}.{alias.name}") for alias in node.names)


def layer(name: str) -> tuple[int, str] | None:
    """The place of a module in the order, and the unit that it belongs to."""
    for place, units in enumerate(LAYERS):
        for unit in units:
            if name == unit or name.startswith(f"{unit}."):
                return place, unit
    return None


def allowed(importer: str, imported: str) -> bool:
    own, other = layer(importer), layer(imported)
    if own is None or other is None:
        return own is not None and imported.split(".")[0] not in {"bot", "webhook"}
    same = own[1] == other[1] or own[0] == other[0] == 0
    return other[0] < own[0] or same


# The checker itself


@pytest.mark.parametrize(
    ("importer", "imported", "right"),
    [
        ("bot.rasa_yaml", "bot.errors.Problem", True),
        ("bot.errors", "bot.catalogue.fiche", False),
        ("bot.catalogue.fiche", "bot.understanding.x", False),
        ("bot.understanding.x", "bot.catalogue.fiche", True),
        ("bot.understanding.x", "bot.understanding.y", True),
        ("bot.answers.x", "bot.assistant.Assistant", False),
        ("bot.actions.x", "webhook.app", False),
        ("webhook.app", "bot.assistant.Assistant", True),
        ("bot.cli.main", "webhook.app", True),
        ("bot.catalogue.x", "json.loads", True),
        ("bot.nouveau", "bot.errors", False),
        ("bot.catalogue.x", "bot.nouveau", False),
    ],
)
def test_the_order(importer: str, imported: str, right: bool) -> None:
    assert allowed(importer, imported) is right


def test_imports_are_read_in_all_their_forms(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text(
        "import a.b\nfrom c import d\nfrom . import e\nfrom ..f import g\n"
        "def h():\n    import i as j\nif TYPE_CHECKING:\n    from k import l\n"
    )
    found = list(imports(Module(name="bot.understanding.x", path=path)))
    assert found == [
        (1, "a.b"), (2, "c.d"), (3, "bot.understanding.e"), (4, "bot.f.g"), (6, "i"), (8, "k.l")
    ]  # fmt: skip


# The rules


def test_every_module_has_its_place_in_the_order() -> None:
    assert [m.name for m in MODULES if layer(m.name) is None and m.name != "bot"] == []
    units = {found[1] for m in MODULES if (found := layer(m.name))}
    assert units == set().union(*LAYERS)


def test_modules_import_only_what_stands_before_them() -> None:
    seen = 0
    wrong = []
    for module in MODULES:
        for line, name in imports(module):
            seen += name.startswith(("bot.", "webhook."))
            if not allowed(module.name, name):
                wrong.append(f"{module.path.relative_to(ROOT)}:{line} {module.name} imports {name}")
    assert seen > 100
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize(("library", "home"), ONLY_IN.items())
def test_a_library_stays_in_its_package(library: str, home: str) -> None:
    users = [
        f"{module.path.relative_to(ROOT)}:{line}"
        for module in MODULES
        for line, name in imports(module)
        if name.split(".")[0] == library and not module.name.startswith(home)
    ]
    assert not users, f"{library} outside {home}: {users}"


def test_every_public_module_says_what_it_offers() -> None:
    public = [module for module in MODULES if module.is_public]
    assert len(public) > 40
    wrong = []
    for module in public:
        offered = exported(module)
        if offered is None:
            wrong.append(f"{module.name} has no __all__")
        elif unknown := offered - defined(module):
            wrong.append(f"{module.name} offers {sorted(unknown)}, which it has not")
    assert not wrong, "\n" + "\n".join(wrong)


def test_nobody_takes_what_a_module_does_not_offer() -> None:
    offered = {module.name: exported(module) or set() for module in MODULES if module.is_public}
    wrong = []
    for module in MODULES:
        for line, name in imports(module):
            home, _, wanted = name.rpartition(".")
            if home in offered and wanted not in offered[home]:
                wrong.append(f"{module.path.relative_to(ROOT)}:{line} takes {name}")
    assert not wrong, "\n" + "\n".join(wrong)


def exported(module: Module) -> set[str] | None:
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return None


def defined(module: Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
    return names


def test_every_module_says_what_it_holds() -> None:
    silent = [
        module.name for module in MODULES if module.is_public and not ast.get_docstring(module.tree)
    ]
    assert silent == []


def test_only_the_settings_read_the_environment() -> None:
    """The command line hands the environment to `settings_from`, and asks for nothing in it."""
    readers = [
        f"{module.path.relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        for node in ast.walk(module.tree)
        if (isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ")
        or (
            isinstance(node, ast.Call) and re.match(r"os\.(environ|getenv)", ast.unparse(node.func))
        )
    ]
    allowed_here = ("bot/settings.py", "bot/cli/")
    assert [reader for reader in readers if not reader.startswith(allowed_here)] == []


IMPORT_ALL = """
import importlib, sys

places = tuple(sys.argv[1].split("\\n"))
stdlib = importlib.__file__.removesuffix("importlib/__init__.py")
found = []

def whose(frame):
    # The nearest code that is neither ours to import with nor the standard library's.
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(places):
            return f"{name}:{frame.f_lineno}"
        library = name.startswith(stdlib) and "site-packages" not in name
        if not library and not name.startswith("<frozen"):
            return None
        frame = frame.f_back
    return None

def hook(event, args):
    opens = event == "open" and not str(args[0]).endswith((".py", ".pyc", ".so"))
    if opens or event in {"socket.connect", "socket.bind", "sqlite3.connect", "subprocess.Popen"}:
        where = whose(sys._getframe(1))
        if where:
            found.append(f"{where} {event} {args[0]!r}")

sys.addaudithook(hook)
for module in sys.argv[2:]:
    importlib.import_module(module)
print("\\n".join(found))
sys.exit(1 if found else 0)
"""


def watched_import(
    places: list[Path], names: list[str], path: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, "\n".join(map(str, places)), *names],
        env={**os.environ, "PYTHONPATH": str(path)},
        cwd=path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_importing_does_no_work() -> None:
    """No file is read, no socket or database opened, by the import of any module of ours."""
    names = [module.name for module in MODULES if not module.name.endswith("__main__")]
    result = watched_import([ROOT / "bot", ROOT / "webhook"], names, ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "work",
    [
        "open('notes.txt')",
        "__import__('pathlib').Path('notes.txt').read_text()",
        "__import__('sqlite3').connect(':memory:')",
        "__import__('socket').socket().connect_ex(('127.0.0.1', 9))",
    ],
)
def test_work_at_import_would_be_seen(tmp_path: Path, work: str) -> None:
    (tmp_path / "notes.txt").write_text("rien")
    (tmp_path / "worker.py").write_text(f"{work}\n")
    result = watched_import([tmp_path], ["worker"], tmp_path)
    assert result.returncode == 1, result.stderr
    assert "worker.py:1" in result.stdout

"""Which modules the warm parent may share."""

import sys
import types
from dataclasses import replace
from pathlib import Path

import pytest

from local.lambda_service.import_recorder import closure, imported_names
from local.lambda_service.module_places import ModulePlaces, import_root, top_level_names
from local.lambda_service.preload import most_common_layers
from tests.unit.lambda_service.codes import code


@pytest.mark.parametrize(
    ("name", "fromlist", "level", "expected"),
    [
        ("a.b.c", (), 0, ["a", "a.b", "a.b.c"]),
        ("a", ("b", "c"), 0, ["a", "a.b", "a.c"]),
        ("", ("part",), 1, ["pkg", "pkg.sub", "pkg.sub.part"]),
        ("other", ("x",), 2, ["pkg", "pkg.other", "pkg.other.x"]),
        ("other", (), 5, []),
    ],
)
def test_imported_names(name: str, fromlist: tuple[str, ...], level: int, expected: list[str]) -> None:
    scope = {"__name__": "pkg.sub.module", "__package__": "pkg.sub"}
    assert imported_names(name, scope, fromlist, level) == expected


def test_closure_takes_importers_and_submodules() -> None:
    importers = {"settings": {"user"}, "user": {"app"}, "other": {"app"}}
    modules = ["settings", "settings.inner", "settings_of_another", "user", "app", "other"]
    assert closure({"settings"}, importers, modules) == {"settings", "settings.inner", "user", "app"}


def test_import_root() -> None:
    def module(**attributes: object) -> types.ModuleType:
        made = types.ModuleType("m")
        vars(made).update(attributes)
        return made

    assert import_root("plain", module(__file__="/root/plain.py")) == "/root"
    assert import_root("pkg", module(__file__="/root/pkg/__init__.py", __path__=["/root/pkg"])) == "/root"
    assert import_root("pkg.sub", module(__file__="/root/pkg/sub.py")) == "/root"
    assert import_root("a.b", module(__file__="/root/a/b/__init__.py", __path__=["/root/a/b"])) == "/root"
    assert import_root("space.inner", module(__path__=["/root/space/inner"])) == "/root"
    assert import_root("sys", sys) == ""


def test_most_common_layers() -> None:
    codes = [code("a", ["x"]), code("b", ["x", "y"]), code("c", ["x", "y"])]
    assert most_common_layers(codes) == ["x", "y"]
    assert most_common_layers([]) == []


def test_top_level_names(tmp_path: Path) -> None:
    for name in ("one.py", "two.cpython-313-x86_64-linux-gnu.so", ".hidden.py"):
        (tmp_path / name).touch()
    for name in ("three", "__pycache__"):
        (tmp_path / name).mkdir()
    assert top_level_names([str(tmp_path), "/nowhere"]) == {"one", "two", "three"}


def test_a_function_keeps_what_it_would_find_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    layer, folder = tmp_path / "layer", tmp_path / "folder"
    for place in (layer, folder):
        place.mkdir()
    (folder / "shadowed.py").touch()
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    places = ModulePlaces([code("a", [str(layer)])])
    places.add_new()
    for name in ("early", "shadowed"):
        sys.modules[name] = module_at(layer / f"{name}.py")
        places.add_new()
    del sys.modules["shadowed"]
    sys.modules["late"] = module_at(layer / "late.py")
    sys.modules["shadowed"] = module_at(layer / "shadowed.py")
    places.add_new()
    places.forget_foreign(replace(code("a", [str(layer)]), folder=str(folder)))
    assert {"early", "late"} <= sys.modules.keys()
    assert not {"shadowed", "local", "local.lambda_service"} & sys.modules.keys()
    places.forget_foreign(code("b", []))
    assert not {"early", "late"} & sys.modules.keys()


def module_at(file: Path) -> types.ModuleType:
    made = types.ModuleType(file.stem)
    made.__file__ = str(file)
    return made

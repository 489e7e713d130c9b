"""Steps of code at which an environment may be killed: whether they are there, and when the wrapped call acts."""

import asyncio
import json
from pathlib import Path
from types import ModuleType

import pytest

from local.faults import InvalidFault
from local.faults.step_name import check_step
from local.lambda_service import steps
from local.lambda_service.steps import Step, arm

SOURCE = """
from json import dumps

seen = []

def publish(what):
    seen.append(what)
    return f"published {what}"

async def send(what):
    seen.append(what)
    return f"sent {what}"

class Base:
    def inherited(self): ...

class Store(Base):
    @staticmethod
    def put(what):
        seen.append(what)
        return f"put {what}"

    @classmethod
    def name(cls):
        return cls.__name__

class Plain:
    def method(self): ...
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "stock.py").write_text(SOURCE)
    return tmp_path


@pytest.mark.parametrize("name", ["publish", "send", "Store.put", "Store.inherited", "Plain.method", "dumps"])
def test_what_is_there_is_found(root: Path, name: str) -> None:
    check_step(f"shop.stock:{name}:before", [root / "other", root])


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("shop.cellar:publish:after", "no module shop.cellar"),
        (
            "shop.stock:pubish:after",
            "shop.stock has no pubish. Beside it stand: dumps, publish, send, Base, Store, Plain",
        ),
        ("shop.stock:Plain.put:after", "shop.stock has no Plain.put. Beside it stand: method"),
        ("shop.stock:publish.now:after", "shop.stock has no publish.now. Beside it stand: none"),
    ],
)
def test_what_is_not_there_is_refused_with_what_is(root: Path, at: str, said: str) -> None:
    with pytest.raises(InvalidFault, match=said):
        check_step(at, [root])


@pytest.fixture
def module(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The source as a module, in which being killed is an exception."""
    made = ModuleType("stock_of_steps")
    exec(SOURCE, vars(made))
    monkeypatch.setitem(__import__("sys").modules, made.__name__, made)

    def killed(_pid: int, _signal: int) -> None:
        raise SystemExit("killed")

    monkeypatch.setattr(steps.os, "kill", killed)
    return made


def _step(at: str, folder: Path, count: int | None = None) -> Step:
    return Step("f1", f"stock_of_steps:{at}", "kill", 0, 1, count, None, str(folder))


def test_before_is_before_and_after_is_after(module: ModuleType, tmp_path: Path) -> None:
    arm([_step("publish:before", tmp_path)], lambda: "r1")
    with pytest.raises(SystemExit):
        module.publish("a")
    assert module.seen == []
    arm([_step("Store.put:after", tmp_path)], lambda: "r2")
    with pytest.raises(SystemExit):
        module.Store.put("b")
    assert module.seen == ["b"]
    told = [json.loads((tmp_path / f"f1.{number}").read_text()) for number in (1, 2)]
    assert [(one["at"], one["request_id"]) for one in told] == [
        ("stock_of_steps:publish:before", "r1"),
        ("stock_of_steps:Store.put:after", "r2"),
    ]


def test_after_a_coroutine_is_when_it_is_done(module: ModuleType, tmp_path: Path) -> None:
    arm([_step("send:after", tmp_path)], lambda: "r1")
    coroutine = module.send("a")
    with pytest.raises(SystemExit):
        asyncio.run(coroutine)
    assert module.seen == ["a"]


def test_a_count_is_that_of_all_environments(module: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "f1.1").write_text("{}")  # by another one
    arm([_step("Store.name:before", tmp_path, count=2)], lambda: "r1")
    with pytest.raises(SystemExit):
        module.Store.name()
    assert module.Store.name() == "Store"


def test_a_step_that_is_not_there_is_an_error(module: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(AttributeError, match="sell"):
        arm([_step("sell:before", tmp_path)], lambda: "r1")

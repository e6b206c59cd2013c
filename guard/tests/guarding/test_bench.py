"""The bench is as strict as what was promised: a bound that is missed is said, and decides the exit code."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[3] / "bench" / "guard.py"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("guard_bench", BENCH)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)

    async def small(*_options: object) -> float:
        return 0.1

    async def whole(count: int) -> tuple[int, float, float]:
        return count, 1.0, 50.0

    monkeypatch.setattr(made, "overhead_ms", small)
    monkeypatch.setattr(made, "growth_mb", small)
    monkeypatch.setattr(made, "slow_streams", whole)
    monkeypatch.setattr(sys, "argv", ["guard.py"])
    return made


@pytest.mark.parametrize("slow", ["tiny JSON answers", "streams without pause", "streams of 200 ms", ""])
def test_each_rate_below_its_share_is_missed_and_ends_in_failure(bench, monkeypatch, capsys, slow: str):
    requests = {request: name for name, request, _connections in bench.ASKED}

    async def rates(_seconds: float, request: bytes, _connections: int) -> tuple[float, float]:
        return 1000.0, 899.0 if requests[request] == slow else 950.0

    monkeypatch.setattr(bench, "rates", rates)
    assert bench.main() == (1 if slow else 0)
    missed = [line for line in capsys.readouterr().out.splitlines() if line.endswith("MISSED")]
    assert [line.startswith(f"{slow} a second") for line in missed] == ([True] if slow else [])

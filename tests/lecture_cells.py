"""Runs a lecture's cells again, as a reader would, and hands back what they defined."""

import os
import re
import time
from pathlib import Path
from typing import Any

import pytest

from octavo.read.source import Cell, Source, read_source

ROOT = Path(__file__).parent.parent
DEFINED = re.compile(r"^def (\w+)", re.MULTILINE)
INLINE = re.compile(r"`\{python\} (?P<expression>[^`]+)`")


def source(lecture: str) -> Source:
    """The lecture `lectures/<lecture>.qmd`."""
    return read_source(ROOT, f"lectures/{lecture}.qmd")


def code_of(lecture: str, label: str) -> str:
    """The code of the cell with this label."""
    return next(cell.code for cell in source(lecture).cells if cell.options.get("label") == label)


def run(lecture: str) -> dict[str, Any]:
    """The names that the lecture's cells define, all of them run in order in the page's folder, figures undrawn."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt
    import torch

    names: dict[str, Any] = {"__name__": "__main__"}
    slow = slowness()
    here, dtype = Path.cwd(), torch.get_default_dtype()
    os.chdir(ROOT / "lectures")
    try:
        with matplotlib.rc_context():
            seconds = {}
            for cell in source(lecture).cells:
                if is_run(cell):
                    label = str(cell.options.get("label"))
                    began = time.process_time()
                    exec(compile(cell.code, f"{lecture}: {label}", "exec"), names)  # to run the lecture is the point
                    plt.close("all")
                    seconds[label] = time.process_time() - began
    finally:
        os.chdir(here)
        torch.set_default_dtype(dtype)
    # The lectures promise twenty seconds an experiment and a minute a page; as much again is for a machine that gets busy.
    slow = max(1.0, slow, slowness())
    assert max(seconds.values()) < 40 * slow and sum(seconds.values()) < 60 * slow, (slow, seconds)
    return names


def slowness(steps: int = 1000) -> float:
    """How many times longer than on a laptop the cells take here and now: small steps of gradient descent on one thread.

    A laptop's core makes five thousand of them in a second.
    """
    import torch

    with torch.random.fork_rng():
        network = torch.nn.Sequential(torch.nn.Linear(8, 40), torch.nn.ReLU(), torch.nn.Linear(40, 1))
        descent = torch.optim.SGD(network.parameters(), lr=0.01)
        inputs = torch.randn(10, 8)
        began = time.process_time()
        for _ in range(steps):
            descent.zero_grad()
            network(inputs).square().mean().backward()
            descent.step()
        return (time.process_time() - began) * 5000 / steps


def check_the_check(lecture: str, names: dict[str, Any]) -> None:
    """Each code exercise is a stub, a solution and a check: the check passes on the one and fails on the other."""
    labels = [str(cell.options.get("label", "")) for cell in source(lecture).cells]
    stubs = [label.removesuffix("-stub") for label in labels if label.endswith("-stub")]
    assert stubs
    for exercise in stubs:
        solution, stub = (code_of(lecture, f"{exercise}-{part}") for part in ("solution", "stub"))
        task = DEFINED.findall(solution)[0]
        check = names[DEFINED.findall(code_of(lecture, f"{exercise}-check"))[0]]
        solved, stubbed = dict(names), dict(names)
        exec(solution, solved)
        check(solved[task])
        exec(stub, stubbed)
        with pytest.raises(AssertionError):
            check(stubbed[task])


def is_run(cell: Cell) -> bool:
    return cell.language == "python" and cell.options.get("eval") is not False and not cell.options.get("error")


def inline_values(lecture: str, names: dict[str, Any]) -> dict[str, str]:
    """Each inline expression of the page, and what stands in the sentence for it."""
    expressions = [match["expression"] for match in INLINE.finditer(source(lecture).text)]
    return {expression: str(eval(expression, dict(names))) for expression in expressions}

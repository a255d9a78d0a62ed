"""Cells run in an ordinary Jupyter kernel: for documents that name one, and where there is no `fork`."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from octavo.execute.ansi import without_ansi
from octavo.execute.server import ENVIRONMENT, KernelStartError, UnknownKernelError

SETUP = """
import random, sys
random.seed({seed})
for _name, _call in (("numpy", "random.seed"), ("torch", "manual_seed")):
    try:
        _module = __import__(_name) if _name in {imports} else None
        if _module is not None:
            (_module.random.seed if _name == "numpy" else _module.manual_seed)({seed})
    except ImportError:
        pass
if {interactivity!r}:
    get_ipython().ast_node_interactivity = {interactivity!r}
try:
    if {draws}:
        _figures = type(sys)("octavo_figures")
        exec({source!r}, _figures.__dict__)
        _figures.install(get_ipython(), {formats})
except ImportError:
    pass
for _name in ("random", "sys", "_name", "_call", "_module", "_figures"):
    globals().pop(_name, None)
"""
FRAME = re.compile(r"Cell In\[(?P<number>\d+)\], line (?P<line>\d+)")
WARNING = re.compile(r"^(?P<file>\S.*?):(?P<line>\d+): (?P<category>\w*Warning): (?P<text>.*)$", re.MULTILINE)
TEMPORARY = re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py")
LARGEST_OUTPUT = 10_000_000


def run(request: Mapping[str, Any], kernel: str, language: str, seconds: float) -> Iterator[dict[str, Any]]:
    """The same events as `server.run` gives, from a kernel named `kernel`. Raises KernelStartError."""
    try:
        import nbformat
        from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
    except ImportError as e:
        raise KernelStartError(f"the package `{e.name}` is not installed") from None
    try:
        KernelSpecManager().get_kernel_spec(kernel)
    except NoSuchKernel:
        known = ", ".join(f"`{name}`" for name in sorted(KernelSpecManager().find_kernel_specs()))
        raise UnknownKernelError(f"there is no kernel `{kernel}`; there are: {known or 'none'}") from None
    cells = [nbformat.v4.new_code_cell(step["code"]) for step in request["steps"]]
    notebook = nbformat.v4.new_notebook(cells=list(cells))  # the client puts what it executes into the notebook
    client = NotebookClient(
        notebook, kernel_name=kernel, allow_errors=True, record_timing=False,
        resources={"metadata": {"path": request["folder"]}},
    )  # fmt: skip
    deadline = time.monotonic() + seconds
    environment = {**os.environ, **ENVIRONMENT, **request["environment"]}
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(client.setup_kernel(env=environment, stderr=subprocess.DEVNULL))
        except (RuntimeError, OSError) as e:
            raise KernelStartError(f"the kernel `{kernel}` does not start: {e}") from None
        if language == "python":
            setup = nbformat.v4.new_code_cell(_setup(request))
            client.execute_cell(setup, 0, store_history=False)
        for n, step in enumerate(request["steps"]):
            yield {"event": "begin", "kind": step["kind"], "index": step["index"]}
            client.timeout = max(1, int(deadline - time.monotonic()))
            try:
                if step["kind"] == "inline":
                    event = _inline(client, step)
                else:
                    client.execute_cell(cells[n], n, execution_count=step["number"])
                    event = _cell(json.loads(json.dumps(cells[n].outputs)))
            except CellTimeoutError:
                yield {"event": "timeout"}
                return
            except DeadKernelError:
                yield {"event": "died"}
                return
            if event["event"] == "cell" and _size(event["outputs"]) > LARGEST_OUTPUT:
                yield {"event": "too-large", "index": step["index"]}
                return
            yield {**event, "index": step["index"]}
            if step["kind"] == "cell" and event.get("failure") and not step["error"] and not request["goes_on"]:
                break
        for step, cell in zip(request["steps"], cells, strict=True):
            if step["kind"] == "cell":  # a later cell may have updated its displays
                outputs = _cell(json.loads(json.dumps(cell.outputs)))["outputs"]
                yield {"event": "outputs", "index": step["index"], "outputs": outputs}
    yield {"event": "end"}


def _setup(request: Mapping[str, Any]) -> str:
    imports = sorted({name.split(".")[0] for name in request["imports"]})
    source = Path(__file__).with_name("figures.py").read_text("utf-8")
    formats = repr(json.loads(json.dumps(request["formats"])))
    return SETUP.format(
        interactivity=request["interactivity"],
        seed=request["seed"],
        imports=imports,
        source=source,
        formats=formats,
        draws=bool(imports),
    )


def _cell(outputs: list[dict[str, Any]]) -> dict[str, Any]:
    event: dict[str, Any] = {"event": "cell", "outputs": outputs, "warnings": []}
    for output in outputs:
        if output["output_type"] == "stream":
            output["text"] = TEMPORARY.sub("<ipython-input>", output["text"])
            if output["name"] == "stderr":
                event["warnings"] += [
                    {"category": m["category"], "text": m["text"], "number": None, "line": None}
                    for m in WARNING.finditer(output["text"])
                ]
        elif output["output_type"] == "error":
            event["failure"] = _failure(output)
    return event


def _failure(output: Mapping[str, Any]) -> dict[str, Any]:
    trace = without_ansi("\n".join(output.get("traceback", [])))
    frames = [{"number": int(m["number"]), "line": int(m["line"]), "column": 1} for m in FRAME.finditer(trace)]
    asked = output["ename"] == "StdinNotImplementedError"
    return {"name": output["ename"], "text": output["evalue"], "input": asked, "frames": frames}


def _inline(client: Any, step: Mapping[str, Any]) -> dict[str, Any]:
    code = step["code"]
    reply = client.wait_for_reply(client.kc.execute("", store_history=False, user_expressions={"value": code}))
    value = reply["content"].get("user_expressions", {}).get("value", reply["content"])
    if value.get("status") != "ok":
        output = {"ename": value.get("ename", "Error"), "evalue": value.get("evalue", ""), "traceback": []}
        return {"event": "inline", "failure": _failure(output)}
    data = {mime: text for mime, text in value["data"].items() if isinstance(text, str)}
    plain = data.get("text/plain", "")
    quoted = re.fullmatch(r"(['\"])(.*)\1", plain, re.DOTALL)  # a text's repr, of which the author means the text
    typed = re.fullmatch(r"np\.\w+\((.*)\)", plain)
    data["text/plain"] = quoted[2] if quoted else typed[1] if typed else plain
    return {"event": "inline", "data": data}


def _size(outputs: list[dict[str, Any]]) -> int:
    return sum(len(json.dumps(output)) for output in outputs)

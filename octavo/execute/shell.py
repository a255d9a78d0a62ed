"""The shell that runs one document's cells inside a forked child, and records what they put out as Jupyter would."""

import builtins
import getpass
import io
import os
import random
import re
import sys
import tempfile
import warnings
from base64 import b64encode

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Any
from traitlets.config import Config

from octavo.execute import figures

CELL_NAME = re.compile(r"<ipython-input-(\d+)>")
LARGEST_OUTPUT = 10_000_000


class Recorder:
    """The outputs of the running cell, in nbformat's form."""

    def __init__(self, too_large):
        self.outputs, self.ids, self.size, self.clear_next = [], {}, 0, False
        self.too_large, self.cells, self.updated = too_large, {}, set()

    def begin(self, index):
        self.outputs, self.size, self.clear_next = [], 0, False
        self.cells[index], self.updated = self.outputs, set()

    def _add(self, output, size):
        self._clear_if_asked()
        self.size += size
        if self.size > LARGEST_OUTPUT:
            self.too_large()
        self.outputs.append(output)

    def _clear_if_asked(self):
        if self.clear_next:
            self.outputs.clear()
            self.clear_next = False

    def stream(self, name, text):
        text = text.replace("\r\n", "\n")
        if not text:
            return
        self._clear_if_asked()
        last = self.outputs[-1] if self.outputs else None
        if last and last["output_type"] == "stream" and last["name"] == name:
            last["text"] += text
            self.size += len(text)
            if self.size > LARGEST_OUTPUT:
                self.too_large()
        else:
            self._add({"output_type": "stream", "name": name, "text": text}, len(text))

    def display(self, data, metadata, display_id=None, update=False):
        data = {mime: _json_ready(value) for mime, value in data.items()}
        if update:
            for output in self.ids.get(display_id, []):
                output.update(data=data, metadata=metadata or {})
                self.updated |= {index for index, outputs in self.cells.items() if any(o is output for o in outputs)}
            return
        output = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
        if display_id is not None:
            self.ids.setdefault(display_id, []).append(output)
        self._add(output, _size(data))

    def result(self, count, data, metadata):
        data = {mime: _json_ready(value) for mime, value in data.items()}
        output = {"output_type": "execute_result", "execution_count": count, "data": data, "metadata": metadata or {}}
        self._add(output, _size(data))

    def error(self, name, value, traceback):
        self._add({"output_type": "error", "ename": name, "evalue": value, "traceback": traceback}, len(value))

    def clear(self, wait):
        if wait:
            self.clear_next = True
        else:
            self.outputs.clear()


def _json_ready(value):
    return b64encode(value).decode("ascii") if isinstance(value, bytes) else value


def _size(data):
    if isinstance(data, dict):
        return sum(_size(v) for v in data.values())
    return len(data) if isinstance(data, str) else 8


class Stream(io.TextIOBase):
    """What `sys.stdout` and `sys.stderr` are while cells run."""

    encoding, errors = "utf-8", "replace"

    def __init__(self, name, recorder):
        self.name, self._recorder = f"<{name}>", recorder
        self._stream = name

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self._stream, text)
        return len(text)


class _DisplayHook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        self.shell.recorder.result(self.shell.cell_number, format_dict, md_dict)

    def finish_displayhook(self):
        self._is_active = False


class _DisplayPublisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
        self._validate_data(data, metadata)
        self.shell.recorder.display(data, metadata, (transient or {}).get("display_id"), update)

    def clear_output(self, wait=False):
        self.shell.recorder.clear(wait)


class _Compiler(CachingCompiler):
    def get_code_name(self, raw_code, transformed_code, number):
        # Without a hash or a temporary file's path in it, a warning's text is the same on every run.
        return f"<ipython-input-{number}>"


class CellShell(InteractiveShell):
    """An IPython shell without a terminal and without history on disk."""

    displayhook_class = _DisplayHook
    display_pub_class = _DisplayPublisher
    compiler_class = _Compiler
    recorder = Any()
    cell_number = Any(0)

    def _showtraceback(self, etype, evalue, stb):
        self.recorder.error(getattr(etype, "__name__", str(etype)), str(evalue), list(stb))

    def enable_gui(self, gui=None):
        pass


def run_document(request, send):
    """Run the steps of `request` one after the other and `send` an event for each.

    `request`: `{"steps": [...], "folder", "ipython_dir", "seed", "formats", "environment", "goes_on", "interactivity"}`; a step is
    `{"kind": "cell", "index", "number", "code", "error", "size"}` or `{"kind": "inline", "index", "code"}`.
    Events: `{"event": "begin"|"cell"|"outputs"|"inline"|"too-large", "index", …}`; a cell that fails unasked is the last one,
    unless the run `goes_on`.
    """
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.path.insert(0, "")
    current = {"index": 0}

    def too_large():
        send({"event": "too-large", "index": current["index"]})
        os._exit(0)

    shell = _shell(request, Recorder(too_large))
    raw = _capture_file_descriptors()
    seen = _record_warnings()
    _seed(request["seed"])
    for step in request["steps"]:
        current["index"] = step["index"]
        send({"event": "begin", "kind": step["kind"], "index": step["index"]})
        if step["kind"] == "inline":
            event = _run_inline(shell, step)
        else:
            event = _run_cell(shell, step, request["formats"], raw, seen)
        send({**event, "index": step["index"]})
        for index in sorted(shell.recorder.updated - {None, step["index"]}) if step["kind"] == "cell" else ():
            send({"event": "outputs", "index": index, "outputs": shell.recorder.cells[index]})
        if step["kind"] == "cell" and event.get("failure") and not step["error"] and not request["goes_on"]:
            return


def _shell(request, recorder):
    config = Config()
    config.HistoryManager.enabled = False
    shell = CellShell.instance(config=config, ipython_dir=request["ipython_dir"], recorder=recorder)
    if request["interactivity"]:
        shell.ast_node_interactivity = request["interactivity"]
    sys.stdout, sys.stderr = Stream("stdout", recorder), Stream("stderr", recorder)
    sys.stdin = io.StringIO()
    builtins.input = getpass.getpass = _no_input
    if "matplotlib" in sys.modules:
        figures.install(shell, request["formats"])
    return shell


def _no_input(*_, **__):
    raise StdinNotImplementedError("input() has nobody to answer it while a document is rendered")


def _seed(seed):
    """Every document starts from its own, always the same, random state; a fork would inherit one for all."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)
        sys.modules["torch"].set_num_threads(1)


def _capture_file_descriptors():
    """Files that take what subprocesses and C code write to descriptors 1 and 2; read after each cell."""
    taken = {}
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a subprocess must not read what is meant for the fork server
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        file = tempfile.TemporaryFile()  # noqa: SIM115 (for the life of the process)
        os.dup2(file.fileno(), descriptor)
        taken[name] = file
    return taken


def _record_warnings():
    """The Python warnings shown so far, each `{"category", "text", "number", "line"}`; they are still printed."""
    seen, show = [], warnings.showwarning

    def showwarning(message, category, filename, lineno, file=None, line=None):
        cell = CELL_NAME.fullmatch(filename)
        where = {"number": int(cell[1]), "line": lineno} if cell else {"number": None, "line": None}
        seen.append({"category": category.__name__, "text": str(message), **where})
        show(message, category, filename, lineno, file, line)

    warnings.showwarning = showwarning
    return seen


def _run_cell(shell, step, formats, raw, seen):
    shell.recorder.begin(step["index"])
    shell.execution_count = shell.cell_number = step["number"]
    if step["size"] and "matplotlib" in sys.modules:
        figures.set_size({**formats["html"], **step["size"]})
    seen.clear()
    result = shell.run_cell(step["code"], store_history=True)
    for name, file in raw.items():
        _read_raw(shell.recorder, name, file)
    if step["size"] and "matplotlib" in sys.modules:
        figures.set_size(formats["html"])
    failure = result.error_before_exec or result.error_in_exec
    event = {"event": "cell", "outputs": shell.recorder.outputs, "warnings": list(seen)}
    if failure is not None:
        event["failure"] = described(failure)
    return event


def _read_raw(recorder, name, file):
    file.seek(0)
    text = file.read().decode("utf-8", errors="replace")
    file.seek(0)
    file.truncate()
    recorder.stream(name, text)


def _run_inline(shell, step):
    shell.recorder.begin(None)  # what an expression prints is nobody's output
    try:
        value = eval(step["code"], shell.user_global_ns, shell.user_ns)  # the author's own code
        data, _ = shell.display_formatter.format(value)
        data = {mime: text for mime, text in data.items() if isinstance(text, str)}
        # An author means the value, not its repr: no quotes around text, no `np.float64(…)` around numbers.
        data["text/plain"] = str(value)
    except BaseException as e:
        return {"event": "inline", "failure": described(e)}
    return {"event": "inline", "data": data}


def described(failure):
    """`{"name", "text", "input", "frames": [{"number", "line", "column"}, …]}`, the innermost frame last."""
    frames, traceback = [], failure.__traceback__
    while traceback is not None:
        cell = CELL_NAME.fullmatch(traceback.tb_frame.f_code.co_filename)
        if cell:
            places = list(traceback.tb_frame.f_code.co_positions())
            column = places[traceback.tb_lasti // 2][2] if traceback.tb_lasti // 2 < len(places) else None
            frames.append({"number": int(cell[1]), "line": traceback.tb_lineno, "column": (column or 0) + 1})
        traceback = traceback.tb_next
    if isinstance(failure, SyntaxError) and failure.filename and CELL_NAME.fullmatch(failure.filename):
        number = int(CELL_NAME.fullmatch(failure.filename)[1])
        frames.append({"number": number, "line": failure.lineno or 1, "column": failure.offset or 1})
    text = failure.msg if isinstance(failure, SyntaxError) else str(failure)
    asked = isinstance(failure, StdinNotImplementedError)
    return {"name": type(failure).__name__, "text": text, "input": asked, "frames": frames}

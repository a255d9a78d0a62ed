"""Cells that really run: what a page's author sees of values, figures, failures and limits."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from octavo.execute import results, run, server
from octavo.read.source import read_source

pytestmark = pytest.mark.execute
FIXTURES = Path(__file__).parent / "fixtures" / "execute"
FORMS = ("html", "docx", "tex", "typ")


def render(root: Path, text: str, name: str = "page.qmd", **options):
    (root / name).write_text(text, "utf-8")
    return results(root, read_source(root, name), {form: options for form in FORMS}, root / "_freeze", "auto")


def cells(*codes: str) -> str:
    return "\n".join(f"```{{python}}\n{code}\n```\n" for code in codes)


def one(found):
    assert len(found.diagnostics) == 1, found.diagnostics
    d = found.diagnostics[0]
    return d.code, d.position.line, d.position.column, d.message


def test_one_execution_makes_every_format(tmp_path):
    found = render(tmp_path, (FIXTURES / "every-kind.qmd").read_text("utf-8"))
    assert found.diagnostics == ()
    html = found.woven["html"].markdown
    assert html.startswith('---\ntitle: "Sum 2"\n---\n')
    assert "![A line of 2 points](page_files/figure-html/fig-line-output-1.png){#fig-line width=571 height=411" in html
    assert "fig-alt='Rising'}" in html
    assert "{#fig-two-2 " in html
    assert "The total is 2, in a list:" in html
    assert "   ::: {.cell-output .cell-output-display execution_count=5}\n   ```\n   2." in html
    assert '<span class="ansi-red-fg">ZeroDivisionError</span>: division by zero</pre>' in html
    heads = {"html": b"\x89PNG", "docx": b"\x89PNG", "tex": b"%PDF", "typ": b"<?xml"}
    for form in heads:
        woven = found.woven[form]
        assert len(woven.figures) == 3
        assert all(path.read_bytes().startswith(heads[form]) for path in woven.figures.values())
        assert all(name in woven.markdown for name in woven.figures)
    assert [[o["output_type"] for o in c] for c in found.outputs] == [
        ["display_data"], ["display_data", "display_data"], ["stream", "stream", "error"], ["execute_result"],
        ["execute_result"],
    ]  # fmt: skip
    assert found.outputs[0][0]["data"]["image/png"].startswith("iVBOR")


def test_two_executions_give_the_same_bytes(tmp_path):
    text = (FIXTURES / "every-kind.qmd").read_text("utf-8")
    digests = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        render(tmp_path / name, text)
        server.shutdown()
        files = sorted(p for p in (tmp_path / name / "_freeze").rglob("*") if p.is_file())
        digests.append([(p.name, hashlib.sha256(p.read_bytes()).hexdigest()) for p in files])
    assert digests[0] == digests[1]
    assert len(digests[0]) == 4 + 1 + 12


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["def f(n):\n    return 1 / n", "\nf(0)"], ("OCT-cell-error", 3, 12, "ZeroDivisionError: division by zero")),
        (["x = = 1"], ("OCT-cell-error", 2, 5, "SyntaxError: invalid syntax")),
        (["x = 1", "input('?')"], ("OCT-cell-input", 6, 1, "the cell waits for input")),
        (["import os; os._exit(3)"], ("OCT-cell-died", 1, 1, "the process that ran this cell ended")),
        (["print('x' * 11_000_000)"], ("OCT-cell-output-size", 1, 1, "the output of this cell is larger than 10 MB")),
        (["import warnings\nwarnings.warn('careful')"], ("OCT-cell-warning", 3, 1, "UserWarning: careful")),
        (["#| error: true\n1 / 0", "1 / 0"], ("OCT-cell-error", 7, 1, "ZeroDivisionError: division by zero")),
    ],
)
def test_what_goes_wrong_is_told_at_its_line(tmp_path, codes, expected):
    assert one(render(tmp_path, cells(*codes))) == expected


def test_hidden_warnings_are_not_told(tmp_path):
    code = "import warnings\nwarnings.warn('careful')"
    assert render(tmp_path, cells("#| warning: false\n" + code), "a.qmd").diagnostics == ()
    assert render(tmp_path, cells(code), "b.qmd", execute={"warning": False}).diagnostics == ()


def test_interrupting_the_program_ends_a_running_document(tmp_path):
    (tmp_path / "page.qmd").write_text(cells("print('x')", "import time; time.sleep(60)"), "utf-8")
    code = f"""
import signal, sys, threading
from pathlib import Path
from octavo.execute import results
from octavo.read.source import read_source
root = Path({str(tmp_path)!r})
def work():
    results(root, read_source(root, "page.qmd"), {{"html": {{}}}}, root / "_freeze", "auto", lambda text: print(text, flush=True))
thread = threading.Thread(target=work)
thread.start()
try:
    thread.join()
except KeyboardInterrupt:
    sys.exit(7)
"""
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, start_new_session=True) as program:
        while "cell 2" not in program.stdout.readline():
            pass
        os.killpg(program.pid, signal.SIGINT)
        assert program.wait(timeout=20) == 7


def test_a_failed_run_is_not_frozen_and_still_shows_what_there_is(tmp_path):
    found = render(tmp_path, cells("print('before')", "1 / 0", "print('after')"))
    html = found.woven["html"].markdown
    assert "```\nbefore\n```" in html
    assert "cell-output-error" in html
    assert "```\nafter\n```" not in html
    assert not (tmp_path / "_freeze").exists()


def test_a_failing_expression_is_told_and_left_as_written(tmp_path):
    found = render(tmp_path, "a\n\nThe `{python} missing` and `{python} 1 + 1`.\n")
    assert one(found)[:3] == ("OCT-inline-error", 3, 5)
    assert found.woven["html"].markdown == "a\n\nThe `{python} missing` and 2.\n"


def test_a_document_has_a_limited_time(tmp_path, monkeypatch):
    monkeypatch.setattr(run.execute, "__defaults__", (None, 1.0, False))
    assert one(render(tmp_path, cells("1", "while True: pass")))[:2] == ("OCT-cell-timeout", 5)


def test_text_is_captured_from_wherever_it_comes(tmp_path):
    code = (
        "import os, subprocess, sys\nprint('py')\nsys.stdout.flush()\nsubprocess.run(['echo', 'child'])\n"
        "os.write(1, b'raw\\n')\n!echo shell"
    )
    found = render(tmp_path, cells(code + ";"))
    text = "".join(o.get("text", "") for o in found.outputs[0])
    assert sorted(text.split()) == ["child", "py", "raw", "shell"]


def test_text_holds_nothing_of_the_machine(tmp_path):
    code = "class Net: pass\nprint(Net(), chr(0xdc80))\nNet()"
    found = render(tmp_path, cells("import os\nos.getcwd() + '/x.py'", code))
    assert found.outputs[0][0]["data"]["text/plain"] == "'x.py'"
    assert found.outputs[1][0]["text"] == "<__main__.Net object at 0x…> ?\n"
    assert found.outputs[1][1]["data"]["text/plain"] == "<__main__.Net at 0x…>"


def test_displays_are_updated_and_cleared_as_in_a_notebook(tmp_path):
    code = "from IPython.display import clear_output, display\nprint('gone'); clear_output(); h = display('a', display_id=True)"
    found = render(tmp_path, cells(code, "h.update('b')"))
    assert [o["data"]["text/plain"] for o in found.outputs[0]] == ["'b'"]


def test_documents_start_alike_and_do_not_see_each_other(tmp_path):
    text = cells("import random\nrandom.random()", "'leak' in globals()", "leak = 1")
    first = render(tmp_path, text, "a.qmd")
    second = render(tmp_path, text, "b.qmd")
    values = [f.outputs[0][0]["data"]["text/plain"] for f in (first, second)]
    assert values[0] != values[1]
    assert second.outputs[1][0]["data"]["text/plain"] == "False"


def test_the_working_directory_is_the_pages_or_the_projects(tmp_path):
    (tmp_path / "sub").mkdir()
    text = cells("import os\nos.path.basename(os.getcwd())")
    assert "sub" in str(render(tmp_path, text, "sub/a.qmd").outputs)
    assert tmp_path.name in str(render(tmp_path, text, "sub/b.qmd", **{"execute-dir": "project"}).outputs)


def test_documents_run_side_by_side(tmp_path):
    found = {}

    def work(n):
        found[n] = render(tmp_path, cells(f"import time; time.sleep(0.5); {n}"), f"p{n}.qmd")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {n: f.outputs[0][0]["data"]["text/plain"] for n, f in found.items()} == {n: str(n) for n in range(4)}


def test_figure_options_give_size_and_format(tmp_path):
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    found = render(tmp_path, cells(code, f"#| fig-width: 3\n#| fig-height: 2\n{code}"), **{"fig-format": "svg"})
    assert {Path(n).suffix for n in found.woven["html"].figures} == {".svg"}
    sizes = [re.search(rb'width="([\d.]+)pt"', p.read_bytes())[1] for p in found.woven["html"].figures.values()]
    assert float(sizes[0]) > 400
    assert float(sizes[1]) < 220


def test_an_ordinary_kernel_gives_the_same(tmp_path, monkeypatch):
    text = (
        "---\ntitle: T\n---\n\n"
        + cells(
            "#| label: fig-a\n#| fig-alt: A line\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()",
            "print(1)\n'x'",
        )
        + "\n`{python} 'it'` `{python} 0.5`\n"
    )
    (tmp_path / "a").mkdir()
    forked = render(tmp_path / "a", text)
    monkeypatch.setattr(server, "available", lambda: False)
    (tmp_path / "b").mkdir()
    plain = render(tmp_path / "b", text)
    assert plain.diagnostics == ()
    assert {f: w.markdown for f, w in plain.woven.items()} == {f: w.markdown for f, w in forked.woven.items()}
    failing = render(tmp_path / "b", cells("x = 1", "\n1 / 0"), "c.qmd")
    assert one(failing)[:2] == ("OCT-cell-error", 7)


def test_an_unknown_kernel_is_told_where_it_is_named(tmp_path):
    code, line, column, message = one(render(tmp_path, "---\njupyter: nosuch\n---\n\n" + cells("1"), jupyter="nosuch"))
    assert (code, line, column) == ("OCT-kernel-unknown", 2, 1)
    assert "`python3`" in message


def test_what_the_code_writes_does_not_make_its_results_stale(tmp_path):
    text = cells("from pathlib import Path\nPath('in.txt').read_text()", "Path('out.txt').write_text('x');")
    (tmp_path / "in.txt").write_text("a", "utf-8")
    assert render(tmp_path, text).executed
    (tmp_path / "out.txt").unlink()
    assert not render(tmp_path, text).executed
    (tmp_path / "in.txt").write_text("b", "utf-8")
    assert render(tmp_path, text).executed
    (tmp_path / "out.txt").unlink()
    assert not render(tmp_path, text).executed


def test_missing_packages_are_told(tmp_path, monkeypatch):
    server.shutdown()
    monkeypatch.setattr(server, "START", "raise ModuleNotFoundError(\"No module named 'IPython'\")")
    code, line, _, message = one(render(tmp_path, cells("1")))
    assert (code, line) == ("OCT-kernel-start", 1)
    assert "No module named 'IPython'" in message


def test_a_fork_of_the_program_leaves_its_server_alone(tmp_path):
    assert render(tmp_path, cells("print(1)")).diagnostics == ()
    if (pid := os.fork()) == 0:
        try:
            render(tmp_path, cells("print(2)"), "b.qmd")
        finally:
            server.shutdown()
            os._exit(0)
    os.waitpid(pid, 0)
    assert render(tmp_path, cells("print(3)"), "c.qmd").diagnostics == ()


def test_a_server_that_has_gone_is_started_again(tmp_path):
    render(tmp_path, cells("1"), "a.qmd")
    os.kill(server._State.server.process.pid, signal.SIGKILL)
    server._State.server.process.wait()
    assert render(tmp_path, cells("2"), "b.qmd").outputs[0][0]["data"]["text/plain"] == "2"


def test_a_lenient_run_goes_on_after_a_cell_that_fails(tmp_path):
    text = cells("import lost_module", "print('still here')", "1 / 0")
    (tmp_path / "page.qmd").write_text(text, "utf-8")
    source, options = read_source(tmp_path, "page.qmd"), {form: {} for form in FORMS}
    found = results(tmp_path, source, options, tmp_path / "_freeze", "auto", lenient=True)
    assert [d.position.line for d in found.diagnostics] == [2, 10] and "still here" in found.woven["html"].markdown
    assert not (tmp_path / "_freeze").exists()

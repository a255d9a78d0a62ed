"""What every lecture promises, checked without running it: length, statements, figures, exercises, notation, sources."""

import re

import pytest
from lecture_cells import ROOT, source
from lecture_text import BIBLIOGRAPHY, FORMULA, LECTURES, labels, letters, notation, plain, prose, words

STATEMENTS = ("def", "thm", "lem", "prp", "cor", "exm", "rem")
ENTRIES = {
    match[1]: match[2] for match in re.finditer(r"^@\w+\{(\w+),\n(.*?)^\}", BIBLIOGRAPHY, re.DOTALL | re.MULTILINE)
}
# The author's own lines of lecture 1 stand as he wrote them.
AS_WRITTEN = r"\mathcal{D}=\bigcup \mathcal{D}_i \quad \mathcal{L}=\sum \mathcal{L}_i"

each_lecture = pytest.mark.parametrize("lecture", LECTURES)


def figures(lecture: str) -> list[str]:
    return [str(label) for cell in source(lecture).cells if str(label := cell.options.get("label")).startswith("fig-")]


def is_shown(options: dict[str, object]) -> bool:
    return options.get("echo") is not False and options.get("include") is not False


@each_lecture
def test_it_is_read_in_twenty_minutes(lecture: str) -> None:
    assert 2000 <= words(prose(lecture)) <= 3500


@each_lecture
def test_it_makes_six_to_twelve_statements_and_uses_what_it_labels(lecture: str) -> None:
    text = prose(lecture)
    assert 6 <= len(labels(text, *STATEMENTS)) <= 12
    elsewhere = "\n".join(prose(other) for other in LECTURES)
    for label in [*labels(text, *STATEMENTS, "eq", "tbl"), *figures(lecture)]:
        used = re.search(rf"@{label}(?![\w-])", text) or f"{lecture}.qmd#{label})" in elsewhere
        assert used, f"{label} is never referred to"


@each_lecture
def test_proofs_follow_what_has_to_be_proved(lecture: str) -> None:
    blocks = re.findall(r"(?ms)^::: \{#(thm|lem|prp|cor)-([\w-]+)[^}]*\}.*?^:::\n\n(.{0,20})", prose(lecture))
    assert blocks
    for kind, name, after in blocks:
        assert after.startswith("::: {.proof}"), f"{kind}-{name} has no proof"


@each_lecture
def test_a_picture_comes_before_the_first_formula_and_each_says_what_to_see(lecture: str) -> None:
    cells = source(lecture).cells
    assert 3 <= len(figures(lecture)) <= 6
    whole = source(lecture).text
    assert whole.index("label: fig-") < whole.index("$$\n")
    for cell in cells:
        if str(cell.options.get("label")).startswith("fig-"):
            assert len(cell.options["fig-cap"].split()) >= 10
            assert len(cell.options["fig-alt"].split()) >= 20


@each_lecture
def test_cells_are_labelled_short_and_fit_the_page(lecture: str) -> None:
    for cell in source(lecture).cells:
        label, lines = cell.options.get("label"), cell.code.splitlines()
        assert label, cell.code[:40]
        assert len(lines) <= 30, label
        assert not is_shown(cell.options) or max(map(len, lines)) <= 82, label


@each_lecture
def test_figures_have_the_look_of_the_notes(lecture: str) -> None:
    code = "\n".join(cell.code for cell in source(lecture).cells)
    assert 'plt.style.use(sorted(Path("..").glob("assets/notes.mplstyle")))' in code
    assert "rcParams" not in code


@each_lecture
def test_exercises_have_folded_solutions_and_one_is_code_with_a_check(lecture: str) -> None:
    text = prose(lecture).partition("## Exercises")[2].partition("\n## Further reading")[0]
    exercises = re.split(r"(?m)^::: \{#exr-", text)[1:]
    assert 3 <= len(exercises) <= 6
    for exercise in exercises:
        assert exercise.count('::: {.callout-note title="Solution" collapse="true"}') == 1, exercise[:30]
    assert any("(code)" in exercise for exercise in exercises)
    cells = {str(cell.options.get("label")): cell.code for cell in source(lecture).cells}
    stubs = [label.removesuffix("-stub") for label in cells if label.endswith("-stub")]
    assert stubs
    for name in stubs:  # tests/test_lecture_NN.py runs the check on both
        assert f"{name}-solution" in cells
        assert "def check_" in cells[f"{name}-check"] and "assert" in cells[f"{name}-check"]
    assert "check_the_check(LECTURE" in (ROOT / f"tests/test_lecture_{lecture[:2]}.py").read_text("utf-8")


@each_lecture
def test_the_frame_of_a_lecture_is_there(lecture: str) -> None:
    text = prose(lecture)
    assert '::: {.callout-tip title="You will learn"}' in text
    assert '::: {.callout-warning title="Common mistakes"}' in text
    assert "\n## Further reading" in text
    assert re.search(r"(?m)^\|.*what differs", text), "no table of the paper's numbers and ours"
    last = text.rstrip().splitlines()[-1]
    assert re.match(r"Previous: .*\]\((\.\./)?[\w-]+\.qmd", last)
    assert re.search(r"Next( idea)?: .*\]\([\w-]+\.qmd", last)
    assert set(source(lecture).front_matter) >= {"title", "description", "date", "categories", "format"}


@each_lecture
def test_numbers_of_ours_are_computed(lecture: str) -> None:
    text = prose(lecture)
    assert text.count("`{python} ") >= 9
    table = next(block for block in re.findall(r"(?m)(?:^\|.*\n)+", text) if "what differs" in block)
    heads, *rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]
    for row in rows[1:]:
        for head, cell in zip(heads, row, strict=False):
            if head.startswith(("ours", "linear", "nonlinear")):
                assert not re.search(r"\d\.\d", re.sub(r"`\{python\}[^`]*`|\$[^$]*\$", "", cell)), cell


@each_lecture
def test_every_letter_is_on_the_notation_page(lecture: str) -> None:
    everywhere, own = notation()
    missing = letters(prose(lecture)) - everywhere - own[lecture]
    assert not missing - letters(f"$${AS_WRITTEN}$$"), sorted(missing)


@each_lecture
def test_the_notation_page_lists_no_letter_that_the_lecture_does_not_use(lecture: str) -> None:
    code = "\n".join(str(cell.options.get("fig-cap", "")) for cell in source(lecture).cells)
    unused = notation()[1][lecture] - letters(prose(lecture) + code)
    assert not unused, sorted(unused)


@pytest.mark.parametrize("letter", ["alpha", "eta", "phi", "K", "N", "M", "L", "ell"])
def test_a_letter_for_all_lectures_is_not_taken_for_something_else(letter: str) -> None:
    everywhere, own = notation()
    assert letter in everywhere
    taken = {lecture for lecture, those in own.items() if letter in those}
    # Only as a part of another symbol: the steps of the state phi, the keys of attention.
    assert {lecture[1] for lecture in taken} <= set({"K": "5", "phi": "56"}.get(letter, ""))


@each_lecture
def test_macros_and_names_are_the_common_ones(lecture: str) -> None:
    formulas = " ".join(display or inline for display, inline in FORMULA.findall(plain(prose(lecture))))
    for raw in (r"\mathbb", r"\mathcal{L}", r"\mathcal{D}", r"\mathcal{T}", r"\mathrm{s}", r"\mathrm{q}", r"\arg "):
        assert raw not in formulas.replace(AS_WRITTEN, ""), raw
    code = "\n".join(cell.code for cell in source(lecture).cells)
    other_names = re.findall(r"(?m)^\s*(alpha|eta|inner_rate|lr_inner|step_size|n_shots|n_way|K|N)\s*=", code)
    assert not other_names


def test_every_citation_is_in_the_bibliography_and_every_entry_is_cited() -> None:
    pages = "\n".join(page.read_text("utf-8") for page in sorted((ROOT / "lectures").glob("*.qmd")))
    assert set(re.findall(r"@([a-z]+\d{4}\w*)", pages)) == set(ENTRIES)


@pytest.mark.parametrize("key", ENTRIES)
def test_an_entry_can_be_looked_up(key: str) -> None:
    fields = dict(re.findall(r"(?m)^  (\w+)\s*= \{(.+)\},?$", ENTRIES[key]))
    assert {"title", "year"} <= set(fields)
    assert fields["year"] in key
    assert "author" in fields or "editor" in fields
    doi = re.fullmatch(r"10\.\d{4,5}/\S+", fields.get("doi", ""))
    arxiv = re.fullmatch(r"\d{4}\.\d{4,5}", fields.get("eprint", "")) and fields.get("eprinttype") == "arXiv"
    assert doi or arxiv, "neither a doi nor an arXiv id"

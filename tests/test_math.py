"""Formulas: every construct of the fixtures converts for every format, or is refused with a reason."""

import json
import re
import subprocess
from pathlib import Path

import pypandoc
import pytest
import typst

from octavo.write.fonts import FAMILY, font_file, font_notice, math_font, needed_characters

ROOT = Path(__file__).parents[1]
FIXTURES = Path(__file__).parent / "fixtures" / "math"

# Reads a JSON list of {tex, display, number?, label?}, writes one of what the module makes of each.
CONVERT = """
package.path = arg[1] .. '/?.lua;' .. package.path
local math = require 'lib.math'
local out = {}
for i, item in ipairs(pandoc.json.decode(io.read('a'), false)) do
  local tex, display = item.tex, item.display
  local message = math.check(tex, display)
  out[i] = message and { message = message } or {
    html = math.html(tex, display),
    typst = math.typst(tex, display, { number = item.number, label = item.label }),
    docx = math.docx(tex, display),
    text = math.text(tex),
  }
end
io.write(pandoc.json.encode(out))
"""

# Reads a JSON list of TeX, writes what pandoc's Word writer had to say of it.
TO_WORD = """
local blocks = {}
for i, tex in ipairs(pandoc.json.decode(io.read('a'), false)) do
  blocks[i] = pandoc.Para { pandoc.Math('DisplayMath', tex) }
end
local log = pandoc.log.silence(function() return pandoc.write(pandoc.Pandoc(blocks), 'docx') end)
local messages = {}
for i, entry in ipairs(log) do messages[i] = tostring(entry.message or entry) end
io.write(pandoc.json.encode(pandoc.List(messages)))
"""


def run_lua(code: str, value: list, directory: Path) -> list:
    script = directory / "script.lua"
    script.write_text(code, encoding="utf-8")
    command = [pypandoc.get_pandoc_path(), "lua", script, ROOT / "octavo" / "resolve"]
    done = subprocess.run(command, input=json.dumps(value).encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def convert(items: list[dict], directory: Path) -> list[dict]:
    return run_lua(CONVERT, items, directory)


def compile_typst(formulas: list[str], **options) -> None:
    """Raises for the first formula that does not compile as PDF/UA-1."""
    head = '#set document(title: "Formulas")\n#set text(lang: "en")\n'
    try:
        typst.compile((head + "\n\n".join(formulas)).encode(), pdf_standards=["ua-1"], **options)
    except typst.TypstError as error:
        if len(formulas) == 1:
            pytest.fail(f"{error}: {formulas[0]}")
        middle = len(formulas) // 2
        compile_typst(formulas[:middle], **options)
        compile_typst(formulas[middle:], **options)
        raise


def lines_of(name: str) -> list[str]:
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not re.match(r"##? ", line)]


@pytest.fixture(scope="module")
def constructs(tmp_path_factory) -> list[tuple[dict, dict]]:
    sources = lines_of("constructs.txt") + [word for line in lines_of("symbols.txt") for word in line.split()]
    items = [{"tex": tex, "display": display} for tex in sources for display in (True, False)]
    return list(zip(items, convert(items, tmp_path_factory.mktemp("math")), strict=True))


@pytest.fixture(scope="module")
def formula(tmp_path_factory):
    """One formula, converted."""
    directory = tmp_path_factory.mktemp("formula")

    def converted(tex: str, display: bool = True, **options: str) -> dict:
        return convert([{"tex": tex, "display": display} | options], directory)[0]

    return converted


def test_every_construct_is_converted(constructs):
    refused = {item["tex"]: result["message"] for item, result in constructs if "message" in result}
    assert refused == {}
    assert len(constructs) > 1000


def test_html_is_mathml_core_without_inline_styles(constructs):
    allowed = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mphantom"}
    allowed |= {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"}
    for item, result in constructs:
        html = result["html"]
        assert html.startswith(f'<math display="{"block" if item["display"] else "inline"}">'), item
        assert set(re.findall(r"<(\w+)", html)) <= allowed, item
        assert " style=" not in html and "columnalign" not in html, item
        assert not re.search(r'mathvariant="(?!normal)', html), item


def test_no_tex_and_no_mark_is_left(constructs):
    for item, result in constructs:
        shown = re.sub(r"<[^>]*>", "", result["html"])
        if "backslash" not in item["tex"] and "setminus" not in item["tex"]:
            assert "\\" not in shown, item
            assert not re.search(r"\\[a-zA-Z]", result["text"]), item
        assert "\ue000" not in result["html"] + result["typst"] + result["docx"] + result["text"], item


def test_word_takes_every_construct(constructs, tmp_path):
    assert run_lua(TO_WORD, [result["docx"] for _, result in constructs], tmp_path) == []


def test_typst_compiles_every_construct_as_accessible_pdf(constructs):
    compile_typst([result["typst"] for _, result in constructs])


def test_typst_compiles_with_stix_two_math(constructs):
    rule = f'#show math.equation: set text(font: "{FAMILY}")\n'
    formulas = [result["typst"] for item, result in constructs if item["display"] and len(item["tex"]) > 20]
    compile_typst([rule, *formulas], font_paths=[str(font_file().parent)])


@pytest.mark.parametrize("line", lines_of("refused.txt"))
def test_what_cannot_be_converted_is_reported(line, formula):
    tex, reason = line.split(" => ")
    message = formula(tex).get("message", "")
    assert reason in message
    assert "\ue000" not in message


# tex, then what the HTML, the Typst and the plain text must contain ('' for anything)
MEANINGS = [
    (r"\mathcal{L}", "<mi>ℒ</mi>", "cal(L)", "L"),
    (r"\mathbf{x}", "<mi>𝐱</mi>", "upright(bold(x))", "x"),
    (r"\boldsymbol{\theta}", "<mi>𝜽</mi>", "bold(theta)", "θ"),
    (r"\mathbb{E}", "<mi>𝔼</mi>", "bb(E)", "E"),
    (r"\mathbbm{1}", "<mn>𝟙</mn>", "bb(1)", "1"),
    (r"\mathrm{KL}", "<mi>KL</mi>", "upright(K L)", "KL"),
    (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi><mi>x</mi>', "upright(d) x", "dx"),
    (r"\nabla_\theta f", "<msub><mi>∇</mi><mi>θ</mi></msub>", "nabla_(theta) f", "∇_θ f"),
    (r"\hat{\theta}", '<mover accent="true"><mi>θ</mi><mo stretchy="false">ˆ</mo></mover>', "hat(theta)", "hat(θ)"),
    (r"\sum_{i=1}^n x", "<munderover><mo>∑</mo>", "sum_(i = 1)^(n) x", "∑_(i = 1)^n x"),
    (r"\bigoplus_i x", "<munder><mo>⨁</mo>", "⨁_(i)", "⨁_i"),
    (r"\sum\nolimits_i x", "<msub><mo>∑</mo>", "scripts(sum)_(i)", "∑_i"),
    (r"\limsup_n x", "<munder><mi>lim\u2009sup</mi>", "limsup_(n)", "lim sup_n x"),
    (
        r"\operatorname*{arg\,min}_x f",
        "<munder><mi>arg\u2009min</mi>",
        'op("arg min", limits: #true)_(x)',
        "arg min_x f",
    ),
    (r"\underset{x}{\operatorname{max}} f", "<munder><mi>max</mi><mi>x</mi>", "max_(x) f", "max_x f"),
    (r"\mathop{\mathbb{E}}_{x} f", "<munder><mi>𝔼</mi>", "limits(bb(E))_(x)", "E_x f"),
    (r"a \overset{!}{=} b", "<mover><mo", "limits(=)^(!)", ""),
    (r"\log p", '<mi>log</mi><mo>\u2061</mo><mspace width="0.167em">', "$ log p $", "log p"),
    (r"\log(p)", '<mi>log</mi><mo>\u2061</mo><mo form="prefix"', "log", "log(p)"),
    (r"a\;b", '<mspace width="0.278em">', "a thick b", "a b"),
    (r"a\!b", '<mspace width="-0.167em">', "a #h(-0.167em) b", "ab"),
    (r"q \,\big\|\, p", 'maxsize="120%"', "stretch(‖, size: #1.2em)", "‖"),
    (r"|x| - 1", '<mo form="postfix" stretchy="false">|</mo><mo>−</mo>', 'class("opening", \\|) x', "|x| − 1"),
    (r"p(x|y)p(z|w)", '<mo form="prefix" stretchy="false">|</mo>', r"x \| y", ""),
    (r"\left.x\right|_0", "<msub>", r"lr(x \|)", "x|"),
    (r"\frac{1}{\sqrt{d}}", "<msqrt><mi>d</mi></msqrt>", "frac(1, sqrt(d))", "1/√(d)"),
    (r"x'^2", "<msup><mi>x</mi><mrow>", "x^(", ""),
    (r"f'(x)", "<msup><mi>f</mi>", "f'", "f′(x)"),
    (r"\text{if $x_i$ is}", "<mtext>if\u00a0</mtext><msub>", '"if" x_(i) "is"', "if x_i is"),
    (r"\textcolor{red}{x}+y", '<mstyle mathcolor="#ff0000"><mi>x</mi></mstyle><mo>+</mo>', 'rgb("#ff0000")', "x + y"),
    (r"{\color{red!50} x} y", 'mathcolor="#ff8080"', "", "xy"),
    (r"\boxed{x}", '<mrow class="math-boxed">', "#box(stroke:", "x"),
    (r"\cancel{x}", '<mrow class="math-cancel">', "cancel(x)", "x"),
    (r"\phantom{x}y", "<mphantom>", "#hide($x$)", "y"),
    (r"X \perp\!\!\!\perp Y", "<mo>⫫</mo>", "⫫", "X ⫫ Y"),
    (r"\tfrac12", '<mstyle displaystyle="false"', "inline(frac(1, 2))", "1/2"),
    (r"\binom nk", 'linethickness="0"', "binom(n, k)", ""),
    (r"\begin{pmatrix}a&b\end{pmatrix}", 'class="math-matrix"', 'mat(delim: #("(", ")"), a, b)', "(a, b)"),
    (r"a &= b \\ &= c", '<mtd class="right">', "a & = b \\\n   & = c", "a = b; = c"),
    (r"x \label{eq:a}", "<mi>x</mi></math>", "$ x $", "x"),
    (r"x \tag{*}", "<mtext>(*)</mtext>", '"(*)"', "x (*)"),
]


@pytest.mark.parametrize(("tex", "html", "typst_source", "text"), MEANINGS, ids=[row[0] for row in MEANINGS])
def test_meaning_is_kept(tex, html, typst_source, text, formula):
    result = formula(tex)
    assert html in result["html"]
    assert typst_source in result["typst"]
    assert text in result["text"]


def test_rules_and_alignment_of_arrays(formula):
    result = formula(r"\begin{array}{l|r} \hline a & b \\ \hline c & d \\ \hline \end{array}")
    assert 'class="left rule-top rule-right"' in result["html"]
    assert 'class="right rule-top rule-bottom"' in result["html"]
    assert result["html"].count("<mtr>") == 2
    assert "augment: #(vline: (1,), hline: (0, 1, 2,), stroke: 0.5pt)" in result["typst"]


def test_limits_stand_beside_in_running_text(formula):
    assert "<msub><mo>∑</mo>" in formula(r"\sum_i x", display=False)["html"]
    assert "<munder><mo>∑</mo>" in formula(r"\displaystyle\sum_i x", display=False)["html"]


def test_number_and_label_of_an_equation(formula):
    result = formula("x", number="3", label="eq-x")
    assert result["typst"] == '#math.equation(block: true, alt: "x", numbering: (..) => "(3)", $ x $) <eq-x>'
    assert "3" not in result["html"]
    assert formula("x", display=False)["typst"] == '#math.equation(alt: "x", $x$)'


def test_quotes_and_backslashes_cannot_end_the_alternative_text(formula):
    result = formula(r'\text{say "a\textbackslash{}"} + \backslash')
    compile_typst([result["typst"]])


def test_font_holds_what_the_formulas_need(constructs, tmp_path):
    from io import BytesIO

    from fontTools.ttLib import TTFont

    needed = needed_characters(
        '<math><mi>x</mi><mo>∑</mo><mo>&lt;</mo><mi mathvariant="normal">d</mi><mi>log</mi></math>'
    )
    assert set("𝑥∑<dlog") <= set(needed)
    assert "𝑑" not in needed
    assert needed_characters("<p>no formula</p>") == ""
    data = math_font(needed, tmp_path)
    assert data == math_font("".join(reversed(needed)), tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    font = TTFont(BytesIO(data))
    assert font.flavor == "woff2"
    assert "MATH" in font
    assert ord("∑") in font.getBestCmap() and ord("∏") not in font.getBestCmap()
    glyph = font.getBestCmap()[ord("∑")]
    assert glyph in font["MATH"].table.MathVariants.VertGlyphCoverage.glyphs


def test_font_of_a_whole_course_is_small_and_reproducible(constructs, tmp_path):
    page = "".join(result["html"] for item, result in constructs if len(item["tex"]) > 20)
    needed = needed_characters(page)
    data = math_font(needed, tmp_path / "a")
    assert len(data) < 80_000
    assert data == math_font(needed, tmp_path / "b")


def test_font_comes_with_its_licence(tmp_path):
    for _ in range(2):
        assert "SIL Open Font License" in font_notice(tmp_path)
        assert "STIX Fonts Project Authors" in font_notice(tmp_path)

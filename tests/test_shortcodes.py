"""Shortcodes by what they stand in and by format; what they become is read by pandoc."""

from __future__ import annotations

from pathlib import Path

import pytest
from shortcodes import FORMATS, context, html_of

from octavo.resolve.shortcodes import expand

FIXTURES = Path(__file__).parent / "fixtures" / "shortcodes"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{{< meta title >}}", "A *meta* title"),
        ("{{<meta title>}}", "A *meta* title"),
        ('{{< meta "title" >}}', "A *meta* title"),
        ("{{< meta labels.description >}}", "nested"),
        (r"{{< meta labels.a\.b >}}", "dotted"),
        ("{{< meta keywords.2 >}}", "two"),
        ("{{< meta keywords >}}", "one, two"),
        ("{{< meta author >}}", "Ada Lovelace, Alan"),
        ("{{< meta author.1.name.literal >}}", "Ada Lovelace"),
        ("{{< meta draft >}}", "false"),
        ("{{< meta echo >}}", "again 1.2"),
        ("{{< var email.info >}}", "info@example.com"),
        ("{{< var link >}}", "[Jupyter](https://jupyter.org)"),
        ("{{< env MISSING {{< var version >}} >}}", r"1\.2"),
        ("{{< env TERM_NAME >}}", r"a\*b"),
        ("{{< version >}}", "1.9.38"),
        ("so {{< meta paragraphs >}} so", "so First. Second. so"),
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_values_are_the_same_in_every_format(expanded, written, shown, form):
    assert expanded(f"Text {written}.", form) == f"Text {shown}."


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("`{{< meta title >}}`", "`A *meta* title`"),
        ("```\n{{< meta title >}}\n```", "```\nA *meta* title\n```"),
        ("``` python\nx = '{{< var version >}}'\n```", "``` python\nx = '1.2'\n```"),
        ("```{=html}\n<b>{{< env TERM_NAME >}}</b>\n```", "```{=html}\n<b>a*b</b>\n```"),
        ("`<b>{{< env TERM_NAME >}}`{=html}", "`<b>a*b`{=html}"),
        ("$x_{{< var version >}}$ and $5", "$x_1.2$ and $5"),
        ("[a](https://x.org/{{< meta file >}})", "[a](https://x.org/a%20file.py)"),
        ("![a](img/{{< var version >}}.png){width=50%}", "![a](img/1.2.png){width=50%}"),
        ("[b]: https://x.org/{{< var version >}}", "[b]: https://x.org/1.2"),
        ("<https://x.org/{{< var version >}}>", "<https://x.org/1.2>"),
        (
            '::: {.callout-note title="{{< meta title >}}"}\nx\n:::',
            '::: {.callout-note title="A *meta* title"}\nx\n:::',
        ),
        ("[x]{data-file={{< meta file >}}}", '[x]{data-file="a file.py"}'),
        ("[x]{width={{< meta count >}}}", "[x]{width=3}"),
        ('``` {.python filename="{{< meta file >}}"}\nx\n```', '``` {.python filename="a file.py"}\nx\n```'),
        ('<a title="{{< env Q \'a "q"\' >}}">x</a>', '<a title="a &quot;q&quot;">x</a>'),
        ("# Head {{< meta labels.description >}} {#sec-x}", "# Head nested {#sec-x}"),
        ("| a | {{< var version >}} |", "| a | 1.2 |"),
        ("para\n\n    {{< env TERM_NAME >}}\n", "para\n\n    a*b\n"),
        ("- item\n\n    {{< env TERM_NAME >}}\n", "- item\n\n    a\\*b\n"),
        ("`{{< kbd Ctrl-C >}}`", "`Ctrl-C`"),
    ],
)
def test_results_fit_where_they_stand(expanded, written, shown):
    assert expanded(written) == shown


@pytest.mark.parametrize(
    "written",
    [
        "<!-- {{< nope >}} -->",
        "```{.python shortcodes=false}\n{{< nope >}}\n```",
        "``` {.markdown shortcodes=\"false\"}\n{{< var version >}}\n```",
        "`{{< nope >}}`{shortcodes=false}",
        "```` {.python .cell-code}\nprint('{{< nope >}}')\n````",
        "::: {.cell-output .cell-output-stdout}\n```\n{{< nope >}}\n```\n:::",
        "---\ntitle: '{{< nope >}}'\n---\n\ntext {{<",
        "$a {{<}} b {{>}} c$ and {{< unclosed",
        "$$\na {{<}} b {{>}}\n$$",
    ],
)  # fmt: skip
def test_left_as_it_is(expanded, written):
    assert expanded(written) == written


def test_output_ends_with_its_div(expanded):
    text = "::: {.cell-output}\n```\n{{< nope >}}\n```\n:::\n\n```\n{{< var version >}}\n```\n"
    assert expanded(text).endswith("```\n1.2\n```\n")


@pytest.mark.parametrize("written", ["{{{< var version >}}}", "{{</* var version */>}}"])
@pytest.mark.parametrize("around", ["a {} b", "`{}`", "```\n{}\n```", "::: {{.x}}\n{}\n:::"])
def test_escaped(expanded, written, around):
    shown = html_of(expanded(around.format(written)))
    assert "{{&lt; var version &gt;}}" in shown
    assert "\\" not in shown


def test_four_braces_lose_one(expanded):
    assert expanded("`{{{{< x >}}}}`") == "`{{{< x >}}}`"


@pytest.mark.parametrize(("written", "shown"), [
    ("{{< meta nope >}}", "?meta:nope"), ("{{< meta labels.nope >}}", "?meta:labels.nope"),
    ("{{< var nope >}}", "?var:nope"), ("{{< env NOPE >}}", "?env:NOPE"), ("{{< meta keywords.0 >}}", "?meta:keywords.0"),
])  # fmt: skip
def test_missing_value(failing, written, shown):
    result, (told,) = failing(f"one\n\ntwo `{{{{< var version >}}}}` {written}")
    assert f"<strong>{shown}</strong>" in html_of(result)
    assert (told.code, told.severity, told.position.line) == ("OCT-variable-missing", "error", 3)
    assert told.position.column == 5 + len("`{{< var version >}}` ")
    assert failing(f"`{written}`")[0] == f"`{shown}`"


def test_missing_value_has_a_neighbour(failing):
    assert failing("{{< meta titel >}}")[1][0].hint == "did you mean `title`?"


def test_mapping_is_no_value(failing):
    result, (told,) = failing("{{< meta labels >}}")
    assert told.code == "OCT-variable-type" and "labels.description" in told.hint
    assert "invalid meta type:labels" in html_of(result)


def test_loop_is_told_once(failing):
    told = failing("{{< meta loop >}}")[1]
    assert [d.code for d in told] == ["OCT-shortcode-circular"]


def test_unknown_stays_visible(failing):
    result, told = failing("---\nx: '{{< vidoe a >}}'\n---\n\ntext {{< vidoe a >}}\n\nand {{< vidoe a >}}\n")
    assert '<p>text <span class="octavo-broken">{{&lt; vidoe a &gt;}}</span></p>' in html_of(result)
    assert [(d.code, d.position.line) for d in told] == [("OCT-shortcode-unknown", 5), ("OCT-shortcode-unknown", 7)]
    assert told[0].hint == "did you mean `video`?"


def test_position_without_front_matter(tmp_path):
    text = "---\nx: '{{< nope >}}'\n---\n\ntext {{< nope >}}\n"
    told = expand(text.split("---\n", 2)[2], context(tmp_path, text))[1]
    assert [(d.position.line, d.position.column) for d in told] == [(5, 6)]

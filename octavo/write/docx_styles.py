"""Every style of our Word documents, as WordprocessingML: text, headings, floats, code, boxes.

The element order inside a style is the schema's; Word refuses a document that mixes it up.
"""

from __future__ import annotations

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = f'xmlns:w="{W}" xmlns:r="{R}"'

# Colour and tint of each kind of callout, the PDF's.
CALLOUTS = {
    "Note": ("1F5FA8", "E9F0F8"),
    "Tip": ("1C7A45", "E8F3EC"),
    "Warning": ("A96400", "F8F1E6"),
    "Important": ("B3261E", "F9E9E8"),
    "Caution": ("C2460B", "FAEDE7"),
}
STATEMENTS = ("Theorem", "Lemma", "Corollary", "Proposition", "Conjecture")
PROOFS = ("Proof", "Remark", "Solution")

_INK, _SOFT, _RULE, _SHADE = "1F2328", "595F66", "B0B5BA", "F5F5F5"
_CODE = '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas" w:eastAsia="Consolas"/>'
_HEADING = '<w:rFonts w:asciiTheme="majorHAnsi" w:hAnsiTheme="majorHAnsi" w:eastAsiaTheme="majorEastAsia" w:cstheme="majorBidi"/>'


def _size(points: float) -> str:
    return f'<w:sz w:val="{round(points * 2)}"/><w:szCs w:val="{round(points * 2)}"/>'


def _border(side: str, eighths: int, color: str, line: str = "single", space: int = 0) -> str:
    return f'<w:{side} w:val="{line}" w:sz="{eighths}" w:space="{space}" w:color="{color}"/>'


def _fill(color: str) -> str:
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{color}"/>'


def _style(kind: str, name: str, inner: str, *, based_on: str | None = None, following: str | None = None) -> str:
    style_id = name.replace(" ", "").replace("heading", "Heading").replace("toc", "TOC")
    based = f'<w:basedOn w:val="{based_on}"/>' if based_on else ""
    after = f'<w:next w:val="{following}"/>' if following else ""
    default = ' w:default="1"' if name == "Normal" else ""
    shown = "<w:qFormat/>" if kind == "paragraph" else ""  # in Word's gallery
    return (
        f'<w:style {NAMESPACES} w:type="{kind}"{default} w:styleId="{style_id}">'
        f'<w:name w:val="{name}"/>{based}{after}<w:uiPriority w:val="1"/>{shown}{inner}</w:style>'
    )


def _paragraph(
    name: str, properties: str = "", runs: str = "", based_on: str = "Normal", following: str | None = None
) -> str:
    inner = f"<w:pPr>{properties}</w:pPr><w:rPr>{runs}</w:rPr>"
    return _style("paragraph", name, inner, based_on=None if name == "Normal" else based_on, following=following)


def _character(name: str, runs: str) -> str:
    return _style("character", name, f"<w:rPr>{runs}</w:rPr>", based_on="DefaultParagraphFont")


def _table(
    name: str,
    borders: str,
    margins: tuple[int, int, int, int],
    *,
    runs: str = "",
    table: str = "",
    cells: str = "",
    first_row: str = "",
) -> str:
    """`margins` of a cell are top, left, bottom, right in twentieths of a point."""
    sides = zip(("top", "left", "bottom", "right"), margins, strict=True)
    cell_margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in sides)
    first = f'<w:tblStylePr w:type="firstRow">{first_row}</w:tblStylePr>' if first_row else ""
    inner = (
        (f"<w:rPr>{runs}</w:rPr>" if runs else "")
        + f"<w:tblPr>{table}<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{cell_margins}</w:tblCellMar></w:tblPr>"
        + (f"<w:tcPr>{cells}</w:tcPr>" if cells else "")
        + first
    )
    return _style("table", name, inner)


def _text_styles() -> list[str]:
    spaced = '<w:spacing w:before="60" w:after="80" w:line="264" w:lineRule="auto"/>'
    title_runs = _HEADING + "<w:b/><w:bCs/>" + f'<w:color w:val="{_INK}"/>'
    return [
        _paragraph("Normal", "<w:widowControl/>", f'<w:color w:val="{_INK}"/>' + _size(11)),
        _paragraph("Body Text", spaced),
        _paragraph("First Paragraph", "", based_on="BodyText", following="BodyText"),
        _paragraph("Compact", '<w:spacing w:before="20" w:after="20"/>', based_on="BodyText"),
        _paragraph(
            "Title",
            '<w:keepNext/><w:keepLines/><w:spacing w:before="0" w:after="80"/>',
            title_runs + _size(24),
            following="BodyText",
        ),
        _paragraph(
            "Subtitle",
            '<w:keepNext/><w:spacing w:before="0" w:after="160"/>',
            _HEADING + f'<w:color w:val="{_SOFT}"/>' + _size(14),
            following="BodyText",
        ),
        _paragraph("Author", '<w:keepNext/><w:spacing w:before="0" w:after="40"/>', _size(11), following="BodyText"),
        _paragraph(
            "Date",
            f'<w:pBdr>{_border("bottom", 6, _RULE, space=8)}</w:pBdr><w:spacing w:before="0" w:after="280"/>',
            f'<w:color w:val="{_SOFT}"/>' + _size(11),
            following="BodyText",
        ),
        _paragraph(
            "Abstract Title",
            '<w:keepNext/><w:spacing w:before="120" w:after="40"/><w:ind w:left="567" w:right="567"/>',
            "<w:b/><w:bCs/>" + _size(10),
            following="Abstract",
        ),
        _paragraph(
            "Abstract",
            '<w:spacing w:before="0" w:after="240"/><w:ind w:left="567" w:right="567"/>',
            _size(10),
            following="BodyText",
        ),
        _paragraph(
            "Block Text",
            f'<w:pBdr>{_border("left", 16, _RULE, space=10)}</w:pBdr><w:spacing w:before="80" w:after="120"/><w:ind w:left="400" w:right="400"/>',
            f'<w:color w:val="{_SOFT}"/>',
            based_on="BodyText",
        ),
        _paragraph(
            "Bibliography", '<w:spacing w:before="0" w:after="80"/><w:ind w:left="400" w:hanging="400"/>', _size(10)
        ),
        _paragraph(
            "Definition Term",
            '<w:keepNext/><w:keepLines/><w:spacing w:before="80" w:after="0"/>',
            "<w:b/><w:bCs/>",
            following="Definition",
        ),
        _paragraph("Definition", '<w:spacing w:before="0" w:after="80"/><w:ind w:left="400"/>', based_on="BodyText"),
        _paragraph(
            "Horizontal Rule",
            f'<w:pBdr>{_border("bottom", 6, _RULE)}</w:pBdr><w:spacing w:before="0" w:after="240"/>'
            '<w:ind w:left="2800" w:right="2800"/>',
        ),
        _paragraph(
            "Margin Note",
            '<w:spacing w:before="60" w:after="120"/><w:ind w:left="850"/>',
            f'<w:color w:val="{_SOFT}"/>' + _size(9.5),
        ),
        _paragraph(
            "Table Separator", '<w:spacing w:before="0" w:after="0" w:line="160" w:lineRule="exact"/>', _size(4)
        ),
        _paragraph(
            "header",
            f'<w:pBdr>{_border("bottom", 4, _RULE, space=4)}</w:pBdr><w:tabs><w:tab w:val="right" w:pos="9026"/></w:tabs>',
            f'<w:color w:val="{_SOFT}"/>' + _size(9),
        ),
        _paragraph("footer", '<w:jc w:val="center"/>', f'<w:color w:val="{_SOFT}"/>' + _size(9)),
        _character("Hyperlink", '<w:color w:val="1D4F7C"/>'),
        _character("Section Number", ""),
        _character("Margin Note Char", f'<w:color w:val="{_SOFT}"/>' + _size(9.5)),
        _character("Theorem Title", "<w:b/><w:bCs/>"),
        _character("Proof Title", "<w:i/><w:iCs/>"),
        _character("Highlight", _fill("FFF2B3")),
        _character("Keyboard", _CODE + _size(9.5) + f'<w:bdr w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"/>'),
    ]


def _heading_styles() -> list[str]:
    styles = []
    for level, (points, before) in enumerate(
        [(16, 360), (13.5, 300), (12, 240), (11, 200), (11, 160), (11, 160)], start=1
    ):
        place = (
            f'<w:keepNext/><w:keepLines/><w:tabs><w:tab w:val="left" w:pos="{567 + 113 * level}"/></w:tabs>'
            f'<w:spacing w:before="{before}" w:after="100"/><w:outlineLvl w:val="{level - 1}"/>'
        )
        runs = (
            _HEADING
            + "<w:b/><w:bCs/>"
            + ("<w:i/><w:iCs/>" if level > 4 else "")
            + f'<w:color w:val="{_INK}"/>'
            + _size(points)
        )
        styles.append(_paragraph(f"heading {level}", place, runs, following="BodyText"))
        indent = f'<w:spacing w:before="0" w:after="40"/><w:ind w:left="{(level - 1) * 300}"/>'
        styles.append(_paragraph(f"toc {level}", indent))
    contents = '<w:keepNext/><w:spacing w:before="240" w:after="100"/>'
    runs = _HEADING + f'<w:b/><w:bCs/><w:color w:val="{_INK}"/>' + _size(13.5)
    return [*styles, _paragraph("TOC Heading", contents, runs, following="BodyText")]


def _float_styles() -> list[str]:
    caption = _size(10)
    above = '<w:keepNext/><w:keepLines/><w:spacing w:before="200" w:after="80"/>'
    below = '<w:keepLines/><w:spacing w:before="60" w:after="240"/><w:jc w:val="center"/>'
    wide = '<w:tblW w:w="5000" w:type="pct"/>'
    # Captions on the other side of their float, and figures that stand at an edge.
    stays = '<w:keepNext/><w:keepLines/><w:spacing w:before="160" w:after="60"/>'
    leaves = '<w:keepNext w:val="0"/><w:spacing w:before="60" w:after="240"/>'
    sides = []
    for side in ("Left", "Right"):
        edge = f'<w:jc w:val="{side.lower()}"/>'
        sides += [
            _paragraph(f"Figure {side}", edge, based_on="Figure"),
            _paragraph(f"Captioned Figure {side}", edge, based_on="CaptionedFigure", following=f"ImageCaption{side}"),
            _paragraph(f"Image Caption {side}", edge, based_on="ImageCaption"),
            _paragraph(f"Image Caption {side} Above", stays + edge, based_on="ImageCaption"),
        ]
    return [
        *sides,
        _paragraph("Image Caption Above", stays, based_on="ImageCaption"),
        _paragraph("Table Caption Below", leaves, based_on="TableCaption"),
        _paragraph("Listing Caption Below", leaves, based_on="ListingCaption"),
        _paragraph("caption", '<w:spacing w:before="0" w:after="120"/>', caption),
        _paragraph("Image Caption", below, caption, based_on="Caption"),
        _paragraph("Table Caption", above + '<w:jc w:val="center"/>', caption, based_on="Caption"),
        _paragraph("Listing Caption", above, caption, based_on="Caption"),
        _paragraph("Figure", '<w:keepNext/><w:spacing w:before="160" w:after="60"/><w:jc w:val="center"/>'),
        _paragraph("Captioned Figure", "<w:keepNext/>", based_on="Figure", following="ImageCaption"),
        _paragraph(
            "Equation Number", '<w:spacing w:before="20" w:after="20"/><w:jc w:val="right"/>', based_on="BodyText"
        ),
        _table(
            "Table",
            _border("top", 8, _INK) + _border("bottom", 8, _INK),
            (30, 110, 30, 110),
            table='<w:jc w:val="center"/>',
            runs=_size(10),
            first_row=f'<w:tblPr/><w:tcPr><w:tcBorders>{_border("bottom", 4, _INK)}</w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>',
        ),
        _table("Layout", "", (0, 60, 0, 60), table=wide),
        _table("Equation Layout", "", (40, 0, 40, 0), table=wide, cells='<w:vAlign w:val="center"/>'),
    ]


def _code_styles() -> list[str]:
    plain = '<w:wordWrap w:val="0"/>'
    code = _CODE + "<w:noProof/>" + _size(9)
    return [
        _paragraph(
            "Source Code",
            _fill(_SHADE) + plain + '<w:spacing w:before="60" w:after="160"/><w:ind w:left="60" w:right="60"/>',
            code,
        ),
        _paragraph(
            "Code Filename",
            '<w:keepNext/><w:spacing w:before="120" w:after="0"/><w:ind w:left="60"/>',
            _CODE + f'<w:b/><w:bCs/><w:noProof/><w:color w:val="{_SOFT}"/>' + _size(8.5),
            following="SourceCode",
        ),
        _paragraph(
            "Code Annotation", '<w:spacing w:before="0" w:after="60"/><w:ind w:left="850" w:hanging="790"/>', _size(10)
        ),
        _paragraph(
            "Cell Output",
            f"<w:pBdr>{_border('left', 8, _RULE, space=8)}</w:pBdr>"
            + plain
            + '<w:spacing w:before="0" w:after="160"/><w:ind w:left="240"/>',
            code,
        ),
        _paragraph("Cell Error", f"<w:pBdr>{_border('left', 24, 'B3261E', space=8)}</w:pBdr>", based_on="CellOutput"),
        _character("Verbatim Char", _CODE + "<w:noProof/>" + _size(9.5)),
    ]


def _box_styles() -> list[str]:
    wide = '<w:tblW w:w="5000" w:type="pct"/>'
    styles = []
    for kind, (color, tint) in CALLOUTS.items():
        thin = "".join(_border(side, 4, _RULE) for side in ("bottom", "right"))
        box = _border("top", 4, _RULE) + _border("left", 24, color) + thin
        head = f"<w:tblPr/><w:tcPr>{_fill(tint)}</w:tcPr>"
        styles += [
            _table(f"Callout {kind}", box, (60, 160, 20, 160), table=wide, first_row=head),
            _table(f"Callout {kind} Simple", _border("left", 24, color), (40, 160, 0, 160), table=wide),
            _paragraph(
                f"Callout {kind} Title",
                '<w:keepNext/><w:keepLines/><w:spacing w:before="30" w:after="60"/>',
                f'<w:b/><w:bCs/><w:color w:val="{color}"/>',
                following="BodyText",
            ),
        ]
    rule = _border("left", 24, "3C3C3C")
    thin = "".join(_border(side, 4, _RULE) for side in ("bottom", "right"))
    inset = (60, 160, 20, 160)
    for kind in STATEMENTS:
        styles.append(_table(f"{kind} Block", _border("top", 4, _RULE) + rule + thin, inset, table=wide))
    styles += [
        _table("Definition Block", rule, inset, table=wide, cells=_fill(_SHADE)),
        _table(
            "Algorithm Block", _border("top", 6, "3C3C3C") + _border("bottom", 6, "3C3C3C"), (60, 0, 20, 0), table=wide
        ),
        _table("Example Block", _border("left", 8, "828282"), (20, 160, 0, 0), table=wide),
        _table("Exercise Block", _border("left", 12, "5A5A5A", "dashed"), (20, 160, 0, 0), table=wide),
    ]
    styles += [_table(f"{kind} Block", "", (20, 0, 0, 0), table=wide) for kind in PROOFS]
    return styles


def _token_styles() -> list[str]:
    """Highlighting in the PDF's colours, all readable on the shade; pandoc names the tokens."""
    looks = [
        ("7A1F56", "<w:b/><w:bCs/>", "Keyword ControlFlow Import Preprocessor"),
        ("5B626B", "<w:i/><w:iCs/>", "Comment Documentation Annotation CommentVar Information"),
        ("1B5E34", "", "String VerbatimString SpecialString Char SpecialChar"),
        ("8A4B08", "", "DecVal BaseN Float Constant DataType Attribute"),
        ("1D4F7C", "", "Function BuiltIn Variable Extension"),
        (_INK, "", "Operator Other Normal RegionMarker"),
        ("B3261E", "<w:b/><w:bCs/>", "Alert Error Warning"),
    ]
    return [
        _style("character", f"{name}Tok", f'<w:rPr>{face}<w:color w:val="{color}"/></w:rPr>', based_on="VerbatimChar")
        for color, face, names in looks
        for name in names.split()
    ]


def all_styles() -> list[str]:
    """Each style as one `w:style` element with its namespaces."""
    return [*_text_styles(), *_heading_styles(), *_float_styles(), *_code_styles(), *_box_styles(), *_token_styles()]

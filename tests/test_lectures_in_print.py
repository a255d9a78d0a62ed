"""The lectures' PDF files, measured: nothing beyond the margins, no title that its text has left for the next page."""

from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from lecture_text import LECTURES
from pypdf import PdfReader

from octavo.write.pdf import compile_pdf, document

MARGIN, FOOT = 75, 72  # points: beside the text, and below it (the page number stands lower)
TITLES = ("You will learn", "Common mistakes", "Solution")


def lines(page: pypdfium2.PdfPage) -> list[tuple[float, float, float, float]]:
    """The boxes of the text between head and foot: left, bottom, right, top."""
    text = page.get_textpage()
    boxes = [text.get_rect(i) for i in range(text.count_rects())]
    return [box for box in boxes if box[1] > FOOT and box[3] < page.get_height() - FOOT]


def below(page: pypdfium2.PdfPage, top: float) -> int:
    """How many lines of text stand under the line that begins at `top`."""
    feet = sorted({round(bottom) for _, bottom, _, _ in lines(page) if bottom < top - 22}, reverse=True)
    return len(feet) and 1 + sum(a - b > 6 for a, b in pairwise(feet))


@pytest.fixture(scope="module", params=LECTURES)
def printed(request: pytest.FixtureRequest, site: Path) -> Path:
    return site / "lectures" / f"{request.param}.pdf"


def test_no_line_is_overfull(printed: Path) -> None:
    for number, page in enumerate(pypdfium2.PdfDocument(printed), start=1):
        for left, _, right, _ in lines(page):
            assert left >= MARGIN and right <= page.get_width() - MARGIN, f"page {number}"


def test_no_heading_stands_at_the_foot_of_a_page(printed: Path) -> None:
    reader, pages = PdfReader(printed), pypdfium2.PdfDocument(printed)
    headings = [item for item in reader.outline if not isinstance(item, list)]
    assert len(headings) >= 5
    for heading in headings:
        page = pages[reader.get_destination_page_number(heading)]
        assert below(page, float(heading["/Top"])) >= 2, heading.title


def test_no_callout_is_split_from_its_title(printed: Path) -> None:
    found = 0
    for number, page in enumerate(pypdfium2.PdfDocument(printed), start=1):
        text = page.get_textpage()
        for title in TITLES:
            search = text.search(title, match_case=True, match_whole_word=True)
            while hit := search.get_next():
                left, _, _, top = text.get_charbox(hit[0])
                if left < MARGIN + 40:  # the title of a box, not the word in a sentence
                    found += 1
                    assert below(page, top) >= 1, f"page {number}: {title}"
    assert found >= 5


def test_the_measures_see_what_they_look_for() -> None:
    body = "Text.\n#pagebreak()\n#v(1fr)\n= At the foot\n#pagebreak()\n#box(width: 25cm, lorem(40))"
    pdf, _ = compile_pdf(document(body, {"title": "T", "title-plain": "T"}, {}), Path.cwd())
    _, orphan, overfull = pypdfium2.PdfDocument(pdf)
    assert below(orphan, lines(orphan)[0][3]) == 0
    assert max(right for _, _, right, _ in lines(overfull)) > overfull.get_width() - MARGIN

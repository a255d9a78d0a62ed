"""A lecture as its house rules see it: words, labels, formulas and the letters in them."""

import re
from functools import cache
from pathlib import Path

from lecture_cells import ROOT, source

from octavo.read.source import Prose

LECTURES = [page.stem for page in sorted((ROOT / "lectures").glob("[0-9]*.qmd"))]
BIBLIOGRAPHY = (ROOT / "assets/references.bib").read_text("utf-8")
NOTATION = ROOT / "notation.qmd"

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(?!\s)([^$\n]+?)(?<!\s)\$(?!\d)", re.DOTALL)
CODE = re.compile(r"^(`{3,}).*?^\1[ \t]*$|`[^`\n]+`", re.DOTALL | re.MULTILINE)
NOT_WORDS = re.compile(r"\{[^{}\n]*\}|\]\([^)\n]*\)|@[\w-]+")
GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "vartheta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
    "ell",
]
OURS = ("Loss", "Data", "task", "support", "query", "shared", "R", "E", "Prob", "Var", "KL", "argmin", "argmax")
LETTER = re.compile(r"\\(math\w+)\{(\w)\}|\\([A-Za-z]+)|([A-Za-z])")


@cache
def prose(lecture: str) -> str:
    """The lecture without its cells and without the macros, code in the text included."""
    text = "\n".join(part.text for part in source(lecture).parts if isinstance(part, Prose))
    return text.partition("\\newcommand{\\query}")[2].partition(":::")[2] or text


def plain(text: str) -> str:
    return CODE.sub(" ", text)


def words(text: str) -> int:
    """Words of English: no formulas, code, attributes, addresses, labels."""
    text = NOT_WORDS.sub(" ", FORMULA.sub(" ", plain(text)))
    return len(re.findall(r"[A-Za-z][\w'’-]*", text))


def letters(text: str) -> set[str]:
    """What the formulas of a text are made of: Latin and Greek letters, our macros, and letters in other alphabets."""
    found = set()
    for display, inline in FORMULA.findall(plain(text)):
        formula = re.sub(r"\\(text|operatorname\*?|mathrm|begin|end|href)\s*\{[^{}]*\}", " ", display or inline)
        for alphabet, letter, command, plain_letter in LETTER.findall(formula):
            if letter:
                found.add(f"{alphabet} {letter}")
            elif plain_letter:
                found.add(plain_letter)
            elif command in GREEK or command in OURS:
                found.add(command)
    return found


def labels(text: str, *kinds: str) -> list[str]:
    return re.findall(rf"\{{#((?:{'|'.join(kinds)})-[\w-]+)", text)


def notation() -> tuple[set[str], dict[str, set[str]]]:
    """What the notation page lists: letters for all lectures, and letters for each."""
    page = NOTATION.read_text("utf-8")
    everywhere: set[str] = set()
    own: dict[str, set[str]] = {lecture: set() for lecture in LECTURES}
    for section in re.split(r"(?m)^## ", page)[1:]:
        kind = re.match(r".*\{#sec-([\w-]+)\}", section)
        for row in re.findall(r"(?m)^\| (?!symbol|lecture|:)(.+) \|$", section) if kind else ():
            symbol, *others = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)]
            if kind[1] in ("probability", "everywhere"):
                everywhere |= letters(symbol)
            elif kind[1] == "one-lecture":
                own[Path(re.findall(r"lectures/([\w-]+)\.qmd", symbol)[0]).name] |= letters(others[0])
            else:
                for lecture in re.findall(r"lectures/([\w-]+)\.qmd", others[1]):
                    own[lecture] |= letters(symbol)
    return everywhere, own

"""SCSS files that authors name in `theme:`, compiled for octavo's theme.

Such files are written for Bootstrap. Their rules stay what they are; the variables that they set become the theme's
tokens; the variables and mixins that they use most are there with Bootstrap's own meaning.
"""

from __future__ import annotations

import re
from pathlib import Path

# Layers as `/*-- scss:rules --*/` marks them; defaults come first, whatever their place in the file.
_LAYER = re.compile(r"^[ \t]*/\*--[ \t]*scss:(\w+)[ \t]*--\*/[ \t]*$", re.MULTILINE)
_ORDER = ("uses", "functions", "defaults", "mixins", "rules")
_SET = re.compile(r"^[ \t]*\$([\w-]+)[ \t]*:", re.MULTILINE)
# Bootstrap's variables, and the theme's tokens that they set; the last one set wins.
_TOKENS = {
    "primary": "--accent",
    "link-color": "--accent",
    "body-bg": "--paper",
    "body-color": "--ink",
    "headings-color": "--strong",
    "border-color": "--line",
    "border-radius": "--radius",
    "code-bg": "--soft",
    "font-family-base": "--serif",
    "font-family-serif": "--serif",
    "font-family-sans-serif": "--sans",
    "font-family-monospace": "--mono",
}
_COLOURS = frozenset(["--accent", "--paper", "--ink", "--strong", "--line", "--soft"])
# Functions of Sass's modules by the names that they have without `@use`.
_MODULES = {
    "math.div": "math-div",
    "math.percentage": "percentage",
    "color.mix": "mix",
    "color.scale": "scale-color",
    "color.adjust": "adjust-color",
    "color.change": "change-color",
    "map.get": "map-get",
    "map.merge": "map-merge",
    "list.nth": "nth",
}
_MODULE = re.compile("|".join(map(re.escape, _MODULES)) + r"(?=\()")
_USE = re.compile(r"""^[ \t]*@use[ \t]+["']sass:[^;]*;""", re.MULTILINE)
_EXTEND = re.compile(r"(@extend[ \t]+[^;!]+?)[ \t]*;")
_BOOTSTRAP = """
$white: #fff !default; $black: #000 !default;
$gray-100: #f8f9fa !default; $gray-200: #e9ecef !default; $gray-300: #dee2e6 !default; $gray-400: #ced4da !default;
$gray-500: #adb5bd !default; $gray-600: #6c757d !default; $gray-700: #495057 !default; $gray-800: #343a40 !default;
$gray-900: #212529 !default; $blue: #0d6efd !default; $indigo: #6610f2 !default; $purple: #6f42c1 !default;
$pink: #d63384 !default; $red: #dc3545 !default; $orange: #fd7e14 !default; $yellow: #ffc107 !default;
$green: #198754 !default; $teal: #20c997 !default; $cyan: #0dcaf0 !default;
$primary: $blue !default; $secondary: $gray-600 !default; $success: $green !default; $info: $cyan !default;
$warning: $yellow !default; $danger: $red !default; $light: $gray-100 !default; $dark: $gray-900 !default;
$body-bg: $white !default; $body-color: $gray-900 !default; $link-color: $primary !default;
$link-hover-color: darken($link-color, 15%) !default; $border-color: $gray-300 !default; $border-width: 1px !default;
$border-radius: .375rem !default; $spacer: 1rem !default; $text-muted: $gray-600 !default;
$headings-color: inherit !default; $headings-font-weight: 500 !default; $font-size-base: 1rem !default;
$font-size-root: 1rem !default; $line-height-base: 1.5 !default; $navbar-bg: $primary !default; $navbar-fg: $white !default;
$font-family-sans-serif: system-ui, sans-serif !default; $font-family-serif: Georgia, serif !default;
$font-family-monospace: monospace !default; $font-family-base: $font-family-sans-serif !default;
$code-bg: $gray-100 !default; $code-color: inherit !default; $presentation-heading-color: inherit !default;
$grid-breakpoints: (xs: 0, sm: 576px, md: 768px, lg: 992px, xl: 1200px, xxl: 1400px) !default;
@mixin media-breakpoint-up($name) { @media (min-width: map-get($grid-breakpoints, $name)) { @content; } }
@mixin media-breakpoint-down($name) { @media (max-width: map-get($grid-breakpoints, $name) - .02) { @content; } }
@function theme-color($name) { @return map-get((primary: $primary, secondary: $secondary, success: $success, info: $info,
  warning: $warning, danger: $danger, light: $light, dark: $dark), $name); }
@function math-div($a, $b) { @return $a / $b; }
@function tint-color($color, $weight) { @return mix(white, $color, $weight); }
@function shade-color($color, $weight) { @return mix(black, $color, $weight); }
"""


def compiled(path: Path, scheme: str | None = None) -> tuple[str, str]:
    """The CSS of an SCSS file, and why it could not be compiled: one of them is "".

    `scheme` is "light" or "dark" if the colours that the file sets are meant for that colour scheme alone.
    """
    text = _USE.sub("", path.read_text("utf-8"))
    # Bootstrap's classes are not there to be extended.
    text = _EXTEND.sub(r"\1 !optional;", _MODULE.sub(lambda m: _MODULES[m[0]], text))
    layers = _layers(text)
    variables = set(_SET.findall(layers["defaults"]))
    tokens = {token: f"{token}: #{{inspect(${name})}};" for name, token in _TOKENS.items() if name in variables}
    general = [line for token, line in tokens.items() if token not in _COLOURS]
    colours = [line for token, line in tokens.items() if token in _COLOURS]
    place = f':root[data-bs-theme="{scheme}"]' if scheme else ":root"
    source = "\n".join(
        [
            *(layers[name] for name in ("uses", "functions", "defaults")),
            _BOOTSTRAP,
            *(layers[name] for name in ("mixins", "rules")),
            f":root {{ {' '.join(general)} }}",  # a rule without content leaves nothing behind
            f"{place} {{ {' '.join(colours)} }}",
        ]
    )
    import sass

    try:
        css = sass.compile(string=source, include_paths=[str(path.parent)], output_style="expanded")
    except sass.CompileError as problem:
        return "", _reason(str(problem))
    return css.removeprefix("\ufeff").strip(), ""


def _layers(text: str) -> dict[str, str]:
    """The text of each layer; what stands above the first mark is rules."""
    parts = _LAYER.split(text)
    layers = dict.fromkeys(_ORDER, "")
    layers["rules"] = parts[0]
    for name, content in zip(parts[1::2], parts[2::2], strict=True):
        layers[name if name in layers else "rules"] += content
    return layers


def _reason(problem: str) -> str:
    lines = [line.strip() for line in problem.splitlines() if line.strip()]
    return lines[0].removeprefix("Error: ").rstrip(".") if lines else "it is not SCSS"

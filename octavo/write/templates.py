"""The theme's templates: escaped by default, and strict about names that do not exist."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket

from octavo.write.icons import icon

THEME = Path(__file__).with_name("theme")


class _Compiled(FileSystemBytecodeCache):
    """Compiled templates in a folder that is the user's alone (the library sees to that), kept if there is room."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def _compiled() -> FileSystemBytecodeCache | None:
    try:
        return _Compiled()
    except (OSError, RuntimeError):  # no folder that others cannot write
        return None


@cache
def environment() -> Environment:
    """The one environment for all templates, which are compiled once a machine: it takes as long as a page."""
    env = Environment(
        loader=FileSystemLoader(THEME),
        bytecode_cache=_compiled(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    env.globals["icon"] = icon
    return env

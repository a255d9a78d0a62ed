"""The command line, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from octavo import __version__
from octavo.diagnostics import default_form, failed, report

if TYPE_CHECKING:
    from octavo.command import Report


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="octavo")
def main() -> None:
    """Render Quarto websites and documents from pip packages alone."""


def _formats(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    if value is None or value == "all":
        return None
    return tuple(part.strip() for part in value.split(",") if part.strip())


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--to", "formats", callback=_formats, metavar="FORMATS", help="Formats, such as html,pdf,docx,ipynb.")
@click.option("--execute/--no-execute", default=None, help="Run all cells, or none (default: those that changed).")
@click.option(
    "--output-dir", type=click.Path(path_type=Path), help="Where the site goes (default: as the project says)."
)
@click.option("--profile", "profiles", metavar="NAMES", default="", help="Project profiles, separated by commas.")
@click.option("--lenient", is_flag=True, help="Write what can be written, mark what is broken, and exit with 0.")
@click.option("-o", "--output", metavar="NAME", help="The name of the file that a single document becomes.")
@click.option("-M", "--metadata", multiple=True, metavar="KEY:VALUE", help="An option over those of all documents.")
@click.option("-P", "parameters", multiple=True, metavar="NAME:VALUE", help="A parameter for the cell tagged so.")
@click.option("--execute-params", type=click.Path(exists=True, path_type=Path), help="A YAML file of such parameters.")
@click.option("--log-format", type=click.Choice(["text", "json", "github"]), help="How diagnostics are printed.")
@click.option("--quiet", is_flag=True, help="Print diagnostics only.")
def render(
    paths: tuple[Path, ...],
    formats: tuple[str, ...] | None,
    execute: bool | None,
    output_dir: Path | None,
    profiles: str,
    lenient: bool,
    output: str | None,
    metadata: tuple[str, ...],
    parameters: tuple[str, ...],
    execute_params: Path | None,
    log_format: str | None,
    quiet: bool,
) -> None:
    """Render a project, some of its pages, or a lone document (default: the project here)."""
    from octavo.command import Options, metadata_of, parameters_of, render_paths
    from octavo.progress import shown

    execution = {None: "auto", True: "always", False: "never"}[execute]
    options = Options(formats, execution, output_dir, tuple(p for p in profiles.split(",") if p), lenient)

    def rendered(progress: Callable[[str, int, int], None]) -> Report:
        given = replace(
            options,
            parameters=parameters_of(parameters, execute_params),
            metadata=metadata_of(metadata, output, paths),
        )
        return render_paths(paths or (Path(),), given, progress)

    with shown(quiet) as progress:
        told = _told(lambda: rendered(progress))
    _finish(told, log_format, lenient, quiet, "nothing was published")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--profile", "profiles", metavar="NAMES", default="", help="Project profiles, separated by commas.")
@click.option("--log-format", type=click.Choice(["text", "json", "github"]), help="How diagnostics are printed.")
@click.option("--links", is_flag=True, help="Ask other hosts whether the pages that are linked to are there.")
@click.option("--quiet", is_flag=True, help="Print diagnostics only.")
def check(paths: tuple[Path, ...], profiles: str, links: bool, log_format: str | None, quiet: bool) -> None:
    """Say all that is wrong with a project or a document, without running or writing anything."""
    from octavo.command import Options, check_paths
    from octavo.progress import shown

    options = Options(execution="never", profiles=tuple(p for p in profiles.split(",") if p))
    with shown(quiet) as progress:
        told = _told(lambda: check_paths(paths or (Path(),), options, progress, links))
    _finish(told, log_format, False, quiet, "found")


@main.command()
@click.argument("code")
def explain(code: str) -> None:
    """Say what a diagnostic's code means and how to mend it."""
    from octavo.read.catalogue import CATALOGUE
    from octavo.read.catalogue import explain as explained

    click.echo(explained(code))
    if code not in CATALOGUE:
        sys.exit(1)


@main.command()
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--port", type=int, help="The port (default: `project: preview: port`, else 4848 or any that is free).")
@click.option("--profile", "profiles", metavar="NAMES", default="", help="Project profiles, separated by commas.")
@click.option("--browser/--no-browser", default=None, help="Open a browser, or do not.")
def preview(path: Path, port: int | None, profiles: str, browser: bool | None) -> None:
    """Show a project in the browser and follow every save."""
    from octavo.command import project_root
    from octavo.diagnostics import AuthorError, default_form, report
    from octavo.serve import serve

    try:
        root = project_root(path)
    except AuthorError as e:
        click.echo(report(e.diagnostics, path, default_form()), err=True)
        sys.exit(1)
    serve(root, tuple(p for p in profiles.split(",") if p), port, browser, lambda text: click.echo(text, err=True))


@main.command()
@click.argument("kind")
@click.argument("title")
def new(kind: str, title: str) -> None:
    """Begin a new page of KIND (such as lecture) from the project's template `_KIND.qmd`."""
    from octavo.command import project_root
    from octavo.diagnostics import AuthorError
    from octavo.new import new_page

    try:
        click.echo(new_page(project_root(Path()), kind, title).relative_to(Path.cwd()))
    except AuthorError as e:
        click.echo(report(e.diagnostics, Path(), default_form()), err=True)
        sys.exit(1)


def _told(run: Callable[[], Report]) -> Report:
    """What a command reports, whatever stops it."""
    from octavo.failure import guarded

    try:
        return guarded(run, debug=bool(os.environ.get("OCTAVO_DEBUG")))
    except KeyboardInterrupt:
        click.echo("interrupted: nothing was published", err=True)
        sys.exit(130)


def _finish(told: Report, form: str | None, lenient: bool, quiet: bool, verdict: str) -> None:
    if told.published and told.summary and not quiet:
        click.echo(told.summary, err=True)
    if told.diagnostics:
        click.echo(report(told.diagnostics, told.root, form or default_form()), err=True)
    if failed(told.diagnostics) and not (lenient and told.published):
        errors = sum(d.severity == "error" for d in told.diagnostics)
        click.echo(f"{errors} error{'s' * (errors > 1)}: {verdict}", err=True)
        sys.exit(1)

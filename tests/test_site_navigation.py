"""Navigation: every form that authors write leads where they meant, and what leads nowhere is said."""

from __future__ import annotations

from pathlib import Path

from octavo.read.brand import brand_of
from octavo.read.yaml import load_yaml
from octavo.site.contents import flat
from octavo.site.navigation import Navigation, PageInfo, navigation
from octavo.site.styles import bars
from octavo.write.icons import icon
from octavo.write.view import NavItem

SOURCES = ("index.qmd", "about.qmd", "lectures/index.qmd", "lectures/01-one.qmd", "lectures/02-two.qmd", "more/x.qmd")
PAGES = [PageInfo(s, s.replace(".qmd", ".html"), f"Title of {s}") for s in SOURCES]


def ways(config: str, page: str = "lectures/01-one.qmd", pages: list[PageInfo] = PAGES, **options: object):
    website = load_yaml(config, "_quarto.yml")
    here = next(p for p in pages if p.source == page)
    here = PageInfo(here.source, here.href, here.title, front_matter=options)
    return navigation(website, pages, here)


def links(items: tuple[NavItem, ...]) -> list[str | None]:
    return [item.href for item in flat(items) if item.kind != "separator"]


def test_addresses_count_from_the_page() -> None:
    nav, told = ways("navbar: {left: [index.qmd, /about.qmd, lectures/, 'lectures/02-two.qmd#a', 'https://e.org/x']}")
    assert told == []
    assert nav.navbar is not None
    assert links(nav.navbar.left) == [
        "../index.html",
        "../about.html",
        "index.html",
        "02-two.html#a",
        "https://e.org/x",
    ]
    assert [i.text_html for i in nav.navbar.left][:2] == ["Title of index.qmd", "Title of about.qmd"]


def test_menus_icons_and_attributes() -> None:
    nav, told = ways(
        "navbar: {right: [{text: M, menu: [about.qmd, '---', {text: Only}]}],"
        " tools: [{icon: github, href: 'https://e.org', aria-label: Code, target: _blank, rel: me}]}"
    )
    assert told == []
    assert nav.navbar is not None
    assert [i.kind for i in nav.navbar.right[0].children] == ["link", "separator", "text"]
    tool = nav.navbar.tools[0]
    assert (tool.icon, tool.aria_label, tool.target, tool.rel, tool.text_html) == ("github", "Code", "_blank", "me", "")


def test_what_leads_nowhere_is_told_at_its_place() -> None:
    nav, told = ways(
        "title: T\nnavbar:\n  left:\n    - index.qmd\n    - abuot.qmd\n  tools: [{icon: gihub, href: 'x:y'}]\n"
    )
    missing, icon = told
    assert (missing.code, str(missing.position)) == ("OCT-nav-missing", "_quarto.yml:5:7")
    assert missing.severity == "error"
    assert missing.hint == "did you mean `about.qmd`?"
    assert (icon.code, icon.severity) == ("OCT-icon-unknown", "warning")
    assert icon.hint == "did you mean `github`?"
    assert nav.navbar is not None
    assert links(nav.navbar.left) == ["../index.html"]


def test_sidebar_auto_makes_sections_of_folders_and_leaves_home_out() -> None:
    nav, told = ways("sidebar: {contents: auto}")
    assert told == []
    assert nav.sidebar is not None
    assert [i.href for i in nav.sidebar.items] == ["../about.html", "index.html", None]
    assert [i.href for i in nav.sidebar.items[1].children] == ["01-one.html", "02-two.html"]
    assert nav.sidebar.items[2].text_html == "More"


def test_sidebar_globs_folders_sections_and_an_order_of_the_authors() -> None:
    pages = [*PAGES[:4], PageInfo("lectures/02-two.qmd", "lectures/02-two.html", "Two", front_matter={"order": 1})]
    nav, told = ways("sidebar: {contents: [{section: L, contents: 'lectures/0*.qmd'}, {auto: 'more/*'}]}", pages=pages)
    assert [d.message for d in told] == ["no page matches `more/*` in this project"]
    assert nav.sidebar is not None
    section = nav.sidebar.items[0]
    assert (section.kind, section.text_html, section.href) == ("section", "L", None)
    assert [i.href for i in section.children] == ["02-two.html", "01-one.html"]


def test_a_section_may_be_a_page() -> None:
    nav, _ = ways("sidebar: {contents: [{section: lectures/index.qmd, contents: [lectures/01-one.qmd]}]}")
    assert nav.sidebar is not None
    assert (nav.sidebar.items[0].href, nav.sidebar.items[0].text_html) == ("index.html", "Title of lectures/index.qmd")


def test_previous_and_next_follow_the_sidebar_and_stop_at_a_separator() -> None:
    config = "page-navigation: true\nsidebar: {contents: [index.qmd, lectures/01-one.qmd, '---', about.qmd]}\n"
    nav, _ = ways(config)
    assert nav.previous is not None
    assert (nav.previous.href, nav.next) == ("../index.html", None)
    off, _ = ways(config, **{"page-navigation": False})
    assert (off.previous, off.next) == (None, None)


def test_breadcrumbs_name_the_sections_above_the_page() -> None:
    config = "sidebar: {contents: [{section: A, contents: [{section: B, contents: [lectures/01-one.qmd]}]}]}"
    nav, _ = ways(config)
    assert [i.text_html for i in nav.breadcrumbs] == ["A", "B", "Title of lectures/01-one.qmd"]
    assert ways(config + "\nbread-crumbs: false")[0].breadcrumbs == ()


def test_of_several_sidebars_the_one_that_holds_the_page_or_that_the_page_names() -> None:
    config = (
        "sidebar: [{id: a, title: A, style: docked, contents: [about.qmd]}, {id: l, title: L, contents: [lectures]}]\n"
        "navbar: {left: ['sidebar:a', 'sidebar:zz']}\n"
    )
    nav, told = ways(config)
    assert nav.sidebar is not None
    assert nav.navbar is not None
    assert (nav.sidebar.id, nav.sidebar.style) == ("l", "docked")
    assert [d.code for d in told] == ["OCT-nav-missing"]
    assert links(nav.navbar.left) == [None, "../about.html"]
    assert ways(config, page="more/x.qmd")[0].sidebar is None
    named = ways(config, page="more/x.qmd", sidebar="a")[0].sidebar
    assert named is not None
    assert named.id == "a"


def test_drafts_are_left_out_without_a_word() -> None:
    pages = [*PAGES[:4], PageInfo("about2.qmd", "about2.html", "Draft", draft=True)]
    nav, told = ways("navbar: {left: [about2.qmd, index.qmd]}", pages=pages)
    assert told == []
    assert nav.navbar is not None
    assert links(nav.navbar.left) == ["../index.html"]


def test_footer_markdown_and_items() -> None:
    nav, _ = ways("page-footer: {left: 'By [us](about.qmd), *2026*', right: [{icon: rss, href: index.xml}]}")
    assert nav.footer is not None
    assert nav.footer.left_html == '<p>By <a href="../about.html">us</a>, <em>2026</em></p>'
    assert nav.footer.right[0].href == "../index.xml"


def test_repository_links() -> None:
    nav, _ = ways(
        "repo-url: https://e.org/r/\nrepo-subdir: notes\nrepo-branch: dev\nrepo-actions: [edit, source, issue]"
    )
    assert [i.href for i in nav.actions] == [
        "https://e.org/r/edit/dev/notes/lectures/01-one.qmd",
        "https://e.org/r/blob/dev/notes/lectures/01-one.qmd",
        "https://e.org/r/issues/new",
    ]


def test_search_stands_in_the_navbar_if_there_is_one() -> None:
    def places(nav: Navigation) -> tuple[bool | None, bool | None]:
        return (nav.navbar.search if nav.navbar else None, nav.sidebar.search if nav.sidebar else None)

    side = "sidebar: {contents: auto}\n"
    assert places(ways(side)[0]) == (None, True)
    assert places(ways(side + "navbar: {left: []}")[0]) == (True, False)
    assert places(ways(side + "search: false")[0]) == (None, False)
    assert places(ways(side + "navbar: {left: []}\nsearch: {location: sidebar}")[0]) == (False, True)


def test_a_sidebar_that_a_page_names_and_that_is_none_is_told() -> None:
    _, told = ways("sidebar: [{id: guide, contents: [about.qmd]}]", sidebar="giude")
    assert [(d.code, d.hint) for d in told] == [("OCT-nav-missing", "did you mean `guide`?")]
    assert ways("sidebar: [{id: guide, contents: [about.qmd]}]", sidebar=False)[1] == []


def test_bars_show_their_logo_for_each_scheme_or_the_brands(tmp_path: Path) -> None:
    (tmp_path / "_brand.yml").write_text(
        "logo:\n  images:\n    mark: {path: mark.svg, alt: The mark}\n    white: white.svg\n"
        "  small: {light: mark, dark: white}\n  medium: mark\n",
        "utf-8",
    )
    brand = brand_of(None, tmp_path)

    def logos(config: str, bar: str) -> list[tuple[str, str, str]]:
        nav, _ = navigation(load_yaml(config, "_quarto.yml"), PAGES, PAGES[3], brand=brand)
        return [(one.src, one.alt, one.scheme) for one in getattr(nav, bar).logos]

    assert logos("navbar: {left: []}", "navbar") == [
        ("../mark.svg", "The mark", "light"),
        ("../white.svg", "", "dark"),
    ]
    assert logos("navbar: {left: [], logo: medium}", "navbar") == [("../mark.svg", "The mark", "")]
    assert logos("navbar: {left: [], logo: false}", "navbar") == []
    assert logos("navbar: {left: [], logo: own.png, logo-alt: Own}", "navbar") == [("../own.png", "Own", "")]
    assert logos("navbar: {logo: {light: a.png, dark: {path: b.png, alt: B}}}", "navbar") == [
        ("../a.png", "", "light"),
        ("../b.png", "B", "dark"),
    ]
    assert logos("sidebar: {contents: auto}", "sidebar") == [("../mark.svg", "The mark", "")]
    assert logos("{navbar: {left: []}, sidebar: {contents: auto}}", "sidebar") == []


def test_menus_have_quartos_ids() -> None:
    nav, _ = ways(
        "navbar: {left: [{text: More *things*, menu: [about.qmd]}, {icon: github, menu: [about.qmd]}, {text: More things, menu: [about.qmd]}]}"
    )
    assert nav.navbar is not None
    assert [i.id for i in nav.navbar.left] == ["nav-menu-more-things", "nav-menu-bi-github", "nav-menu-more-things-1"]


def test_a_bar_may_have_a_foreground_alone_and_a_border() -> None:
    css = bars(
        load_yaml("{navbar: {foreground: '#123456'}, sidebar: {border: true}, page-footer: {border: danger}}", "q")
    )
    assert ".navbar { color: #123456" in css
    assert "border-right: 1px" in css
    assert ".footer { border-top-color: #b02a37 }" in css


def test_a_navbar_collapses_where_it_is_told() -> None:
    medium = bars(load_yaml("navbar: {collapse-below: md}", "q"))
    assert "@media (min-width: 48rem)" in medium and ".navbar-expand-md .navbar-toggler" in medium
    never = bars(load_yaml("navbar: {collapse: false}", "q"))
    assert "@media (min-width: 0rem)" in never and ".navbar-expand .navbar-toggler { display: none; }" in never
    assert bars(load_yaml("navbar: {collapse-below: lg}", "q")) == ""


def test_a_filled_icon_is_drawn_as_its_outline() -> None:
    nav, told = ways("navbar: {right: [{icon: question-circle-fill, href: about.qmd}]}")
    assert told == []
    assert nav.navbar is not None
    assert nav.navbar.right[0].icon == "question-circle-fill"
    assert icon("question-circle-fill") == icon("question-circle").replace("question-circle", "question-circle-fill")

"""The logo of a bar: the picture that it names, one for each colour scheme, or the brand's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from octavo.read.brand import SCHEMES, Brand
from octavo.site.contents import Links
from octavo.write.view import Logo


def logos_of(config: Mapping[str, Any], links: Links, brand: Brand | None, sizes: tuple[str, ...]) -> tuple[Logo, ...]:
    """The pictures that stand for the site in a bar: one, or a light and a dark one; none without a logo.

    `sizes` are the brand's logos that fit the bar, the best first: they are taken where the bar names none.
    """
    given = config.get("logo")
    if given is False:
        return ()
    schemes = given if isinstance(given, Mapping) and "path" not in given else dict.fromkeys(SCHEMES, given)
    found = []
    for scheme in (name for name in SCHEMES if name in schemes):
        picture = schemes[scheme]
        known = brand.logo(*_names(picture, sizes), scheme=scheme) if brand else None
        if isinstance(picture, Mapping):
            known = picture
        elif picture and not known:
            known = {"path": picture}
        if known and known.get("path"):
            alt = config.get("logo-alt") or known.get("alt") or ""
            found.append(Logo(links.address(str(known["path"])), str(alt), scheme))
    if len(found) == 2 and (found[0].src, found[0].alt) == (found[1].src, found[1].alt):
        return (Logo(found[0].src, found[0].alt),)
    return tuple(found) if len(found) == 2 else tuple(Logo(one.src, one.alt) for one in found)


def _names(picture: Any, sizes: tuple[str, ...]) -> tuple[str, ...]:
    return (str(picture),) if isinstance(picture, str) else sizes if picture is None else ()

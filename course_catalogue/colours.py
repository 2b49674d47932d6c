"""The two colours of a network, and what they must keep so that every text on them can be read (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

RGB = tuple[float, float, float]  # red, green, blue; 0–1

# What stands beside the network's colours and is the same for every network; theme/static/tray.css says so too.
PAPER: Final = {"light": "#ffffff", "dark": "#101614"}
INK: Final = "#15201d"  # on the accent, in both schemes
ON: Final = "#ffffff"  # on the main colour, in both schemes
LINK_CONTRAST: Final = 4.5
TINT_CONTRAST: Final = 9.0  # of the lightened main colour on dark paper: for links, and as a ground for dark text


@dataclass(frozen=True, slots=True)
class Colours:
    """As #rrggbb in small letters: `main` the ground of header and trays, `accent` the main action on it."""

    main: str = "#0d4a40"
    accent: str = "#ffb43a"


USUAL: Final = Colours()


@dataclass(frozen=True, slots=True)
class TooFaint:
    """A pair of colours that cannot be told apart well enough: which pair, whose fault, the contrast and its limit."""

    pair: str  # a reason of T606 in problems.yaml
    field: str
    contrast: float
    limit: float


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1–21 (WCAG 2.2, definition of contrast ratio)."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_faint(colours: Colours) -> Iterator[TooFaint]:
    """Every pair that breaks its limit."""
    pairs = (
        ("text", "main", contrast(ON, colours.main), 7.0),
        ("link", "main", min(contrast(link_on(scheme, colours), paper) for scheme, paper in PAPER.items()), LINK_CONTRAST),
        ("button", "accent", contrast(INK, colours.accent), 7.0),
        ("accent", "accent", contrast(colours.accent, colours.main), 3.0),
    )
    return (TooFaint(*one) for one in pairs if one[2] < one[3])


def link_on(scheme: str, colours: Colours) -> str:
    """The colour of links on the paper of a scheme, `light` or `dark`."""
    return colours.main if scheme == "light" else tint(colours.main)


def tint(colour: str) -> str:
    """A colour of the same hue that is light enough to be read on dark paper."""
    hue, _, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    lights = (_hex(colorsys.hls_to_rgb(hue, step / 100, min(saturation, 0.5))) for step in range(50, 101))
    return next(light for light in lights if contrast(light, PAPER["dark"]) >= TINT_CONTRAST)


def mixed(colour: str, other: str, share: float) -> str:
    """`share` of a colour, 0–1, in another."""
    return _hex(tuple(share * mine + (1 - share) * theirs for mine, theirs in zip(_rgb(colour), _rgb(other), strict=True)))  # type: ignore[arg-type]


def _luminance(colour: str) -> float:
    """WCAG 2.2, definition of relative luminance."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(colour: str) -> RGB:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(rgb: RGB) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)

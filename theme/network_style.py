"""The static files in a network's own colours: its tokens as a style sheet of their own, and its mark."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from course_catalogue.colours import ON, USUAL, Colours, link_on, mixed, tint
from theme.static_file import StaticFile, static_file, static_files

STYLE, MARK = "colours.css", "mark.svg"


@cache
def static_files_in(colours: Colours) -> Mapping[str, StaticFile]:
    """All static files by name, for a network of these colours. Only where they are not the usual ones is there a file `colours.css`."""
    if colours == USUAL:
        return static_files()
    drawn = static_files()[MARK].content.decode().replace(USUAL.main, colours.main).replace(USUAL.accent, colours.accent)
    own = (static_file(STYLE, tokens(colours).encode()), static_file(MARK, drawn.encode()))
    return {**static_files(), **{file.name: file for file in own}}


def tokens(colours: Colours) -> str:
    """The style sheet that follows tray.css and sets those of its tokens that hang on the network's colours."""
    ground = {
        "spruce": colours.main,
        "on": ON,
        "on2": mixed(ON, colours.main, 0.8),
        "rim": mixed(ON, colours.main, 0.22),
        "lakka": colours.accent,
    }
    light = {**ground, "link": link_on("light", colours)}
    dark = {"act": tint(colours.main), "link": link_on("dark", colours), "spruce": colours.main, "on2": ground["on2"], "rim": ground["rim"]}
    return f":root{{{_written(light)}}}\n@media (prefers-color-scheme:dark){{:root{{{_written(dark)}}}}}\n"


def _written(values: Mapping[str, str]) -> str:
    return ";".join(f"--{name}:{value}" for name, value in values.items())

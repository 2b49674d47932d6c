"""Parts of pages that are printed once and stand on many: `{% once %}…{% endonce %}`, `{% once row %}…{% endonce %}`.

Whoever prints a site has them kept (`keep_fragments`); elsewhere, in the service, the tags do nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from markupsafe import Markup

MOST = 20_000  # fragments; then all are forgotten, so that memory stays bounded
PLAIN = (str, int, Markup)


class Once(Extension):
    """The tag. After its name stand the things on which its text depends, beside the language and what all pages share.

    A text and a number are known by what they are, any other thing by its identity: name only what never changes.
    """

    tags = {"once"}  # noqa: RUF012 - so declared by Jinja
    kept: dict[object, tuple[list[Any], str]] | None = None  # the things (so that no identity is used again) and the text

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        things: list[nodes.Expr] = []
        while parser.stream.current.type != "block_end":
            if things:
                parser.stream.expect("comma")
            things.append(parser.parse_expression())
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        place = f"{parser.name} {parser.free_identifier().name}"
        return nodes.CallBlock(self.call_method("_printed", [nodes.Const(place), nodes.List(things)]), [], [], body).set_lineno(line)

    def _printed(self, place: str, things: list[Any], caller: Callable[[], str]) -> str:
        if self.kept is None:
            return caller()
        key = (place, *(thing if type(thing) in PLAIN else (id(thing),) for thing in things))
        if key not in self.kept:
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = (things, caller())
        return self.kept[key][1]


def keep_fragments(made: Environment) -> None:
    """Keep what is printed between the tags as long as this environment lives. For one plan: its things must not change."""
    once = made.extensions[Once.identifier]
    assert isinstance(once, Once)  # noqa: S101 - the environment of theme/environment.py has it
    once.kept = {}

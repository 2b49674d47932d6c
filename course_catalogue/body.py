"""Checks a Markdown body: no raw HTML, no template text, no pictures, links only to https, mail and our own pages.

What is printed is cleaned once more when it is rendered; here the writer is told at the line.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterator

from course_catalogue.content_file import ContentFile
from course_catalogue.yaml_tree import Position

# As the renderer reads them (Markdown's fenced_code and backtick patterns): what it does not take for code is checked.
FENCED_CODE = re.compile(r"^(?P<fence>`{3,}|~{3,})[ ]*[\w#.+-]*[ ]*\n.*?(?<=\n)(?P=fence)[ ]*$", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"(?<![\\`])(?P<ticks>`+)(?!`)[^\n]{1,2000}?(?<!`)(?P=ticks)(?!`)")
TEMPLATE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#(?=\s)")
PELICAN_LINK = re.compile(r"[{|](?:attach|static|filename|tag|category|author|index)[}|]", re.IGNORECASE)
AUTOLINK = re.compile(r"<(?P<target>(?:https?://|mailto:)[^\s<>]+|[\w.+-]{1,100}@[\w.-]+)>")
RAW_HTML = re.compile(r"<(?:!--|[!?]|/?[a-zA-Z])[^>\n]*>?")
# Every part is bounded, so that no text takes more than linear time.
IMAGE = re.compile(r"!\[(?:[^\]\n]{0,300}\](?:\(\s{0,9}<?(?P<target>[^)\s>]{0,1000})[^)\n]{0,300}\)?|\[[^\]\n]{0,300}\])?)?")
LINK = re.compile(r"\]\(\s{0,9}<?(?P<target>[^)\s>]{0,1000})")
LINK_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,300}\]:\s{0,9}<?(?P<target>[^\s>]{1,1000})", re.MULTILINE)
HEADING_ONE = re.compile(r"^#(?!#)[ \t]*(?P<text>[^\n]*)|^(?P<under>[^\n#>\-=|][^\n]*)\n=+[ \t]*$", re.MULTILINE)
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
FOREIGN_LINK = re.compile(r"^[^/?#]*:")  # a colon before the first slash


def check_body(body: str, first_line: int, file: ContentFile) -> None:
    """Report everything in the body that may not be published."""
    text = Body(body, first_line, file)
    if not body.strip():
        file.report("T708", (first_line, 1, 0))
        return
    text.find(TEMPLATE, "T702", body)
    text.find(PELICAN_LINK, "T703", body)
    plain = _without_code(body)
    text.images(plain)
    plain = IMAGE.sub(_blank, plain)
    for match in [*LINK.finditer(plain), *LINK_DEFINITION.finditer(plain), *AUTOLINK.finditer(plain)]:
        text.link(match)
    text.find(RAW_HTML, "T701", AUTOLINK.sub(_blank, plain))
    for match in HEADING_ONE.finditer(plain):
        text.heading(match)


def own_links(body: str, first_line: int, file: ContentFile) -> Iterator[tuple[str, Position]]:
    """The links of a body to pages of the same site, as written, and where they stand."""
    if "](" not in body and "]:" not in body:
        return
    text = Body(body, first_line, file)
    plain = _without_code(body)
    for match in [*LINK.finditer(plain), *LINK_DEFINITION.finditer(plain)]:
        if match["target"] and _is_own(_meant(match["target"])):
            yield match["target"], text.position(*match.span("target"))


class Body:
    """The body's lines, for positions in the file."""

    def __init__(self, body: str, first_line: int, file: ContentFile) -> None:
        self.file = file
        self.first_line = first_line
        self.starts = [0]
        for match in re.finditer("\n", body):
            self.starts.append(match.end())

    def position(self, start: int, end: int) -> Position:
        index = bisect_right(self.starts, start) - 1
        line_start = self.starts[index]
        return (self.first_line + index, start - line_start + 1, end - line_start + 1)

    def find(self, pattern: re.Pattern[str], code: str, text: str) -> None:
        for match in pattern.finditer(text):
            self.file.report(code, self.position(*match.span()), text=match[0])

    def images(self, plain: str) -> None:
        for match in IMAGE.finditer(plain):
            target = match["target"] or ""
            outside = SCHEME.match(target) or target.startswith("//")
            self.file.report("T704" if outside else "T705", self.position(*match.span()), target=target)

    def link(self, match: re.Match[str]) -> None:
        """A link of our own has no scheme, however it is disguised: entities, blanks and backslashes count as they will in a browser."""
        target = match["target"]
        meant = _meant(target)
        if meant.startswith(("https://", "mailto:")) or ("@" in meant and match.re is AUTOLINK):
            return
        if _is_own(meant):
            return
        mended = "https://" + target[7:] if target.startswith("http://") else f"https:{target}" if target.startswith("//") else None
        self.file.report("T706", self.position(*match.span("target")), mended, target=target)

    def heading(self, match: re.Match[str]) -> None:
        text = match["text"] if match["text"] is not None else match["under"]
        position = self.position(match.start(), match.start() + len(match[0].split("\n")[0]))
        self.file.report("T707", position, f"## {text.strip()}", text=text)


def _meant(target: str) -> str:
    return re.sub(r"[\s\x00-\x20]+", "", html.unescape(html.unescape(target)))


def _is_own(meant: str) -> bool:
    return not SCHEME.match(meant) and not meant.startswith("//") and "\\" not in meant and not FOREIGN_LINK.search(meant)


def _without_code(body: str) -> str:
    """The body with code blanked out, so that a course may teach HTML."""
    if "`" not in body and "~~~" not in body:
        return body
    return INLINE_CODE.sub(_blank, FENCED_CODE.sub(_blank, body))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])

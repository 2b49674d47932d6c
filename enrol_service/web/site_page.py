"""The built site at `/`, from the same port: its files as they are, its own 404, and the theme's static files of this very version."""

from __future__ import annotations

import mimetypes
from contextlib import suppress
from pathlib import Path

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from enrol_service.refusals.web import NotFound
from enrol_service.web.access import public
from enrol_service.web.packing import BEST, QUALITY, Packed, is_wanted, pack
from enrol_service.web.page import here, service
from theme.network_style import static_files_in

pages = Blueprint("site", __name__)

PUBLIC = "the site is public"
FOR_EVER = "public, max-age=31536000, immutable"  # the names of static files hold the hash of their content
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
TYPES |= {".txt": "text/plain; charset=utf-8", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json"}
TYPES |= {".atom": "application/atom+xml; charset=utf-8", ".ics": "text/calendar; charset=utf-8", ".csv": "text/csv; charset=utf-8"}
TYPES |= {".xml": "application/xml; charset=utf-8", "opensearch.xml": "application/opensearchdescription+xml; charset=utf-8"}
# A list for a school's own site may stand in a frame anywhere; it has nothing to press, so nobody can be led to press it.
FRAME_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"

# What the build has packed beside a file, the smaller first.
READY = ((".br", "br"), (".gz", "gzip"))

_packed = Packed()


@pages.get("/static/<name>")
@public(PUBLIC)
def show_static(name: str) -> ResponseReturnValue:
    """The theme's own file: a service that is newer than the built site still looks right. Older names come from the site."""
    for file in static_files_in(service().loaded.catalogue.network.colours).values():
        if file.published == name:
            return _answer(file.content, Path(name), name)
    return show(f"static/{name}")


@pages.get("/", defaults={"path": ""})
@pages.get("/<path:path>")
@public(PUBLIC)
def show(path: str) -> ResponseReturnValue:
    root = service().settings.site
    file = _file(root, path + "index.html" if path == "" or path.endswith("/") else path)
    if file is not None:
        with suppress(FileNotFoundError):  # a new site has come since, without this file
            response = _file_answer(file, 200)
            if _is_frame(file.relative_to(root).parts):
                response.headers["Content-Security-Policy"] = FRAME_POLICY
            return response
    if path in here().loaded.environments and _file(root, f"{path}/index.html"):
        return Response(status=301, headers={"Location": f"/{path}/"})
    lost = _file(root, here().url.not_found().lstrip("/"))
    if lost is not None:
        with suppress(FileNotFoundError):
            return _file_answer(lost, 404)
    raise NotFound


def _is_frame(place: tuple[str, ...]) -> bool:
    """Whether a file is a list for a school's own site, in any of the site's languages.

    Judged by where the file lies: an address may say `embed/..%2findex.html`.
    """
    return "embed" in place[: 2 if place[0] in here().loaded.environments else 1]


def _file(root: Path, path: str) -> Path | None:
    """The file of an address, if it is one of the site's: never above the folder, never a hidden one, never through a link."""
    if "\0" in path or path.endswith(tuple(ending for ending, _ in READY)) or any(part.startswith(".") for part in path.split("/")):
        return None
    joined = safe_join(str(root), path)
    if joined is None:
        return None
    file = Path(joined)
    try:
        return file if file.is_file() and file.resolve().is_relative_to(root.resolve()) else None
    except OSError:  # a name longer than any file's
        return None


def _file_answer(file: Path, status: int) -> Response:
    found = file.stat()
    tag = f"{found.st_mtime_ns:x}-{found.st_size:x}"
    ready = _ready(file)
    return _answer(ready[0] if ready else file.read_bytes(), file, f"{file}-{tag}", status, tag, ready[1] if ready else None)


def _ready(file: Path) -> tuple[bytes, str] | None:
    """The file as the build has packed it, in a way that this reader takes."""
    for ending, encoding in READY:
        if request.accept_encodings[encoding] > 0:
            with suppress(OSError):
                return file.with_name(file.name + ending).read_bytes(), encoding
    return None


def _answer(content: bytes, file: Path, key: str, status: int = 200, tag: str | None = None, encoding: str | None = None) -> Response:
    """`key` names the content among the packed ones; with `encoding` it is packed already."""
    content_type = TYPES.get(file.name) or TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    response = Response(content, status, content_type=content_type)
    response.headers["Vary"] = "Accept-Encoding"
    if tag is None or "static" in (file.parent.name, file.parent.parent.name):
        response.headers["Cache-Control"] = FOR_EVER
    else:
        response.set_etag(tag, weak=True)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    elif is_wanted(content_type, len(content)):
        pack(response, _packed.of(key, content, BEST if tag is None else QUALITY))
    if status == 200 and tag is not None:
        response.make_conditional(request)
    return response

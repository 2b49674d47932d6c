"""The built site at `/`, from the same port: files as they are, compressed ones where the browser takes them, and the site's own 404."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from enrol_service.refusals import NotFound
from enrol_service.web.access import public
from enrol_service.web.page import here, service

pages = Blueprint("site", __name__)

FOR_EVER = "public, max-age=31536000, immutable"  # the names of static files hold the hash of their content
TYPES = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".webmanifest": "application/manifest+json"}
TYPES |= {".css": "text/css; charset=utf-8", ".ics": "text/calendar; charset=utf-8", ".txt": "text/plain; charset=utf-8"}
PACKED = (("br", ".br"), ("gzip", ".gz"))


@pages.get("/", defaults={"path": ""})
@pages.get("/<path:path>")
@public("the site is public")
def show(path: str) -> ResponseReturnValue:
    root = service().settings.site
    file = _file(root, path + "index.html" if path == "" or path.endswith("/") else path)
    if file is not None:
        return _answer(file, 200)
    if _file(root, f"{path}/index.html"):
        return Response(status=301, headers={"Location": f"/{path}/"})
    lost = _file(root, f"{here().url.not_found()}".lstrip("/"))
    if lost is None:
        raise NotFound
    return _answer(lost, 404)


def _file(root: Path, path: str) -> Path | None:
    """The file of an address, if it is one of the site's: never above the folder, never a hidden one."""
    if any(part.startswith(".") for part in path.split("/")):
        return None
    joined = safe_join(str(root), path)
    if joined is None or "\0" in joined:
        return None
    file = Path(joined)
    return file if file.is_file() and file.resolve().is_relative_to(root.resolve()) else None


def _answer(file: Path, status: int) -> Response:
    content_type = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    chosen, encoding = file, None
    for name, ending in PACKED:
        packed = file.with_name(file.name + ending)
        if request.accept_encodings[name] > 0 and packed.is_file():
            chosen, encoding = packed, name
            break
    response = send_file(chosen, mimetype=content_type, conditional=status == 200)
    response.content_type = content_type
    response.headers["Cache-Control"] = FOR_EVER if file.parent.name == "static" else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    if response.status_code == 200:
        response.status_code = status
    return response

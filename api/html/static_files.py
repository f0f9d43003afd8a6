"""Style sheets and scripts, under a path that changes with their content."""

from __future__ import annotations

import functools
import gzip
import hashlib
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).resolve().parent.parent / "static"


@functools.cache
def static_prefix() -> str:
    """E.g. /static/3f2a9c1b; the version stands in the path, since relative imports of ES modules drop a ?v=."""
    digest = hashlib.sha256()
    for path in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return f"/static/{digest.hexdigest()[:8]}"


class VersionedStaticFiles(StaticFiles):
    """Files that never change under their path, so browsers need not ask again."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with leave to keep it for a year."""
        response = self._packed(path, scope) or await super().get_response(path, scope)
        if response.status_code in {200, 304}:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            response.headers["Access-Control-Allow-Origin"] = "*"  # the chat's modules load on the casino's own pages
        return response

    def _packed(self, path: str, scope: Scope) -> Response | None:
        """Text, packed, for whoever takes it so; packed once, as nothing here changes while the process runs."""
        media_type = _PACKED_TYPES.get(Path(path).suffix)
        if (
            media_type is None
            or scope["method"] != "GET"
            or "gzip" not in Headers(scope=scope).get("accept-encoding", "")
        ):
            return None
        full_path, found = self.lookup_path(path)
        if found is None:
            return None
        return Response(_gzipped(full_path), 200, {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}, media_type)


_PACKED_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@functools.cache
def _gzipped(path: str) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)

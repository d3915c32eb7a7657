"""Undoes the compression of an answer, never making more bytes than a limit, and returns what is wrong instead of raising."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

from .json_text import Unreadable

_GZIP_OR_ZLIB = 47
_RAW_DEFLATE = -15
_KNOWN = frozenset({"gzip", "x-gzip", "deflate"})
_STARTS_OF_TEXT = frozenset({b"{", b"[", b"<"})
_PIECE = 512
_MOST_LAYERS = 3
_MOST_MEMBERS = 100


def unpack(content: bytes, headers: Mapping[str, str], limit: int) -> bytes | Unreadable:
    """Undo the compression that the headers name."""
    codings = _codings(headers)
    if len(codings) > _MOST_LAYERS:
        return Unreadable(f"it is compressed {len(codings)} times over")
    for coding in codings:
        if coding not in _KNOWN:
            return Unreadable(f"it is compressed with {coding[:20]!r}, which was not asked for")
        unpacked = _inflate(content, limit)
        if isinstance(unpacked, Unreadable):
            return unpacked
        content = unpacked
    return content


def unpack_prefix(content: bytes, headers: Mapping[str, str], limit: int) -> bytes:
    """Undo the compression as far as the bytes go: an answer that is cut off may still name a payment.

    Empty when nothing can be read: compressed bytes are not kept, since nothing could be masked in them.
    """
    codings = _codings(headers)
    if not codings or content[:1] in _STARTS_OF_TEXT:
        return content
    if len(codings) > 1 or codings[0] not in _KNOWN:
        return b""
    return next(filter(None, (_inflate_start(content, window, limit) for window in (_GZIP_OR_ZLIB, _RAW_DEFLATE))), b"")


def _inflate_start(content: bytes, window: int, limit: int) -> bytes:
    """Inflate up to the first thing that is wrong."""
    inflater = zlib.decompressobj(window)
    unpacked = bytearray()
    for start in range(0, len(content), _PIECE):
        try:
            unpacked += inflater.decompress(content[start : start + _PIECE], limit + 1 - len(unpacked))
        except zlib.error:
            break
        if len(unpacked) > limit:
            break
    return bytes(unpacked)


def _codings(headers: Mapping[str, str]) -> list[str]:
    """List what was done to the body, the last first."""
    named = [part.strip().lower() for part in headers.get("content-encoding", "").split(",")]
    return [coding for coding in reversed(named) if coding not in {"", "identity"}]


def _inflate(content: bytes, limit: int) -> bytes | Unreadable:
    if not content:
        return content
    for window in (_GZIP_OR_ZLIB, _RAW_DEFLATE):
        try:
            return _inflate_members(content, window, limit)
        except zlib.error:
            continue
    return Unreadable("it is not compressed as its headers say")


def _inflate_members(content: bytes, window: int, limit: int) -> bytes | Unreadable:
    """Inflate all members that follow one another: a gzip file may have several."""
    unpacked = b""
    for _ in range(_MOST_MEMBERS):
        inflater = zlib.decompressobj(window)
        unpacked += inflater.decompress(content, limit + 1 - len(unpacked))
        if len(unpacked) > limit:
            return Unreadable(f"it is larger than {limit:,} bytes")
        if not inflater.eof:
            return Unreadable("its compressed form is cut off")
        content = inflater.unused_data
        if not content:
            return unpacked
    return Unreadable("its compressed form has too many parts")

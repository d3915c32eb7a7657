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


def unpack(content: bytes, headers: Mapping[str, str], limit: int) -> bytes | Unreadable:
    """Undo the compression that the headers name."""
    coding = _coding(headers)
    if not coding or not content:
        return content
    if coding not in _KNOWN:
        return Unreadable(f"it is compressed with {coding[:20]!r}, which was not asked for")
    unpacked, wrong = _inflate(content, limit, len(content))
    return Unreadable(wrong) if wrong else unpacked


def unpack_prefix(content: bytes, headers: Mapping[str, str], limit: int) -> bytes:
    """Undo the compression as far as the bytes go: an answer that is cut off may still name a payment.

    Empty when nothing can be read: compressed bytes are not kept, since nothing could be masked in them.
    """
    coding = _coding(headers)
    if not coding or content[:1] in _STARTS_OF_TEXT:
        return content
    return _inflate(content, limit, _PIECE)[0] if coding in _KNOWN else b""


def _coding(headers: Mapping[str, str]) -> str:
    """Name what was done to the body; empty where nothing was."""
    named = (part.strip().lower() for part in headers.get("content-encoding", "").split(","))
    return ", ".join(coding for coding in named if coding not in {"", "identity"})


def _inflate(content: bytes, limit: int, piece: int) -> tuple[bytes, str]:
    """Inflate, so many bytes at a time, up to the first thing that is wrong; and say what that is, if anything."""
    unpacked = b""
    for window in (_GZIP_OR_ZLIB, _RAW_DEFLATE):
        inflater = zlib.decompressobj(window)
        try:
            for start in range(0, len(content), piece):
                unpacked += inflater.decompress(content[start : start + piece], limit + 1 - len(unpacked))
                if len(unpacked) > limit:
                    return unpacked, f"it is larger than {limit:,} bytes"
        except zlib.error:
            if unpacked:
                break
        else:
            if not inflater.unused_data:
                return unpacked, "" if inflater.eof else "its compressed form is cut off"
            break
    return unpacked, "it is not compressed as its headers say"

"""Bytes behind an answer: what a server sent that nobody asked for must never be read as the next call's answer."""

from __future__ import annotations

from typing import Any


def holds_unread_bytes(stream: Any) -> bool:  # noqa: ANN401 - wrappers of httpx and httpcore, found by their private names
    """Whether the connection of an answer that was read to its end has received more than that answer.

    True as well where that cannot be seen, as after a release of httpcore with other names: then the connection is not used again.
    Bytes that come later make the idle connection readable, and httpcore closes such a connection before it uses it.
    """
    try:
        unread, _ = stream._httpcore_stream._stream._connection._h11_state.trailing_data
    except AttributeError:
        return True
    return bool(unread)

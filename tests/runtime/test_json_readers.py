"""JSON is read alike with orjson and without it, and the extra [speed] is picked up by itself."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aig_billing_runtime import json_text
from aig_billing_runtime.json_text import Unreadable, read_json
from aig_billing_runtime.schema import MAX_DEPTH, is_finite, is_nested_too_deeply

orjson = pytest.importorskip("orjson", reason="the extra [speed] is not installed")

CORPUS = [
    b"",
    b" ",
    b"{}",
    b" [1] \r\n\t",
    b"\xef\xbb\xbf{}",
    b"\xc2\xa0[1]",
    b"\x0c[1]",
    b"[1]\x00",
    b"null",
    b"tru",
    b"NaN",
    b"[Infinity]",
    b"-Infinity",
    b"1e999",
    b"-1e999",
    b"1e-999",
    b"1E5",
    b"-0",
    b"-0.0",
    b"01",
    b"1.",
    b".5",
    b"+1",
    b"-",
    b"0x10",
    b"9223372036854775807",
    b"9223372036854775808",
    b"18446744073709551615",
    b"18446744073709551616",
    b"-9223372036854775808",
    b"-9223372036854775809",
    b"1" * 400,
    b"1" * 4301,
    b"1" * 20 + b".5",
    b"0.1234567890123456789012345",
    b"9007199254740993",
    b"9007199254740993.0",
    b"2.2250738585072011e-308",
    b'{"a": 1, "a": 2}',
    b'{"a": 1, "b": 2, "a": 3}',
    b"{'a': 1}",
    b"{a: 1}",
    b"[1,]",
    b'{"a": 1,}',
    b"[1 2]",
    b"// c\n1",
    b'"\\u0000"',
    b'"\\ud83d\\ude00"',
    b'"\\ud800"',
    b'"\\udc00"',
    b'"\\ud800\\u0041"',
    b'"\\uD800"',
    b'"\\\\ud800"',
    b'{"\\udfff": 1}',
    b'"\xed\xa0\x80"',
    b'"\xff"',
    b'"\xf4\x90\x80\x80"',
    b'"\xef\xbf\xbf"',
    b'"\x01"',
    b'"\x7f"',
    b'"a\\/b"',
    b'"\\x41"',
    b'"unended',
    b"[" * 100_000,
    b"[" * 1500 + b"]" * 1500,
    b'{"a":' * 1500 + b"1" + b"}" * 1500,
    b"<html>",
    "{}".encode("utf-16"),
    json.dumps({"in": "1" * 19, "out": [1234567890123456789, 12345678901234567890]}).encode(),
]


def read_without_orjson(content: bytes) -> Any:
    fast, json_text._fast = json_text._fast, None
    try:
        return read_json(content)
    finally:
        json_text._fast = fast


def same(one: Any, other: Any) -> bool:
    """Compare strictly: 1 is not 1.0 is not True, and -0.0 is not 0.0; in the order of the keys."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return [*one] == [*other] and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return one == other and math.copysign(1, one) == math.copysign(1, other)
    return bool(one == other)


@pytest.mark.parametrize("content", CORPUS, ids=lambda content: repr(content[:30]))
def test_both_readers_read_the_corpus_alike(content: bytes) -> None:
    assert json_text._fast is orjson.loads
    with_orjson, without = read_json(content), read_without_orjson(content)
    if is_too_deep(with_orjson) or is_too_deep(without):
        # Readers differ in how deep they go; what is said of it later is the same.
        assert is_too_deep(with_orjson)
        assert is_too_deep(without)
    else:
        assert same(with_orjson, without), (with_orjson, without)


def is_too_deep(value: Any) -> bool:
    return value == json_text.TOO_DEEP or (not isinstance(value, Unreadable) and is_nested_too_deeply(value))


@given(
    st.binary(max_size=40)
    | st.text(max_size=40).map(str.encode)
    | st.text('[]{}":,0123456789.eE+-\\u dnulltruefasNI', max_size=30).map(str.encode)
)
def test_both_readers_read_any_bytes_alike(content: bytes) -> None:
    assert same(read_json(content), read_without_orjson(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON, st.booleans())
def test_both_readers_read_what_json_writes(value: Any, escaped: bool) -> None:
    content = json.dumps(value, ensure_ascii=escaped).encode(errors="replace")
    assert same(read_json(content), value)
    assert same(read_without_orjson(content), value)


def test_a_number_beyond_64_bits_is_noticed_wherever_it_stands() -> None:
    for number in (10**18, 2**63 - 1, 2**63, 2**64, 10**20, 10**30, -(2**63), -(2**63) - 1):
        for before in range(12):
            for after in range(3):
                content = f"{' ' * before}{number}{' ' * after}".encode()
                assert same(read_json(content), number)


def test_nesting_has_one_limit_for_every_reader() -> None:
    for levels in range(1, 130):
        value = json.loads("[" * levels + "]" * levels)
        assert is_finite(value) is (levels <= MAX_DEPTH)
        assert is_nested_too_deeply(value) is (levels > MAX_DEPTH)


def test_infinities_and_nan_are_found_at_any_depth() -> None:
    for bad in (math.inf, -math.inf, math.nan):
        assert not is_finite(bad)
        assert not is_finite({"a": [[{"b": bad}]]})
    assert is_finite({"a": [[{"b": 1e308}]], "c": "inf", "d": None, "e": True, "f": 10**400})


@pytest.mark.parametrize("blocked", [False, True])
def test_orjson_is_picked_up_by_itself_and_not_needed(blocked: bool) -> None:
    block = 'sys.modules["orjson"] = None' if blocked else "pass"
    program = (
        f"import sys; {block}\n"
        "from aig_billing_runtime import json_text\n"
        "print(json_text._fast is None, json_text.read_json(b'{\"a\": [1, 2.5, 12345678901234567890123]}'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"{blocked} {{'a': [1, 2.5, 12345678901234567890123]}}"

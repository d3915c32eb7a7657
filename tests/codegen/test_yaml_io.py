"""YAML is read as if it were JSON with comments, and written so that every reader reads the same."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from codegen.errors import BuildError
from codegen.yaml_io import dump_yaml, load_yaml, parse_yaml

HERE = Path("spec.yaml")


def read(text: str) -> dict[str, Any]:
    return parse_yaml(text.encode(), HERE)


def refusal(text: str | bytes) -> str:
    with pytest.raises(BuildError) as caught:
        parse_yaml(text.encode() if isinstance(text, str) else text, HERE)
    return str(caught.value)


def test_json_s_scalars_are_what_json_says() -> None:
    text = "{a: null, b: true, c: false, d: 0, e: -12, f: 2.50, g: 1e3, h: 1.0, i: -0.5E-2, j: 'x'}"
    value = read(text)
    assert value == {
        "a": None,
        "b": True,
        "c": False,
        "d": 0,
        "e": -12,
        "f": 2.5,
        "g": 1000.0,
        "h": 1.0,
        "i": -0.005,
        "j": "x",
    }
    assert [type(value[key]) for key in "deh"] == [int, int, float]


@pytest.mark.parametrize(
    "word",
    [
        "NO",
        "yes",
        "No",
        "on",
        "off",
        "y",
        "True",
        "FALSE",
        "Null",
        "NULL",
        "12:30",
        "190:20:30",
        "2026-11-20",
        "2026-11-20T10:00:00Z",
        "0777",
        "0o17",
        "0x1F",
        "0b11",
        "1_000",
        "+1",
        ".5",
        "1.",
        ".inf",
        "-.Inf",
        ".nan",
        "00",
        "01.5",
        "1e",
        "1.0.0",
        "-x",
        "=",
        "1,000",
    ],
)
def test_what_is_no_scalar_of_json_is_a_string(word: str) -> None:
    assert read(f"key: {word}") == {"key": word}


@pytest.mark.parametrize("word", ["null", "true", "12", "1.5", "~", "", "<<"])
def test_what_stands_in_quotes_is_a_string(word: str) -> None:
    assert read(f"key: '{word}'\nlist: [\"{word}\"]") == {"key": word, "list": [word]}


def test_block_scalars_are_strings_with_any_content() -> None:
    assert read("a: |\n  12\nb: >-\n  one\n  two\n") == {"a": "12\n", "b": "one two"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", "spec.yaml: line 3: the key 'a' is there already, on line 1; keep one of the two"),
        ("a: {x: 1, 'x': 2}\n", "spec.yaml: line 1: the key 'x' is there already, on line 1; keep one of the two"),
        (
            "a:\nb: 1\n",
            'spec.yaml: line 1: an empty value is null to some readers and a string to others; write null, "", [] or {}, whichever is meant',
        ),
        (
            "a:\n  - 1\n  -\n",
            'spec.yaml: line 3: an empty value is null to some readers and a string to others; write null, "", [] or {}, whichever is meant',
        ),
        (
            "a: ~\n",
            'spec.yaml: line 1: ~ is null to some readers and a string to others; write null, "", [] or {}, whichever is meant',
        ),
        (
            "a: {b: 1}\nc:\n  <<: {b: 2}\n",
            "spec.yaml: line 3: JSON has no merge keys ('<<'); write out what is to be merged",
        ),
        ("a:\n  200: ok\n", "spec.yaml: line 2: the key is 200, not a string; put it in quotes"),
        ("true: ok\n", "spec.yaml: line 1: the key is true, not a string; put it in quotes"),
        ("null: ok\n", "spec.yaml: line 1: the key is null, not a string; put it in quotes"),
        ("? [a, b]\n: ok\n", "spec.yaml: line 1: the key is a list, not a string; put it in quotes"),
        ("a: &x 1\n", "spec.yaml: line 1: JSON has no anchors and aliases (&x); write the value out"),
        ("a: &x [*x]\n", "spec.yaml: line 1: JSON has no anchors and aliases (&x); write the value out"),
        ("a: [*x]\n", "spec.yaml: line 1: JSON has no anchors and aliases (*x); write the value out"),
        ("a: 1\n*x : ok\n", "spec.yaml: line 2: JSON has no anchors and aliases (*x); write the value out"),
        ("a: !thing 1\n", "spec.yaml: line 1: JSON has no tags (!thing); drop the tag; quote what is a string"),
        (
            "a: !!binary aGk=\n",
            "spec.yaml: line 1: JSON has no tags (!!binary); drop the tag; quote what is a string",
        ),
        ("a: !!set {b}\n", "spec.yaml: line 1: JSON has no tags (!!set); drop the tag; quote what is a string"),
        (
            "a: 1\n---\nb: 2\n",
            "spec.yaml: line 2: a second document starts here; one file holds one document: drop the '---'",
        ),
        ("- a\n", "spec.yaml: line 1: the file holds a list; a mapping is expected"),
        ("hello\n", 'spec.yaml: line 1: the file holds "hello"; a mapping is expected'),
        ("", "spec.yaml: the file is empty; a mapping is expected"),
        ("# nothing\n", "spec.yaml: the file is empty; a mapping is expected"),
        ("a: 1e999\n", "spec.yaml: line 1: 1e999 is too large for a double; put it in quotes"),
        (f"a: {'9' * 5000}\n", f"spec.yaml: line 1: {'9' * 20} is too large for a double; put it in quotes"),
        ("a: " + "[" * 5000 + "]" * 5000, "spec.yaml: it is nested too deeply; make it flatter"),
        (b"a: 1\nb: \xff\n", "spec.yaml: line 2: byte 8 is not UTF-8; save the file as UTF-8"),
        ("a: 1\n".encode("utf-16"), "spec.yaml: line 1: byte 0 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_json_could_not_say_is_refused_by_line(text: str | bytes, message: str) -> None:
    assert refusal(text) == message


@pytest.mark.parametrize(
    "text", ["a: [1, 2\nb: 3\n", "a: b: c\n", "a: 'x\n", "\tb: 1\n", "a: 1\n b: 2\n", "a: @x\n", "a: 1\nb: \x01\n"]
)
def test_what_is_no_yaml_is_refused_with_the_parser_s_reason(text: str) -> None:
    assert "this is not YAML: " in refusal(text)


def test_what_is_no_yaml_is_named_by_its_line() -> None:
    assert refusal("a: 1\nb: 'x' y\n").startswith("spec.yaml: line 2: this is not YAML: ")


def test_half_a_surrogate_pair_never_gets_in() -> None:
    assert refusal('a: "\\ud800"\n').startswith("spec.yaml: ")


def test_a_file_that_is_missing_or_a_folder_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"nowhere\.yaml: cannot be read: No such file or directory; check the path"):
        load_yaml(tmp_path / "nowhere.yaml")
    with pytest.raises(BuildError, match="cannot be read: Is a directory"):
        load_yaml(tmp_path)


def test_files_under_the_working_directory_are_named_as_one_would_type_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi").mkdir()
    (tmp_path / "openapi/billing.yaml").write_text("[]")
    with pytest.raises(BuildError) as caught:
        load_yaml(tmp_path / "openapi/billing.yaml")
    assert str(caught.value) == "openapi/billing.yaml: line 1: the file holds a list; a mapping is expected"


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=60),
    st.sampled_from(
        [
            "200",
            "null",
            "1.0",
            "NO",
            "yes",
            "12:30",
            "~",
            "",
            " ",
            "- a",
            "a:",
            "a: b",
            "a #b",
            "#",
            "1e5",
            "0x1F",
            "<<",
            "=",
        ]
    ),
    st.text(alphabet=" \n\t:#-a'\"|>\\\u2028\ufeff\x85", max_size=20),
    st.text(alphabet="ab :#-'", min_size=100, max_size=300),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=15,
)


def same(left: object, right: object) -> bool:
    """Equal, and of the same types: 1 is not 1.0 and not true."""
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


@pytest.mark.slow
@given(st.dictionaries(st.text(max_size=12), JSON, max_size=5))
def test_what_is_written_reads_back_exactly_in_order(document: dict[str, Any]) -> None:
    assert same(parse_yaml(dump_yaml(document).encode(), HERE), document)


@pytest.mark.slow
@given(st.dictionaries(st.text(max_size=12), JSON, max_size=5))
def test_what_is_written_is_the_same_to_readers_of_yaml_1_1_and_1_2(document: dict[str, Any]) -> None:
    text = dump_yaml(document)
    assert numbers_aside(yaml.safe_load(text)) == numbers_aside(document)
    read_by_ruamel = json.loads(json.dumps(YAML(typ="safe", pure=True).load(text)))
    assert numbers_aside(read_by_ruamel) == numbers_aside(document)


def numbers_aside(value: object) -> object:
    """YAML 1.1 wants a point in a float with an exponent, so PyYAML itself reads 1e+16 as a string; all else must agree."""
    if isinstance(value, dict):
        return {key: numbers_aside(item) for key, item in value.items()}
    if isinstance(value, list):
        return [numbers_aside(item) for item in value]
    return "a number" if isinstance(value, float) or (isinstance(value, str) and is_exponent(value)) else value


def is_exponent(text: str) -> bool:
    try:
        return "e" in text and not math.isnan(float(text))
    except ValueError:
        return False


def test_the_text_is_for_people() -> None:
    long = "Reads how much credit the account holds, which card pays for it, and how auto top-up is set; " * 2
    document = {
        "openapi": "3.1.0",
        "paths": {"/a/{b}": {"get": {"tags": ["AI Gateway"], "responses": {"200": {"$ref": "#/x"}}, "parameters": []}}},
        "matrix": [[1, 2], [], [{"a": 1, "b": None}], {}],
        "long": long.strip(),
        "lines": "one\n\ntwo\n",
        "no end": "one\ntwo",
        "NO": "it's: x",
    }
    assert dump_yaml(document) == (
        "openapi: '3.1.0'\n"
        "paths:\n"
        "  /a/{b}:\n"
        "    get:\n"
        "      tags:\n"
        "        - AI Gateway\n"
        "      responses:\n"
        "        '200':\n"
        "          $ref: '#/x'\n"
        "      parameters: []\n"
        "matrix:\n"
        "  - - 1\n"
        "    - 2\n"
        "  - []\n"
        "  - - a: 1\n"
        "      b: null\n"
        "  - {}\n"
        "long: >-\n"
        "  Reads how much credit the account holds, which card pays for it, and how auto top-up is set; Reads how much credit\n"
        "  the account holds, which card pays for it, and how auto top-up is set;\n"
        "lines: |\n"
        "  one\n"
        "\n"
        "  two\n"
        "no end: |-\n"
        "  one\n"
        "  two\n"
        "'NO': 'it''s: x'\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        " ".join(["bell\x07"] * 40),
        "word\u00a0 " * 40,
        "two  blanks " * 40,
        "a:",
        "a :",
        "\na\n",
        "a\n\n",
        "a \nb",
        "\n",
    ],
)
def test_what_would_not_survive_a_block_is_quoted(text: str) -> None:
    written = dump_yaml({"a": text})
    assert written.startswith(('a: "', "a: '"))
    assert read(written) == {"a": text}


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800", {1: 2}, b"x", (1,)])
def test_what_json_cannot_hold_is_not_written(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        dump_yaml({"a": value})

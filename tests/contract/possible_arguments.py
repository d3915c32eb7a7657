"""Arguments of operations, made from the document's constraints: what it allows, for hypothesis to draw from, and what it refuses."""

import datetime as dt
import functools
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from aig_billing import models
from hypothesis import strategies as st

from tests.contract.resolved import Argument, Operation, allows_null, component_name, types_of, without_null
from tests.contract.variations import by_chance

_MOMENTS = st.integers(365 * 86_400, 7_000_000_000).flatmap(
    lambda seconds: st.integers(0, 999_999).map(
        lambda fraction: dt.datetime.fromtimestamp(seconds, dt.UTC) + dt.timedelta(microseconds=fraction)
    )
)
# Below this the client takes a number for seconds and refuses it, which the document cannot say.
_FIRST_MILLISECOND = 100_000_000_000
ACCOUNT_ID = st.text("abcdefghijklmnopqrstuvwxyz0123456789-_~.", min_size=1, max_size=64).filter(
    lambda text: text.strip(".") != ""
)


def allowed(operation: Operation) -> st.SearchStrategy[dict[str, Any]]:
    """Keyword arguments that the document allows, by the names that they have in Python; what is optional may be left out."""
    if operation.takes_a_whole_body:
        return st.fixed_dictionaries({"body": _body(operation)})
    required = {one.python_name: _values(one) for one in operation.keywords if one.required}
    optional = {one.python_name: st.none() | _values(one) for one in operation.keywords if not one.required}
    return st.fixed_dictionaries(required, optional=optional)


def _body(operation: Operation) -> st.SearchStrategy[Any]:
    name = component_name(operation.in_location("body")[0].schema)
    made = functools.partial(by_chance, operation.document, operation.in_location("body")[0].schema)
    return st.randoms(use_true_random=False).map(lambda chance: getattr(models, str(name)).from_dict(made(chance)))


def _values(argument: Argument) -> st.SearchStrategy[Any]:
    schema = argument.schema
    own = _by_type(argument)
    return st.none() | own if argument.required and allows_null(schema) else own


def _by_type(argument: Argument) -> st.SearchStrategy[Any]:
    schema = without_null(argument.schema)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    least, most = schema.get("minimum"), schema.get("maximum")
    match types_of(schema):
        case ("number",) if schema.get("x-unit") == "unix-ms":
            return _MOMENTS | st.integers(_FIRST_MILLISECOND, 10**15) | st.integers(-(10**15), 0)
        case ("number",):
            return st.integers(least, most) | st.floats(least, most, allow_nan=False, allow_infinity=False)
        case ("integer",):
            return st.just(least) | st.integers(least, most)
        case ("string",):
            return st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
        case ("boolean",):
            return st.booleans()
        case other:
            raise AssertionError(f"no arguments are laid down for {other}")


def as_sent(argument: Argument, value: Any) -> Any:
    """A value of Python as the JSON or the query that it becomes."""
    if isinstance(value, dt.datetime):
        since = value - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        return since // dt.timedelta(milliseconds=1)
    return value.to_dict() if hasattr(value, "to_dict") else value


def refused(operation: Operation, argument: Argument) -> Iterator[Any]:
    """Values that the document refuses: of another type, null, out of bounds, of another wording."""
    schema = operation.document.follow(argument.schema)
    of_type: dict[str, Any] = {
        "string": ("5000", b"5000", ["x"]),
        "boolean": (True, False),
        "number": (5000.5, Decimal(5000), math.nan, math.inf, -math.inf),
        "integer": (5000, 10**30),
    }
    types = {*types_of(schema)}
    for name, values in of_type.items():
        if name not in types and not (name == "integer" and "number" in types):
            yield from values
    if "number" in types:
        yield from (math.nan, math.inf, -math.inf)
    yield from ({}, [], object(), b"5000")
    if argument.required and not allows_null(schema):
        yield None
    if "minimum" in schema:
        yield from (schema["minimum"] - 1, 0, -schema["minimum"], -(10**30))
    if "maximum" in schema:
        yield schema["maximum"] + 1
    if "enum" in schema:
        yield from ("", "unheard-of", schema["enum"][0].upper(), f"{schema['enum'][0]} ", "None")
    elif "string" in types:
        yield "half \ud83d of a character"


REFUSED_ACCOUNTS = ("", ".", "..", "a/b", "a%2Fb", "a b", "a\nb", "a\r\nHost: x", "a?b", "a#b", "é", 5, b"acct", True)

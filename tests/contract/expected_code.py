"""What the generated code must look like: annotations, twins and signatures, worked out from the resolved document alone."""

import datetime as dt
import importlib
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import ModuleType
from typing import Any, Literal

from aig_billing import Money, models

from tests.contract.resolved import (
    Argument,
    Operation,
    Property,
    Resolved,
    Schema,
    allows_null,
    component_name,
    types_of,
    without_null,
)

SCALARS: Mapping[str, type] = {"number": float, "integer": int, "string": str, "boolean": bool}
MOMENT = dt.datetime(2026, 11, 19, 6, 41, 10, tzinfo=dt.UTC)
MOMENT_S = 1_795_070_470


@dataclass(frozen=True)
class Twin:
    """A property that says a raw number in money or as a moment, with values to try it on."""

    name: str
    annotation: Any
    tries: tuple[tuple[float, object], ...]
    """Raw value, and what the twin makes of it."""


def annotation_of(document: Resolved, schema: Schema, *, sent: bool = False) -> Any:
    """The type hint of a value: as an argument when it is sent, else as a part of an answer."""
    if allows_null(schema) and (types_of(schema) or "oneOf" in schema):
        return _annotation(document, without_null(schema), sent=sent) | None
    return _annotation(document, schema, sent=sent)


def _annotation(document: Resolved, schema: Schema, *, sent: bool) -> Any:
    name = component_name(schema)
    if name is not None:
        record = document.schemas[name].get("properties")
        return getattr(models, name) if record else annotation_of(document, document.schemas[name], sent=sent)
    if "enum" in schema:
        words = Literal[tuple(word for word in schema["enum"] if word is not None)]  # type: ignore[valid-type]  # made at run time
        return words if sent else words | str
    match types_of(schema):
        case ():
            return object
        case ("array",):
            return list[annotation_of(document, schema["items"], sent=sent)]  # type: ignore[misc]  # made at run time
        case ("object",) if isinstance(schema.get("additionalProperties"), dict):
            return dict[str, annotation_of(document, schema["additionalProperties"], sent=sent)]  # type: ignore[misc]  # made at run time
        case ("object",):
            return dict[str, object]
        case ("string",) if schema.get("format") == "date-time":
            return dt.datetime
        case (one,):
            return SCALARS[one]
        case several:
            raise AssertionError(f"no annotation is laid down for {several}")


def field_annotation(document: Resolved, field: Property) -> Any:
    """The type hint of an attribute: an optional one is None when it is absent."""
    own = annotation_of(document, field.schema)
    return own if field.required or own is object else own | None


def argument_annotation(document: Resolved, argument: Argument) -> Any:
    own = annotation_of(document, argument.schema, sent=True)
    if argument.schema.get("x-unit") == "unix-ms":
        own |= dt.datetime
    return own if argument.required else own | None


def result_annotation(operation: Operation) -> Any:
    return annotation_of(operation.document, operation.result)


def twin_of(field: Property, record: Schema) -> Twin | None:
    """The twin of a property that has a unit."""
    unit = field.schema.get("x-unit")
    if unit is None:
        return None
    kind: Any = Money if unit == "cents" else dt.datetime
    name = f"{field.python_name}_{'money' if kind is Money else 'datetime'}"
    annotation = kind if field.required and not allows_null(field.schema) else kind | None
    moment_ms = MOMENT_S * 1000
    has_currency = types_of(record["properties"].get("currency", {})) == ("string",)
    currency = "EUR" if has_currency else "USD"
    tries: dict[str, tuple[tuple[float, object], ...]] = {
        "cents": (
            (640.19, Money(Decimal("6.4019"), currency)),
            (5000, Money(Decimal(50), currency)),
            (-0.1, Money(Decimal("-0.001"), currency)),
        ),
        "unix-s": ((MOMENT_S, MOMENT), (MOMENT_S + 0.5, MOMENT + dt.timedelta(milliseconds=500))),
        "unix-ms": ((moment_ms, MOMENT), (moment_ms + 500, MOMENT + dt.timedelta(milliseconds=500))),
        "unix-auto": ((MOMENT_S, MOMENT), (moment_ms, MOMENT)),
    }
    return Twin(name, annotation, tries[unit])


def sample(document: Resolved, schema: Schema) -> Any:
    """A value of the Python type that stands for a schema, to make an instance with."""
    name = component_name(schema)
    if name is not None and document.schemas[name].get("properties"):
        return sample_instance(document, name)
    schema = without_null(document.follow(schema))
    if component_name(schema):
        return sample(document, schema)
    if "enum" in schema:
        return schema["enum"][0]
    match types_of(schema):
        case ("array",):
            return [sample(document, schema["items"])]
        case ("object",) if isinstance(schema.get("additionalProperties"), dict):
            return {"some": sample(document, schema["additionalProperties"])}
        case ("object",):
            return {"some": "thing"}
        case ("string",) if schema.get("format") == "date-time":
            return MOMENT
        case ("number" | "integer",):
            return 5000
        case ("boolean",):
            return True
        case _:
            return "eur"


def sample_instance(document: Resolved, record: str) -> Any:
    """An instance with every attribute set; a currency is euros."""
    fields = document.properties(document.schemas[record])
    return getattr(models, record)(**{field.python_name: sample(document, field.schema) for field in fields})


def api_module(operation: Operation) -> ModuleType:
    return importlib.import_module(f"aig_billing.api.{operation.folder}.{operation.module}")


def shown(annotation: Any) -> str:
    """An annotation as people write it."""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return annotation.__name__
    return str(annotation).replace("typing.", "").replace("NoneType", "None")

"""Reads the spec's schemas into facts about fields and types.

A schema is a scalar, such a scalar or null, an array, a reference to a component, or a reference or null. A component is an object,
or has a description only: the type that the documents call unknown.
"""

import json
from collections.abc import Mapping
from typing import Any

from tests.contract.facts import Address, Facts
from tests.contract.strict_reading import StrictReading, child

# What may stand beside `type`.
SCALARS = {"string": "enum", "number": "minimum", "boolean": ""}
NULL = {"type": "null"}
# Components whose documented name would collide with others or say nothing.
DOCUMENTED_NAMES = {"SpendingLimitConfig": "Config", "InvoiceLinePeriod": "Period", "InvoiceLinePricing": "Pricing"}


class TypeReading:
    """Adds what schemas say to the facts, and what they should not say to the reading's problems."""

    def __init__(self, reading: StrictReading, facts: Facts) -> None:
        self._reading = reading
        self._facts = facts
        self._open: list[str] = []

    def add_schema(self, address: Address, item: Any, place: str, *, described: bool = True) -> None:
        """What stands at a field; a parameter's schema is not described, since the parameter is."""
        schema = self._reading.mapping(item, place)
        wording = "description" if described else ""
        nullable = False
        if "$ref" in schema:
            self.add_named_type(address, schema, place)
        elif "oneOf" in schema:
            nullable = True
            self._reading.keywords(schema, place, f"{wording} oneOf")
            self._add_type_or_null(address, schema["oneOf"], child(place, "oneOf"))
        elif "type" not in schema:
            self._reading.keywords(schema, place, wording)
            self._add_scalar(address, "unknown", schema, place)
        else:
            kind, nullable = self._kind(schema["type"], child(place, "type"))
            if kind == "array":
                self._reading.keywords(schema, place, f"{wording} type items")
                self._add_array(address, schema, place)
            else:
                self._reading.keywords(schema, place, f"{wording} type", SCALARS.get(kind, ""))
                self._add_scalar(address, kind, schema, place)
        self._facts.add((*address, "nullable"), nullable, place)
        if described and "$ref" not in schema:
            self._reading.wording(schema, place, "description")

    def add_named_type(self, address: Address, item: Any, place: str) -> None:
        """What a reference leads to."""
        component, at, name = self._reading.reference(item, place)
        if address[-1] != "each":  # the documents name fields' types, and those of results
            self._facts.add((*address, "named"), DOCUMENTED_NAMES.get(name, name), place)
        if isinstance(component, Mapping) and "type" not in component:
            self._reading.wording(self._reading.keywords(component, at, "description"), at, "description")
            self._facts.add((*address, "type"), "unknown", at)
        else:
            self._facts.add((*address, "type"), "object", child(at, "type"))
            self.add_fields(address, component, at)

    def add_fields(self, address: Address, component: Any, place: str) -> None:
        """The fields of an object."""
        schema = self._reading.keywords(component, place, "type description properties", "required")
        self._reading.exactly(schema.get("type"), "object", child(place, "type"))
        self._reading.wording(schema, place, "description")
        properties = self._reading.mapping(schema.get("properties"), child(place, "properties"))
        required = schema.get("required", [])
        # The names in the fields' order, each of them once, and none besides: a list that is another one says nothing new.
        in_order = [name for name in properties if isinstance(required, list) and name in required]
        self._reading.exactly(required, in_order, child(place, "required"))
        self._facts.add((*address, "order"), list(properties), child(place, "properties"))
        if place in self._open:
            self._reading.note(place, "this type holds itself")
            return
        self._open.append(place)
        for name, value in properties.items():
            field, at = (*address, name), child(place, "properties", name)
            self._facts.add(field, True, at)
            self._facts.add((*field, "required"), name in in_order, child(place, "required"))
            self.add_schema(field, value, at)
        self._open.pop()

    def _add_type_or_null(self, address: Address, choices: Any, place: str) -> None:
        if isinstance(choices, list) and len(choices) == 2 and choices[1] == NULL:
            self.add_named_type(address, choices[0], child(place, 0))
        else:
            self._reading.note(place, "this is not a reference and null", "name both, in this order")

    def _add_array(self, address: Address, schema: Mapping[str, Any], place: str) -> None:
        self._facts.add((*address, "type"), "array", child(place, "type"))
        self._facts.add((*address, "each"), True, child(place, "items"))
        self.add_schema((*address, "each"), schema.get("items"), child(place, "items"))

    def _add_scalar(self, address: Address, kind: str, schema: Mapping[str, Any], place: str) -> None:
        self._facts.add((*address, "type"), kind, child(place, "type"))
        for keyword in ("enum", "minimum"):
            self._facts.add((*address, keyword), schema.get(keyword), child(place, keyword))

    def _kind(self, kind: Any, place: str) -> tuple[str, bool]:
        """The type's name, and whether null is one of its values."""
        if kind in [[scalar, "null"] for scalar in SCALARS]:
            return str(kind[0]), True
        if kind not in [*SCALARS, "array"]:
            hint = "write a scalar, a list of a scalar and 'null', or array; objects are their own components"
            self._reading.note(place, f"{json.dumps(kind)} is not a type that fields have here", hint)
        return str(kind), False

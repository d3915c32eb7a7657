"""Looks into a JSON document that may hold anything, and notes each thing that should not be there, instead of failing on it."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tests.contract.facts import Problem


def child(place: str, *keys: str | int) -> str:
    """The JSON path of something below a place."""
    for key in keys:
        if isinstance(key, int):
            place += f"[{key}]"
        else:
            place += f".{key}" if key.isidentifier() else f"['{key}']"
    return place


class StrictReading:
    """One pass over one document. Every look is given the place it looks at, a JSON path, for the message."""

    def __init__(self, document: Any) -> None:
        self.problems: list[Problem] = []
        self._document = document
        self._used: set[tuple[str, str]] = set()

    def keywords(self, item: Any, place: str, required: str, optional: str = "") -> Mapping[str, Any]:
        """The mapping that stands there; it has the required keywords, perhaps the optional ones, and no others."""
        mapping = self.mapping(item, place)
        known = {*required.split(), *optional.split()}
        for keyword in mapping:
            if keyword not in known:
                self.note(child(place, keyword), "the documents say nothing of the kind")
        for keyword in required.split():
            if keyword not in mapping:
                self.note(place, f"{keyword!r} is missing", "add it")
        return mapping

    def mapping(self, item: Any, place: str) -> Mapping[str, Any]:
        """The mapping that stands there, with any keys."""
        if isinstance(item, Mapping):
            return item
        self.note(place, f"a mapping is expected, not {json.dumps(item)}")
        return {}

    def items(self, item: Any, place: str) -> Iterable[tuple[int, Any]]:
        """The list that stands there, counted."""
        if isinstance(item, list):
            return enumerate(item)
        self.note(place, f"a list is expected, not {json.dumps(item)}")
        return ()

    def exactly(self, value: Any, expected: Any, place: str) -> None:
        """Nothing but the expected value may stand there."""
        if json.dumps(value) != json.dumps(expected):
            self.note(place, f"this is {json.dumps(value)}", f"write {json.dumps(expected)}")

    def wording(self, item: Mapping[str, Any], place: str, *keywords: str) -> None:
        """Each keyword holds text for people."""
        for keyword in keywords:
            text = item.get(keyword)
            if not isinstance(text, str) or not text.strip():
                self.note(child(place, keyword), "there are no words here", "say in our own words what it is")

    def component(self, section: str, name: str, place: str) -> tuple[Any, str]:
        """The component of that name, and its place; from then on it counts as used."""
        at = child("$.components", section, name)
        try:
            component = self._document["components"][section][name]
        except (KeyError, TypeError):
            self.note(place, f"there is no {at}", "refer to a component that exists")
            return {}, at
        self._used.add((section, name))
        return component, at

    def reference(self, item: Any, place: str, section: str = "schemas") -> tuple[Any, str, str]:
        """The component that a `$ref` leads to, its place and its name."""
        reference = self.keywords(item, place, "$ref").get("$ref")
        prefix = f"#/components/{section}/"
        if not isinstance(reference, str) or not reference.startswith(prefix):
            self.note(place, f"{json.dumps(reference)} does not start with {prefix}", "refer to a component")
            return {}, place, ""
        name = reference.removeprefix(prefix)
        return *self.component(section, name, place), name

    def refuse_unused(self, components: Mapping[str, Any]) -> None:
        """Notes each component that nothing led to."""
        for section, named in components.items():
            place = child("$.components", section)
            for name in self.mapping(named, place):
                if (section, name) not in self._used:
                    self.note(child(place, name), "nothing that is documented refers to this component")

    def note(self, place: str, reason: str, hint: str | None = None) -> None:
        self.problems.append(Problem(place, reason, hint) if hint else Problem(place, reason))

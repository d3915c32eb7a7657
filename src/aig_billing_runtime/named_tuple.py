"""`NamedTuple`, quicker to define than that of `typing`, which compiles each annotation and a function for each class.

Whoever imports the client waits for that: a tenth of a millisecond or two for each of twenty classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple  # noqa: PLC0414 - imported from here
else:
    from collections import _tuplegetter

    class _NamedTupleType(type):
        def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> type:
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace[field] for field in fields if field in namespace}
            getters = {field: _tuplegetter(index, None) for index, field in enumerate(fields)}
            own = {"__slots__": (), "__match_args__": fields, "_fields": fields, "_field_defaults": defaults}
            # The defaults of those that are not given, by how many are.
            own["_rest"] = {len(fields) - n: tuple(defaults.values())[-n:] for n in range(1, len(defaults) + 1)}
            return super().__new__(cls, name, bases, {**namespace, **getters, **own})

    class NamedTuple(tuple, metaclass=_NamedTupleType):  # noqa: SLOT001 - the metaclass gives it none
        """A tuple whose items have names: the annotations of a class, which may have defaults."""

        def __new__(cls, *given: object, **named: object) -> Self:
            """Make one from its items, by position or by name."""
            if named or len(given) != len(cls._fields):
                rest = None if named else cls._rest.get(len(given))
                given = cls._completed(given, named) if rest is None else given + rest
            return tuple.__new__(cls, given)

        @classmethod
        def _completed(cls, given: tuple[object, ...], named: dict[str, object]) -> tuple[object, ...]:
            rest, known = cls._fields[len(given) :], {**cls._field_defaults, **named}
            if len(given) > len(cls._fields) or not named.keys() <= set(rest) <= known.keys():
                raise TypeError(f"{cls.__name__} is made of {', '.join(cls._fields)}")
            return given + tuple(known[field] for field in rest)

        def __getnewargs__(self) -> tuple[object, ...]:
            return tuple(self)

        def __repr__(self) -> str:
            return f"{type(self).__name__}({', '.join(f'{name}={item!r}' for name, item in self._asdict().items())})"

        def _asdict(self) -> dict[str, object]:
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **changes: object) -> Self:
            return type(self)(**{**self._asdict(), **changes})

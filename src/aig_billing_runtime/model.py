'''Models: classes that declare the fields of a JSON object, one line each, and everything else is made from that.

    class BillingCreditBalanceResponse(Model):
        """The account's credit, and how it is paid for."""

        balance: float = prop(unit="cents")
        """Credit that is left, in cents, with fractions of a cent: 640.19 is $6.4019. May be below zero."""
        balance_money = money_of(balance)
        """`balance` as exact money."""
        payment_method: PaymentMethod | None = prop()
        """The card that pays, or None if there is none."""
        first_topup_success: bool | None = prop(default=None)
        """Whether a first top-up by hand has gone through."""

The base class says what is done with properties that the class does not list:

- `Model`: kept in `additional_properties: dict[str, object]`.
- `ClosedModel`: not allowed; an object that has others is a mismatch.
- `AnyModel`, with a line `additional_properties: dict[str, float] = prop(factory=dict, kw_only=True)`: kept, if they have that type.

The annotation is the one truth about a field's type. It is a string (`from __future__ import annotations`), evaluated when the model is
first used, in the namespace of the module and behind it that of its package: models that contain each other import each other under
`TYPE_CHECKING` only. What an annotation means:

- `str`, `bool`, `int` (1.0 is one), `float` (finite), `None`, `object` (any JSON); `X | None`: null as well.
- `datetime`, `date`, `UUID`; `list[X]`, `dict[str, X]`, a model.
- `Literal["a", "b"]`, `Literal[1]`, `Literal[True]`: those values and no others. `Literal["a", "b"] | str`: any string; the words tell
  people which are known. A constant that `Literal` cannot express: `prop(constant=1.5)`.
- `A | B | str | list[C]`: the first that fits, the specific before the general; of several models, the one that knows most of the
  object's fields, or the one that `prop(discriminator=("type", {"card": "Card", "bank": "Bank"}))` names (`dict[str, object]` among the
  options takes an object whose `type` is unknown).

`prop` says what the annotation cannot: `name` as JSON has it, where Python's differs; `default=None` for an optional field (None when
absent; an optional field refuses null unless `nullable=True`); `unit`; `secret`; `deprecated`; `constant`; `discriminator`; `unchecked`.
Fields that are required come first. `money_of(field)` and `datetime_of(field)` are read-only twins; money takes its currency from the
model's field `currency`.

`RESERVED` holds the names that an attribute cannot have. `JsonType(list[Invoice])` decodes what is not a model by itself.
'''

from __future__ import annotations

import copy
import inspect
import json
import warnings
from collections.abc import Callable, Mapping
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, dataclass_transform, overload

from .annotations import AnnotationReader
from .compile import decoder_of
from .schema import MISMATCH, REQUIRED, Discriminator, FieldSchema, Mismatched, Object, Schema, Unit, find_mismatch

if TYPE_CHECKING:
    import datetime as dt
    from typing import Self

    from .money import Money

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_MASK = "***"


def prop(
    *,
    name: str | None = None,
    default: Any = REQUIRED,  # noqa: ANN401 - of any field
    factory: Callable[[], Any] | None = None,
    kw_only: bool = False,
    nullable: bool = False,
    unit: Unit | None = None,
    secret: bool = False,
    deprecated: str = "",
    constant: str | float | None = None,
    discriminator: Discriminator | None = None,
    unchecked: bool = False,
) -> Any:  # noqa: ANN401 - it stands for a value of the field's type
    """Declare a field.

    Args:
        name: The property's name in JSON, where it is not the attribute's.
        default: The value when the property is absent, which makes the field optional.
        factory: Makes the value when the constructor is not given one.
        kw_only: Whether the constructor takes it by keyword only.
        nullable: Whether an optional field may be null as well as absent.
        unit: What the number counts.
        secret: Whether the value is masked in reprs, messages and pickles.
        deprecated: Why the field should not be used any more; reading it then warns.
        constant: The only value that the field can have.
        discriminator: The property that says which model of a union an object is, and the model's name for each value.
        unchecked: Whether the value is kept as it is, because somebody else decodes it.
    """
    return FieldSchema(**locals())


class _Deprecated:
    """A deprecated field: reading it warns."""

    def __init__(self, field: FieldSchema) -> None:
        self._field = field

    def __get__(self, instance: AnyModel | None, owner: type[Any]) -> object:
        if instance is None:
            return self
        message = f"{owner.__name__}.{self._field.attribute} is deprecated: {self._field.deprecated}"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        return getattr(instance, self._field.slot)

    def __set__(self, instance: AnyModel, value: object) -> None:
        setattr(instance, self._field.slot, value)


class Twin(Generic[T_co]):
    """A read-only attribute that says what a field's number means."""

    def __init__(self, convert: Callable[[Any, Unit | None, object], Any], field: FieldSchema) -> None:
        self._convert = convert
        self._field = field

    if TYPE_CHECKING:

        @overload
        def __get__(self, instance: None, owner: type[Any]) -> Twin[T_co]: ...
        @overload
        def __get__(self, instance: AnyModel, owner: type[Any]) -> T_co: ...

    def __get__(self, instance: AnyModel | None, owner: type[Any]) -> Any:
        """Give what the field's number means.

        Raises:
            FieldValueError: When it is not a time between the years 1 and 9999.
        """
        if instance is None:
            return self
        value = getattr(instance, self._field.slot)
        currency: object = getattr(instance, "currency", None)
        try:
            return None if value is None else self._convert(value, self._field.unit, currency)
        except (ValueError, ArithmeticError) as error:
            from .errors import FieldValueError

            raise FieldValueError(f"{owner.__name__}.{self._field.attribute}: {error}") from None


@overload
def money_of(field: float) -> Twin[Money]: ...
@overload
def money_of(field: float | None) -> Twin[Money | None]: ...
def money_of(field: float | None) -> Twin[Any]:
    """Declare the exact money that a field of cents or dollars means, in the model's `currency` or US dollars."""
    return Twin(_to_money, cast("FieldSchema", field))


@overload
def datetime_of(field: float) -> Twin[dt.datetime]: ...
@overload
def datetime_of(field: float | None) -> Twin[dt.datetime | None]: ...
def datetime_of(field: float | None) -> Twin[Any]:
    """Declare the aware datetime that a field of Unix time means."""
    return Twin(_to_datetime, cast("FieldSchema", field))


def _to_money(value: float, unit: Unit | None, currency: object) -> Money:
    from .money import Money

    code = currency if isinstance(currency, str) and currency else "USD"
    if unit == "dollars":
        return Money.from_number(value, code)
    return Money.from_cents(value, code)


def _to_datetime(value: float, unit: Unit | None, _currency: object) -> dt.datetime:
    from . import times

    read = {"unix-s": times.from_unix_s, "unix-ms": times.from_unix_ms}.get(str(unit), times.from_unix_auto)
    return read(value)


@dataclass_transform(field_specifiers=(prop,))
class ModelType(type):
    """The type of models: takes the declared fields out of a class and gives it slots for them."""

    __props__: dict[str, FieldSchema]

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> ModelType:
        """Make a model's class; annotations are not looked at before it is used."""
        own = {attribute: value for attribute, value in namespace.items() if isinstance(value, FieldSchema)}
        kept = {attribute: value for attribute, value in namespace.items() if attribute not in own}
        inherited = {key: one for base in bases if isinstance(base, ModelType) for key, one in base.__props__.items()}
        for attribute, one in own.items():
            one.bind(attribute)
            if one.deprecated:
                kept[attribute] = _Deprecated(one)
        slots = tuple(one.slot for key, one in own.items() if key not in inherited)
        kept["__slots__"] = (*slots, *namespace.get("__slots__", ()))
        kept["__props__"] = dict(sorted((inherited | own).items(), key=lambda item: item[1].kw_only))
        return super().__new__(cls, name, bases, kept)

    @property
    def __signature__(cls) -> inspect.Signature:
        """Give the constructor's parameters: checked when it is called, and shown by `help`."""
        return _signature_of(cls)

    @property
    def __match_args__(cls) -> tuple[str, ...]:
        """Give the attributes that a class pattern matches by position."""
        return tuple(field.attribute for field in cls.__props__.values() if not field.kw_only)

    def __table__(cls) -> Object:
        """Give the table of the fields, made when it is first asked for."""
        return _table_of(cls)


@cache
def _signature_of(cls: ModelType) -> inspect.Signature:
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    none = inspect.Parameter.empty
    return inspect.Signature(
        [
            inspect.Parameter(one.attribute, kinds[one.kw_only], default=none if one.required else one.default)
            for one in cls.__props__.values()
        ]
    )


@cache
def _table_of(cls: ModelType) -> Object:
    # Copies: a class that inherits a field may give it another type.
    fields = {attribute: copy.copy(field) for attribute, field in cls.__props__.items()}
    for owner in reversed(cls.__mro__):
        if isinstance(owner, ModelType):
            reader = AnnotationReader(owner.__module__)
            for attribute, annotation in owner.__annotations__.items():
                if attribute in fields:
                    fields[attribute].schema = _schema_of_field(fields[attribute], annotation, reader)
    others = fields.pop("additional_properties", None)
    return Object(tuple(fields.values()), None if others is None else others.schema.inner, cls)


def _schema_of_field(field: FieldSchema, annotation: object, reader: AnnotationReader) -> Schema:
    if field.unchecked:
        return Schema("unchecked")
    schema = reader.read(annotation, field.discriminator)
    if field.constant is not None:
        schema = Schema("constant", schema.nullable, constants=(field.constant,))
    if field.default is None and schema.nullable is not field.nullable:
        # The annotation's None is the attribute's value when the property is absent.
        schema = schema._replace(nullable=field.nullable)
    return schema


class AnyModel(metaclass=ModelType):
    """The base of all models: what can be done with each."""

    __slots__ = ("__weakref__",)

    if not TYPE_CHECKING:

        def __init__(self, *args: object, **kwargs: object) -> None:
            """Make one from its attributes; types are not checked."""
            cls = type(self)
            try:
                given = cls.__signature__.bind(*args, **kwargs).arguments
            except TypeError as error:
                raise TypeError(f"{cls.__name__}(): {error}") from None
            for attribute, field in cls.__props__.items():
                if attribute in given:
                    setattr(self, field.slot, given[attribute])
                elif field.factory is None:
                    setattr(self, field.slot, field.default)

        def __getattr__(self, attribute: str) -> object:
            """Make what is made by a factory when it is first asked for: most objects have no additional properties."""
            field = type(self).__props__.get(attribute)
            if field is None or field.factory is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {attribute!r}")
            made: object = field.factory()
            setattr(self, attribute, made)
            return made

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, object]) -> Self:
        """Make one from its JSON form.

        Raises:
            ValueError: When that is not what the document says; names the place.
        """
        value = dict(src_dict)
        json_type: JsonType[Self] = json_type_of(cls)
        decoded = json_type.decode(value)
        if decoded is MISMATCH:
            raise ValueError(f"this is not a {cls.__name__}: {find_mismatch(value, json_type.schema)}")
        return decoded

    def to_dict(self) -> dict[str, object]:
        """Give its JSON form; what is optional and None is left out."""
        found: dict[str, object] = {
            name: to_json(item) for name, item in getattr(self, "additional_properties", {}).items()
        }
        for field in type(self).__table__().fields:
            value = getattr(self, field.slot)
            if value is not None or field.required:
                found[field.name] = to_json(value)
        return found

    def to_json(self) -> str:
        """Give what `to_dict` gives as a line of JSON."""
        return json.dumps(self.to_dict())

    def __eq__(self, other: object) -> bool:
        """Compare all fields with another of the same class."""
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, field.slot) == getattr(other, field.slot) for field in type(self).__props__.values())

    __hash__ = None  # type: ignore[assignment]  # its fields can be changed

    def __repr__(self) -> str:
        """Show all fields, secrets masked."""
        shown = (f"{name}={value!r}" for name, value in self.__getstate__().items())
        return f"{type(self).__name__}({', '.join(shown)})"

    def __getstate__(self) -> dict[str, Any]:
        """Give the fields for a pickle: without secrets, because pickles are stored and sent."""
        state: dict[str, Any] = {}
        for attribute, field in type(self).__props__.items():
            value = getattr(self, field.slot)
            state[attribute] = _MASK if field.secret and value is not None else _without_client_secrets(value)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Set the fields from a pickle."""
        for attribute, value in state.items():
            setattr(self, attribute, value)

    def __copy__(self) -> Self:
        """Copy the fields, secrets included."""
        return self.__replace__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy the fields and what they contain, secrets included."""
        fields = type(self).__props__.items()
        return self.__replace__(**{name: copy.deepcopy(getattr(self, field.slot), memo) for name, field in fields})

    def __replace__(self, **changes: Any) -> Self:  # noqa: ANN401 - of any field
        """Make a copy with some fields changed; `copy.replace` calls it."""
        made = type(self).__new__(type(self))
        for attribute, field in type(self).__props__.items():
            kept = changes.pop(attribute) if attribute in changes else getattr(self, field.slot)
            setattr(made, field.slot, kept)
        if changes:
            raise TypeError(f"{type(self).__name__} has no field {next(iter(changes))!r}")
        return made


class Model(AnyModel):
    """A model of an object that may have properties that the document does not list."""

    additional_properties: dict[str, object] = prop(factory=dict, kw_only=True)
    """What the API sent beyond the document, as it was sent."""


class ClosedModel(AnyModel):
    """A model of an object that has the listed properties and no others."""


RESERVED = frozenset(name for name in dir(Model) if not name.startswith("__"))
"""Names that an attribute of a model cannot have."""


class JsonType(Generic[T]):
    """A type that JSON is decoded to: a model, or `list[Invoice]`, `dict[str, float]`, `Card | Bank | None`, ..."""

    def __init__(self, annotation: object, *, discriminator: Discriminator | None = None) -> None:
        self._annotation = annotation
        self._discriminator = discriminator

    @cached_property
    def schema(self) -> Schema:
        """The table that it is decoded by."""
        return AnnotationReader(__name__).read(self._annotation, self._discriminator)

    @cached_property
    def decode(self) -> Callable[[Any], T | Mismatched]:
        """Decodes a JSON value; MISMATCH when it does not have this type. Never raises."""
        return decoder_of(self.schema, partial(setattr, self, "decode"))


@cache
def json_type_of(annotation: Any) -> JsonType[Any]:  # noqa: ANN401 - any type expression
    """Give the type of an annotation, which prepares its decoder once."""
    return JsonType(annotation)


def _without_client_secrets(value: object) -> object:
    """Mask a `client_secret` in what the document leaves open, where no field says that it is one."""
    if type(value) is dict:
        items = cast("dict[str, object]", value).items()
        return {
            name: _MASK if name == "client_secret" and item else _without_client_secrets(item) for name, item in items
        }
    if type(value) is list:
        return [_without_client_secrets(item) for item in cast("list[object]", value)]
    return value


def to_json(value: object) -> object:
    """Turn a value of a field into plain JSON values.

    Raises:
        TypeError: When JSON cannot say it: a set, a decimal, a key that is not a string.
    """
    if isinstance(value, AnyModel):
        return value.to_dict()
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        found = {name: to_json(item) for name, item in cast("dict[object, object]", value).items()}
        if not all(isinstance(name, str) for name in found):
            raise TypeError("the keys of an object in JSON are strings")
        return found
    if value is None or isinstance(value, (str, int, float)):
        return value
    isoformat = getattr(value, "isoformat", None)
    if isoformat is not None:
        return isoformat()
    if type(value).__name__ == "UUID":  # its module is loaded only where one is used
        return str(value)
    raise TypeError(f"JSON has no {type(value).__name__}")

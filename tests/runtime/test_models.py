"""Models as users meet them: made, read, written, compared, copied, shown."""

from __future__ import annotations

import copy
import datetime as dt
import inspect
import json
import math
import pickle
import traceback
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import pytest
from aig_billing import FieldValueError, Money

from aig_billing_runtime.compile import WALKED, compile_model
from aig_billing_runtime.model import JsonType, Model, json_type_of, prop
from aig_billing_runtime.schema import MISMATCH, find_mismatch
from tests.runtime.example_models import Bank, Card, Limits, Node, Payment, Rates

WHOLE: dict[str, Any] = {
    "amount": 640.19,
    "currency": "eur",
    "created": 1_760_000_000,
    "count": 3,
    "paid": True,
    "client_secret": "pi_1_secret_2",
    "method": {"type": "card", "last4": "4242"},
    "limits": {"min-cents": 500, "max-cents": 100_000},
    "anything": {"a": [1, None]},
    "nothing": None,
    "status": "unheard of",
    "level": 2,
    "fixed": 1.5,
    "always": True,
    "made": "2026-11-25T18:00:00+00:00",
    "day": "2026-11-25",
    "uuid": "12345678-1234-5678-1234-567812345678",
    "names": ["a", "b"],
    "counts": [1, None],
    "history": [[{"type": "card", "last4": "1"}], []],
    "rates": {"base": 1, "usd": 1.5},
    "by name": {"x": None, "y": {"min-cents": 1}},
    "loose": "text",
}


def whole(**changes: Any) -> Payment:
    return Payment.from_dict({**WHOLE, **changes})


@pytest.fixture(params=["walked", "compiled"], autouse=True)
def decoded(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of decoding: the first values by the table, the others by what is compiled from it."""
    json_type_of.cache_clear()
    if request.param == "compiled":
        monkeypatch.setattr("aig_billing_runtime.compile.WALKED", 0)


def test_every_type_is_read() -> None:
    payment = whole(more=[1])
    assert payment.method == Card("card", "4242")
    assert payment.limits == Limits(500, 100_000)
    assert payment.made == dt.datetime(2026, 11, 25, 18, tzinfo=dt.UTC)
    assert payment.day == dt.date(2026, 11, 25)
    assert payment.uuid == UUID("12345678-1234-5678-1234-567812345678")
    assert payment.history == [[Card("card", "1")], []]
    assert payment.rates == Rates(1, additional_properties={"usd": 1.5})
    assert payment.by_name == {"x": None, "y": Limits(1)}
    assert payment.additional_properties == {"more": [1]}
    assert whole().additional_properties == {}
    assert (payment.ended, payment.ended_datetime, payment.optional_card) == (None, None, None)


def test_what_was_read_is_written_as_it_was_sent() -> None:
    assert whole().to_dict() == WHOLE
    assert whole(more=[1], optional_count=2, optional_card=None).to_dict() == {
        **WHOLE,
        "more": [1],
        "optional_count": 2,
    }


def test_json_text_is_the_dictionary() -> None:
    assert json.loads(whole(more=[1]).to_json()) == whole(more=[1]).to_dict()


def test_twins_say_what_a_number_means() -> None:
    payment = whole(ended=1_760_000_000_000)
    assert payment.amount_money == Money(Decimal("6.4019"), "EUR")
    assert payment.created_datetime == payment.ended_datetime == dt.datetime(2025, 10, 9, 8, 53, 20, tzinfo=dt.UTC)
    assert Limits(500).least_money == Money(Decimal(5))
    assert Limits(500).most_money is None


@pytest.mark.parametrize("number", [1e18, -1e300, 10**40])
def test_a_number_that_is_not_a_time_is_named_by_its_twin(number: float) -> None:
    payment = whole(created=number)
    with pytest.raises(FieldValueError, match=r"Payment\.created: .* is not a time between the years 1 and 9999"):
        _ = payment.created_datetime
    assert payment.created == number
    assert issubclass(FieldValueError, ValueError)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"amount": "1"}, "$.amount should be a number and is the string '1'"),
        ({"amount": float("inf")}, "$.amount should be a number and is the number inf"),
        ({"amount": True}, "$.amount should be a number and is true"),
        ({"count": 1.5}, "$.count should be a whole number and is the number 1.5"),
        ({"client_secret": 12}, "$.client_secret should be a string or null and is a number"),
        ({"method": {"type": "bank", "iban": 5}}, "$.method.iban should be a string and is a number"),
        ({"method": {"type": "cash"}}, "$.method.type should be one of 'card', 'bank' and is the string 'cash'"),
        ({"method": {}}, "$.method.type should be there and is missing"),
        ({"limits": {"min-cents": 1, "x": 2}}, "$.limits.x should be absent and is there"),
        ({"nothing": 0}, "$.nothing should be null and is the number 0"),
        ({"level": 3}, "$.level should be one of 1, 2 and is the number 3"),
        ({"level": True}, "$.level should be one of 1, 2 and is true"),
        ({"fixed": 1}, "$.fixed should be 1.5 and is the number 1"),
        ({"always": 1}, "$.always should be true and is the number 1"),
        (
            {"made": "2026-11-25"},
            "$.made should be a date and time with a zone (RFC 3339) and is the string '2026-11-25'",
        ),
        ({"day": "2026-13-25"}, "$.day should be a date (RFC 3339) and is the string '2026-13-25'"),
        ({"uuid": "x"}, "$.uuid should be a UUID and is the string 'x'"),
        ({"names": ["a", None]}, "$.names[1] should be a string and is null"),
        ({"history": [[], [{"type": "card"}]]}, "$.history[1][0].last4 should be there and is missing"),
        ({"rates": {"base": 1, "x": "y"}}, "$.rates.x should be a number and is the string 'y'"),
        ({"by name": {"x": {}}}, "$['by name'].x['min-cents'] should be there and is missing"),
        ({"loose": True}, "$.loose should be a number or an object or a string or an array and is true"),
        (
            {"method": {"type": "card", "last4": "1", "brand": None}},
            "$.method.brand should be a string and is null",
        ),
        ({"optional_count": None}, "$.optional_count should be a whole number and is null"),
        ({"optional_choice": "c"}, "$.optional_choice should be one of 'a', 'b' or null and is the string 'c'"),
    ],
    ids=str,
)
def test_what_differs_is_named_with_its_place(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match="this is not a Payment") as caught:
        whole(**changes)
    assert str(caught.value) == f"this is not a Payment: {said}"


def test_the_specific_is_tried_before_the_general() -> None:
    assert whole(loose={"type": "card", "last4": "1", "brand": "x"}).loose == Card("card", "1", "x")
    assert whole(loose={"min-cents": 1}).loose == Limits(1)
    assert whole(loose=[True]).loose == [True]
    assert type(whole(loose=1).loose) is int


def test_a_model_that_contains_itself_has_a_limit() -> None:
    tree = Node.from_dict({"name": "a", "children": [{"name": "b", "children": [], "parent": None}]})
    assert tree.children == [Node("b", [])]
    deep: Any = {"name": "x", "children": []}
    for _ in range(5_000):
        deep = {"name": "x", "children": [deep]}
    with pytest.raises(ValueError, match="at most 100 levels"):
        Node.from_dict(deep)
    assert JsonType[Any](list[Node]).decode([deep]) is MISMATCH


def test_one_without_the_constructor_s_arguments_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match=r"Card\(\): missing a required argument: 'last4'"):
        Card("card")  # type: ignore[call-arg]  # it is what is refused
    with pytest.raises(TypeError, match="unexpected keyword argument 'cvc'"):
        Card("card", "1", cvc="2")  # type: ignore[call-arg]  # it is what is refused
    assert str(inspect.signature(Card)) == "(type, last4, brand=None, *, additional_properties=None)"
    with pytest.raises(AttributeError):
        Card("card", "1").lost4 = "2"  # type: ignore[attr-defined]  # it is what is refused


def test_models_are_values() -> None:
    one, other = whole(), whole()
    assert one == other
    other.rates.base = 2
    assert one != other
    assert one != "text"
    assert Card("card", "1") != Bank("bank", "1")
    assert copy.deepcopy(one) == copy.copy(one) == one
    assert copy.deepcopy(one).rates is not one.rates
    assert copy.copy(one).rates is one.rates
    with pytest.raises(TypeError, match="unhashable"):
        hash(one)
    match Card("card", "1"):
        case Card("card", last4):
            assert last4 == "1"


def test_secrets_are_in_no_repr_and_no_pickle_and_in_every_copy() -> None:
    payment = whole(method={"type": "bank", "iban": "DE00"})
    assert "client_secret='***'" in repr(payment)
    assert "DE00" not in repr(payment)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        pickled = pickle.dumps(payment, protocol)
        assert b"pi_1_secret_2" not in pickled
        assert b"DE00" not in pickled
        loaded = pickle.loads(pickled)  # noqa: S301 - from here
        assert (loaded.client_secret, loaded.method.iban, loaded.amount) == ("***", "***", 640.19)
    assert copy.copy(payment).client_secret == copy.deepcopy(payment).client_secret == "pi_1_secret_2"
    assert payment.to_dict()["client_secret"] == "pi_1_secret_2"


def test_types_that_are_not_models_are_decoded_too() -> None:
    cards: JsonType[list[Card]] = JsonType(list[Card])
    assert cards.decode([{"type": "card", "last4": "1"}]) == [Card("card", "1")]
    assert cards.decode([{"type": "card"}]) is MISMATCH
    assert str(find_mismatch([1], cards.schema)) == "$[0] should be an object and is the number 1"
    either: JsonType[Card | Bank | None] = JsonType(
        Card | Bank | None, discriminator=("type", {"card": Card, "bank": Bank})
    )
    assert either.decode({"type": "bank", "iban": "x"}) == Bank("bank", "x")
    assert either.decode(None) is None
    assert either.decode({"type": "x"}) is MISMATCH


@pytest.mark.parametrize("times", [1, WALKED + 5], ids=["walked", "compiled"])
@pytest.mark.parametrize(
    ("annotation", "good", "bad"),
    [
        (float, [1, 1.5, -0.0, 10**400], [True, "1", None, math.inf, math.nan, [1]]),
        (int, [1, 10**400], [1.5, True, "1", None, math.inf, math.nan]),
        (str, ["", "a"], [1, None, ["a"]]),
        (bool, [True, False], [0, 1, "true", None]),
        (object, [None, 1, "a", {"a": [1.5]}], [math.inf, {"a": [math.nan]}]),
        (None, [None], [0, False, ""]),
        (str | None, [None, "a"], [1]),
        (Literal["a", 1], ["a", 1], ["b", True, None, ["a"], {}]),
        (list[str], [[], ["a", "b"]], [["a", 1], {"a": "b"}, "a", None]),
        (dict[str, str], [{}, {"a": "b"}], [{"a": 1}, ["a"], "a", None]),
        (list[dict[str, int | None]], [[], [{"a": None, "b": 1}]], [[{"a": "b"}], [None]]),
        (str | list[int], ["a", [1]], [1, ["a"], None]),
    ],
)
def test_a_type_takes_its_values_and_no_others(annotation: Any, good: list[Any], bad: list[Any], times: int) -> None:
    json_type: JsonType[Any] = JsonType(annotation)
    value: Any
    for _ in range(times):
        for value in good:
            decoded: Any = json_type.decode(value)
            assert (decoded, type(decoded)) == (value, type(value))
            assert find_mismatch(value, json_type.schema) is None
        for value in bad:
            assert json_type.decode(value) is MISMATCH
            assert find_mismatch(value, json_type.schema) is not None


def test_a_whole_number_written_with_a_point_is_a_whole_number() -> None:
    counts: JsonType[Any] = JsonType(list[int])
    for _ in range(WALKED + 5):
        assert type(Limits.from_dict({"min-cents": 1.0}).least) is int
        decoded: Any = counts.decode([1.0])
        assert type(decoded[0]) is int


@pytest.mark.parametrize("length", [1, WALKED, WALKED + 1, 100])
def test_a_list_of_models_is_decoded_of_any_length(length: int) -> None:
    cards: JsonType[list[Card]] = JsonType(list[Card])
    regular, sparse, more = {"last4": "1", "brand": "x"}, {"last4": "2"}, {"last4": "3", "brand": "y", "z": 1}
    sent = [{"type": "card", **(regular, sparse, more)[index % 3]} for index in range(length)]
    made = [Card.from_dict(one) for one in sent]
    for _ in range(WALKED + 2):
        assert cards.decode(sent) == made
        wrong: Any
        for wrong in ({}, {**sent[0], "last4": 5}, {**sent[0], "z": math.inf}, None, []):
            assert cards.decode([*sent, wrong]) is MISMATCH
        assert cards.decode({}) is MISMATCH


@pytest.mark.parametrize("annotation", [set[str], dict[int, str], tuple[str], complex, "list[Nothing]", bytes], ids=str)
def test_a_type_that_json_does_not_have_is_refused(annotation: Any) -> None:
    with pytest.raises((TypeError, NameError)):
        JsonType[Any](annotation).decode([])


@pytest.mark.parametrize(
    ("annotation", "value", "said"),
    [
        (dict[str, str], {"a": "b", "c": 1}, "$.c should be a string and is the number 1"),
        (dict[str, str], {"not a name": 1}, "$['not a name'] should be a string and is the number 1"),
        (dict[str, str], {"x" * 100: 1}, f"$['{'x' * 56}...] should be a string and is the number 1"),
        (dict[str, str] | None, [], "$ should be an object or null and is an array of 0"),
        (
            list[Limits],
            [{"min-cents": 1}, {"min-cents": 1.5}],
            "$[1]['min-cents'] should be a whole number and is the number 1.5",
        ),
        (list[object] | None, {}, "$ should be an array or null and is an object with 0 fields"),
        (float, 10**4000, None),
        (str, 10**4000, "$ should be a string and is a number of very many digits"),
        (bool, "x" * 100, f"$ should be true or false and is the string '{'x' * 56}..."),
        (object, [[math.nan]], "$ should be JSON with finite numbers and at most 100 levels and is an array of 1"),
        (str | int, None, "$ should be a whole number or a string and is null"),
        (list[str] | Card, {"type": "card"}, "$.last4 should be there and is missing"),
    ],
)
def test_the_first_place_that_differs_is_found(annotation: Any, value: Any, said: str | None) -> None:
    found = find_mismatch(value, JsonType[Any](annotation).schema)
    assert (None if found is None else str(found)) == said


def test_a_deprecated_field_warns_when_it_is_read() -> None:
    class Old(Model):
        gone: str | None = prop(default=None, deprecated="use `brand`")

    old = Old.from_dict({"gone": "x"})
    assert old == Old("x")
    assert old.to_dict() == {"gone": "x"}
    with pytest.warns(DeprecationWarning, match=r"Old\.gone is deprecated: use `brand`"):
        assert old.gone == "x"


def test_a_traceback_through_a_decoder_shows_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing raises in one, unless its table is wrong or the interpreter is interrupted; attrs does the same for what it makes."""
    decode: Any = compile_model(Card.__table__)
    monkeypatch.setitem(decode.__globals__, "collect_extra", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError) as caught:
        decode({"type": "card", "last4": "1", "brand": "x", "more": 1})
    assert "else collect_extra(value" in "".join(traceback.format_tb(caught.value.__traceback__))


def test_a_class_that_gives_an_inherited_field_another_type_leaves_it_to_the_other() -> None:
    class Number(Model):
        value: float = prop()

    class Text(Number):
        value: str  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]

    for _ in range(2):
        assert Text.from_dict({"value": "a"}).value == "a"
        assert Number.from_dict({"value": 1.5}).value == 1.5

"""The named tuples of this package behave as those of `typing` do."""

import copy
import importlib
import pickle
import pkgutil
from typing import Any

import pytest

import aig_billing_runtime
from aig_billing_runtime.errors import ErrorDetail
from aig_billing_runtime.named_tuple import NamedTuple
from aig_billing_runtime.steps import Send

REQUEST: Any = object()


def test_items_are_given_by_position_or_by_name_and_have_defaults() -> None:
    assert Send(REQUEST, 1.0, 2) == Send(REQUEST, limit=2, deadline=1.0, fresh=False) == (REQUEST, 1.0, 2, False)


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), ((1.0,), {}), ((1.0, "a", "b"), {}), ((1.0, "a"), {"code": 2.0}), ((1.0,), {"text": ""})],
)
def test_other_items_are_refused(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="ErrorDetail is made of code, message"):
        ErrorDetail(*given, **named)


def test_a_value_is_unpacked_shown_copied_and_not_changed() -> None:
    detail = ErrorDetail(1000, "no")
    code, message = detail
    match detail:
        case ErrorDetail(matched, "no"):
            assert matched == code == detail.code == 1000
    assert (message, repr(detail)) == (detail.message, "ErrorDetail(code=1000, message='no')")
    assert detail._replace(message="yes") == ErrorDetail(1000, "yes")
    pickled = pickle.loads(pickle.dumps(detail))  # noqa: S301 - made here
    for same in (pickled, copy.copy(detail), copy.deepcopy(detail)):
        assert (same, type(same)) == (detail, ErrorDetail)
    for attribute in ("code", "other"):
        with pytest.raises(AttributeError):
            setattr(detail, attribute, 1)


def test_each_has_fields() -> None:
    """From Python 3.14 on, the annotations of a class are there only in a module that imports them from the future."""
    for found in pkgutil.iter_modules(aig_billing_runtime.__path__):
        importlib.import_module(f"aig_billing_runtime.{found.name}")
    kinds: Any = NamedTuple
    assert len(kinds.__subclasses__()) > 15
    assert [kind.__name__ for kind in kinds.__subclasses__() if not kind._fields] == []

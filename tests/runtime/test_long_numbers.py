"""Whole numbers of any length stay exact, wherever they stand in an answer: orjson makes floats of those beyond 64 bits."""

import pytest

from aig_billing_runtime.json_text import read_json


@pytest.mark.parametrize("number", [2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**18, 10**19, 10**40 + 1])
def test_a_long_number_is_exact_at_every_place(number: int) -> None:
    for before in range(12):
        assert read_json(b'{"%s":%d}' % (b"x" * before, number)) == {"x" * before: number}
        among = read_json(b"[1794492202,%s%d]" % (b" " * before, number))
        assert isinstance(among, list)
        assert [type(one) for one in among] == [int, int]

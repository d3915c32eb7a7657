"""A server on a real socket, for the tests that use what they generate."""

from collections.abc import Iterator

import pytest

from tests.codegen.inline import Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()

"""The asynchronous form of a hand-written resource is made from the synchronous one, and `make check` notices when it is not."""

from pathlib import Path

import pytest

from codegen.async_twins import RESOURCES, outdated_twins
from codegen.errors import BuildError

SOURCE = '''"""The resource."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aig_billing import Client


class Mixin:
    """Methods."""

    _client: Client

    def wait(self, *, seconds: float) -> int:
        """Wait, with a Client."""
        return self._client.run(self._flow(seconds))

    def _flow(self, seconds: float) -> int: ...
'''


@pytest.fixture
def resource(tmp_path: Path) -> Path:
    path = tmp_path / RESOURCES[0]
    path.parent.mkdir(parents=True)
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_methods_are_awaited_and_names_are_those_of_the_asynchronous_client(tmp_path: Path, resource: Path) -> None:
    ((path, made),) = outdated_twins(tmp_path).items()
    assert path == resource.with_name(f"async_{resource.name}")
    assert made.startswith(
        f'"""The asynchronous form of `{resource.name}`. Made from it by `make gen`: do not edit."""\n'
    )
    assert "    from aig_billing import AsyncClient\n" in made
    assert "class AsyncMixin:\n" in made
    assert "    _client: AsyncClient\n" in made
    assert "    async def wait(self, *, seconds: float) -> int:\n" in made
    assert '        """Wait, with a Client."""\n' in made
    assert "        return await self._client.run(self._flow(seconds))\n" in made
    assert "    def _flow(self" in made


def test_an_edit_of_either_text_is_noticed(tmp_path: Path, resource: Path) -> None:
    ((path, made),) = outdated_twins(tmp_path).items()
    path.write_text(made, encoding="utf-8")
    assert outdated_twins(tmp_path) == {}
    resource.write_text(SOURCE.replace("seconds: float", "seconds: int"), encoding="utf-8")
    assert outdated_twins(tmp_path)


def test_a_resource_in_another_form_is_refused(tmp_path: Path, resource: Path) -> None:
    resource.write_text(SOURCE.replace("return self._client.run", "return self._client.go"), encoding="utf-8")
    with pytest.raises(BuildError, match="nothing in it matches"):
        outdated_twins(tmp_path)

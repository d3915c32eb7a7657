"""A mutant: one small change to one file, and what may notice it."""

import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum


class Layer(Enum):
    """Where a change is made, which decides what is done before the tests are asked."""

    DOCUMENTS = "documents"
    """The transcription: compared with the spec as it is."""
    SPEC = "spec"
    OVERLAY = "overlay"
    TEMPLATE = "template"
    GENERATOR = "codegen"
    """These four are generated from again, so that the comparison with the committed client has nothing to say."""
    RESOLVED = "resolved document"
    CODE = "generated code"
    """These two are edited as they lie."""

    @property
    def regenerates(self) -> bool:
        return self in {Layer.SPEC, Layer.OVERLAY, Layer.TEMPLATE, Layer.GENERATOR}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: what `content` makes takes the place of what is in `file`."""

    layer: Layer
    kind: str
    file: str
    what: str
    content: Callable[[], str]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file}: {self.what}"


def sample(mutants: Iterable[Mutant], size: int | None, seed: int, all_of: Collection[str] = ()) -> Iterator[Mutant]:
    """So many of each kind and layer, chosen by the seed alone; all of them without a size, and of the kinds named."""
    kinds: dict[tuple[Layer, str], list[Mutant]] = {}
    for mutant in mutants:
        kinds.setdefault((mutant.layer, mutant.kind), []).append(mutant)
    for (layer, kind), found in kinds.items():
        takes_all = size is None or len(found) <= size or kind in all_of
        yield from found if size is None or takes_all else _chosen(found, size, f"{seed} {layer.value} {kind}")


def _chosen(found: Sequence[Mutant], size: int, seed: str) -> list[Mutant]:
    chosen = set(random.Random(seed).sample(range(len(found)), size))
    return [mutant for index, mutant in enumerate(found) if index in chosen]

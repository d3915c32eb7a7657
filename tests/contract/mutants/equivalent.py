"""Changes that change nothing anybody could notice, each with the reason: they are not made."""

import re

from tests.contract.mutants.mutant import Mutant

# Kind, file and what is changed, as regular expressions; and why it has no effect.
_TABLE: tuple[tuple[str, str, str, str], ...] = (
    (
        "swap a word",
        "model.py.jinja",
        "'required' becomes 'closed'",
        "to_dict() then sets required fields a second time",
    ),
)


def is_equivalent(mutant: Mutant) -> bool:
    return any(
        re.search(kind, mutant.kind) and re.search(file, mutant.file) and re.search(what, mutant.what)
        for kind, file, what, _ in _TABLE
    )

"""Opens the journal that a call means. Above the journal, which is imported only here and when it is needed: it needs SQLAlchemy."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeAlias

from .journal_url import missing_extra

if TYPE_CHECKING:
    from .journal import Journal

JournalLike: TypeAlias = "Journal | str | os.PathLike[str]"


def open_journal(journal: JournalLike | None) -> Journal:
    """Return the journal that is meant; opens it, and makes it where there is none."""
    try:
        from .journal import Journal
    except ImportError as error:
        raise missing_extra(error) from error
    opened = journal if isinstance(journal, Journal) else Journal(journal)
    opened.prepare()
    return opened

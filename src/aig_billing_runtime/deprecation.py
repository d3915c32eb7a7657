"""Python's `deprecated`, wherever it is to be had."""

import sys

if sys.version_info >= (3, 13):
    from warnings import deprecated
else:
    from typing_extensions import deprecated

__all__ = ("deprecated",)

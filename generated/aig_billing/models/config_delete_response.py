# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 794f7ba78c58554c16b8c089ead5c56d0d3c4da9f5d56fa7ad1d7972cda3e60e; generator: openapi-python-client 0.29.1.
"""ConfigDeleteResponse: The documents do not say what this holds."""

from typing import TypeAlias

ConfigDeleteResponse: TypeAlias = object

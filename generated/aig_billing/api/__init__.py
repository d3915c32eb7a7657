# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0df5618ea45e5214a4c554b38d396971df51adad15bdda21d7a7b41685d76328; generator: openapi-python-client 0.29.1.
"""The operations as modules of functions, for those who know openapi-python-client; `Client` has the same as methods."""

# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""The operations as modules of functions, for those who know openapi-python-client; `Client` has the same as methods."""

# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
# Spec and overlays: sha256 0ea70d7a57f84a636a6be801a4e70763ade6df35b6e7ad7d2779dd4bab2015f8; generator: openapi-python-client 0.29.1.
"""The operations as modules of functions, for those who know openapi-python-client; `Client` has the same as methods."""

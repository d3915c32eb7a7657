# Made by `make gen`: do not edit. CONTRIBUTING.md says where a change belongs.
"""One module an operation: `call`, `sync`, `sync_detailed`, `asyncio` and `asyncio_detailed`."""

"""The hand-written methods of `billing.topup`, synchronous and asynchronous from one text."""

from __future__ import annotations

from ..both_ways import async_method, sync_method
from . import ensure as keeping
from . import once, waiting
from . import reconcile as finding
from .resource import TopupResource


class TopupMixin(TopupResource):
    """What `billing.topup` has beyond the documents."""

    __slots__ = ()
    create_once = sync_method(once.create_once)
    reconcile = sync_method(finding.reconcile)
    settle = sync_method(finding.settle)
    ensure = sync_method(keeping.ensure)
    wait = sync_method(waiting.wait)


class AsyncTopupMixin(TopupResource):
    """What the asynchronous `billing.topup` has beyond the documents."""

    __slots__ = ()
    create_once = async_method(once.create_once)
    reconcile = async_method(finding.reconcile)
    settle = async_method(finding.settle)
    ensure = async_method(keeping.ensure)
    wait = async_method(waiting.wait)

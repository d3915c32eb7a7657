"""Sends messages by Apprise: Slack, mail, webhooks and a hundred other services, each named by a URL."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hashlib
import logging
import warnings
from collections.abc import Callable, Iterable, Mapping

import apprise
from attrs import define, field

from .history import HistoryError
from .history.history import Delivery, History
from .threads import in_daemon_thread

RETRY_SECONDS = 60.0
_REPEATED = "\n(May be a repeat: the monitor was stopped while it sent this.)"
_log = logging.getLogger("aig_billing.monitor")


def open_targets(urls: Iterable[str]) -> dict[str, apprise.NotifyBase]:
    """Check the URLs of targets, and give them by their digests.

    Raises:
        ValueError: When Apprise does not know such a service, or something is missing. The message shows no secret.
    """
    return {hashlib.sha256(url.encode()).hexdigest(): _open(url) for url in urls}


def _open(url: str) -> apprise.NotifyBase:
    with warnings.catch_warnings():
        # Apprise imports its plugins here, one of which imports a deprecated module.
        warnings.simplefilter("ignore", DeprecationWarning)
        target = apprise.Apprise.instantiate(url)  # pyright: ignore[reportUnknownMemberType]  # of another argument
    if target is None:
        # What a URL holds beyond its scheme may be secret.
        which = f"the notification URL {url.partition('://')[0][:20]}://..." if "://" in url else "a notification URL"
        raise ValueError(
            f"{which} cannot be used: services and how to write them are listed at https://github.com/caronc/apprise/wiki"
        )
    return target


@define(eq=False)
class Notifier:
    """Sends what the history keeps for sending, each message once to each target, and again where a target failed.

    A message is noted as sent right after the target took it. A process killed between the two leaves it open: it is then sent again, and
    says that it may be a repeat. Losing an alert would be worse.
    """

    history: History
    targets: Mapping[str, apprise.NotifyBase]
    """By the digests under which the history knows them; made by `open_targets`."""
    report: Callable[[str], None] = _log.warning
    """Takes a line about a target that failed."""
    _pending: asyncio.Event = field(factory=asyncio.Event, init=False)

    def wake(self) -> None:
        """Say that there is something to send."""
        self._pending.set()

    async def run(self) -> None:
        """Send for ever: when woken, and once a minute what failed before."""
        while True:
            try:
                await self.deliver()
            except HistoryError as error:
                self.report(str(error))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._pending.wait(), RETRY_SECONDS)
            self._pending.clear()

    async def deliver(self) -> None:
        """Send what waits, each to its target."""
        if not self.targets:
            return
        claimed = await in_daemon_thread(lambda: self.history.claim_deliveries(tuple(self.targets)))
        by_target = [[one for one in claimed if one.target == target] for target in self.targets]
        await asyncio.gather(
            *(in_daemon_thread(functools.partial(self._send_all, batch)) for batch in by_target if batch)
        )
        ended = await in_daemon_thread(self.history.give_up_deliveries)
        if ended:
            self.report(f"{ended} messages could not be sent for a day, and are not tried any more")

    def _send_all(self, batch: list[Delivery]) -> None:
        """Send messages to one target in their order; after a failure the rest waits too, so that the order stays."""
        target, failed = self.targets[batch[0].target], False
        for delivery in batch:
            failed = failed or not _send(target, delivery)
            self.history.finish_delivery(delivery, sent=not failed)
        if failed:
            self.report(f"{target.service_name} did not take a message; it is tried again")


def _send(target: apprise.NotifyBase, delivery: Delivery) -> bool:
    message = delivery.message
    body = f"{message.body}{_REPEATED if delivery.repeated else ''}"
    try:
        return bool(target.notify(title=message.title, body=body, notify_type=apprise.NotifyType(message.severity)))
    except Exception as error:  # noqa: BLE001 - a plugin's failure is a failure to send
        _log.debug("%s failed: %s", target.service_name, type(error).__name__)
        return False

"""The asynchronous form of `spend_limits.py`. Made from it by `make gen`: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aig_billing_runtime.resource import Resource

from .change import adding, change, read, removing, replacing, switching
from .rules import spend_rule

if TYPE_CHECKING:
    from aig_billing import AsyncClient  # noqa: F401 - named in quotes

    from aig_billing_runtime.money import Money

    from .rules import Metadata, SpendLimits, SpendRule, Technique, Values, Window


class AsyncSpendLimitsResource(Resource["AsyncClient"], group="ai_gateway.spend_limits"):
    """The spend limits of gateways: what calls through a gateway may cost before it refuses more of them."""

    __slots__ = ()

    async def get(self, *, gateway: str = "default", account_id: str | None = None) -> SpendLimits:
        """Read the rules of a gateway. Needs the permission AI Gateway Read.

        Args:
            gateway: The gateway's id, as the dashboard shows it.
            account_id: Id of the Cloudflare account. The client's own if it is not given.

        Returns:
            SpendLimits: The rules, with money and lengths of time.

        Raises:
            APIError: When no documented answer came; a gateway that does not exist is a NotFoundError.
            ValueError, TypeError: When an argument is invalid; nothing was sent.
        """
        return await self._client.run(read(self._client, gateway, account_id))

    async def add(
        self,
        *,
        limit: int | Money,
        window: Window,
        technique: Technique | None = None,
        model: Values | None = None,
        provider: Values | None = None,
        metadata: Metadata | None = None,
        gateway: str = "default",
        account_id: str | None = None,
        dry_run: bool = False,
        unchanged_since: SpendLimits | None = None,
        confirm_after: float = 1.0,
    ) -> SpendLimits:
        """Add a rule to a gateway, and leave all its other settings as they are.

        Needs the permission AI Gateway Write, which the dashboard calls Edit.

        Past the limit, the gateway answers calls with 429 until the window has room again. Usage is counted after each call, so a limit
        can be exceeded by the calls that are under way.

        Args:
            limit: The most that may be spent in one window: whole cents, `usd("100")`, or Money in US dollars.
            window: How long a window is: a timedelta, or words such as "day", "week" or "30 days". Windows are not calendar months.
            technique: "sliding" for any such stretch of time, "fixed" for one window after the other; the service's choice if not given.
            model: The model, or a list of models, that the rule counts; all if not given.
            provider: The provider, or a list of providers, that the rule counts; all if not given.
            metadata: Which requests the rule counts, by their metadata: `{"user_id": None}` counts each user separately,
                `{"user_id": ["a", "b"]}` counts the two together and nobody else.
            gateway: The gateway's id.
            account_id: Id of the Cloudflare account. The client's own if it is not given.
            dry_run: Whether to return the difference (`.diff`) instead of sending it.
            unchanged_since: What `get` returned: refuse if the gateway has been changed since.
            confirm_after: Seconds between writing and the second reading that looks whether somebody else has overwritten the change.

        Returns:
            SpendLimits: The rules as they are now; the new one has its id, if the service gives rules ids.

        Raises:
            SettingChanged: When somebody else changed the gateway at the same time, or anything else of it changed.
            APIError: When no documented answer came; see `aig_billing.errors`.
            ValueError, TypeError: When the rule is invalid, or the gateway has 20 rules already; nothing was written.
        """
        rule = spend_rule(
            limit=limit, window=window, technique=technique, model=model, provider=provider, metadata=metadata
        )
        return await self._client.run(
            change(self._client, adding(rule), gateway, account_id, dry_run, unchanged_since, confirm_after)
        )

    async def remove(
        self,
        *,
        rule: str | SpendRule,
        gateway: str = "default",
        account_id: str | None = None,
        dry_run: bool = False,
        unchanged_since: SpendLimits | None = None,
        confirm_after: float = 1.0,
    ) -> SpendLimits:
        """Remove a rule from a gateway, and return the rules as they are now.

        The rule is given by its id, or as `get` returned it; the other arguments are those of `add`.

        Raises:
            SettingChanged, APIError: As for `add`.
            ValueError, TypeError: When the gateway has no such rule, or an argument is invalid; nothing was written.
        """
        return await self._client.run(
            change(self._client, removing(rule), gateway, account_id, dry_run, unchanged_since, confirm_after)
        )

    async def replace(
        self,
        *,
        rules: Sequence[SpendRule],
        gateway: str = "default",
        account_id: str | None = None,
        dry_run: bool = False,
        unchanged_since: SpendLimits | None = None,
        confirm_after: float = 1.0,
    ) -> SpendLimits:
        """Put these rules in the place of all that a gateway has, and return them as they are now.

        Rules are made by `spend_rule()`, or are those that `get` returned; the other arguments are those of `add`.

        Raises:
            SettingChanged, APIError: As for `add`.
            ValueError, TypeError: When there are more than 20 rules, or an argument is invalid; nothing was written.
        """
        return await self._client.run(
            change(self._client, replacing(rules), gateway, account_id, dry_run, unchanged_since, confirm_after)
        )

    async def enable(
        self,
        *,
        rule: str | SpendRule | None = None,
        gateway: str = "default",
        account_id: str | None = None,
        dry_run: bool = False,
        unchanged_since: SpendLimits | None = None,
        confirm_after: float = 1.0,
    ) -> SpendLimits:
        """Enforce one rule of a gateway; without `rule`, switch on the limits as a whole. Returns the rules as they are now.

        The arguments are those of `remove`.

        Raises:
            SettingChanged, APIError, ValueError, TypeError: As for `remove`.
        """
        return await self._client.run(
            change(self._client, switching(rule, on=True), gateway, account_id, dry_run, unchanged_since, confirm_after)
        )

    async def disable(
        self,
        *,
        rule: str | SpendRule | None = None,
        gateway: str = "default",
        account_id: str | None = None,
        dry_run: bool = False,
        unchanged_since: SpendLimits | None = None,
        confirm_after: float = 1.0,
    ) -> SpendLimits:
        """Stop enforcing one rule of a gateway and keep it; without `rule`, switch off the limits as a whole. Returns the rules.

        The arguments are those of `remove`.

        Raises:
            SettingChanged, APIError, ValueError, TypeError: As for `remove`.
        """
        return await self._client.run(
            change(
                self._client, switching(rule, on=False), gateway, account_id, dry_run, unchanged_since, confirm_after
            )
        )

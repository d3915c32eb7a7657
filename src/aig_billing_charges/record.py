"""What the journal keeps of one charge, and what its caller is given. Plain values: no database, no I/O."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Self, TypeAlias, get_args

from attrs import asdict, evolve, field, frozen

from aig_billing_runtime.masking import masked

if TYPE_CHECKING:
    from aig_billing.models import TopupCreateResponse

    from aig_billing_runtime.errors import AboutCharge

ChargeState: TypeAlias = Literal["intent", "sending", "sent", "completed", "refused", "unknown", "not_found"]
Proof: TypeAlias = Literal["answer", "invoice", "person"]

SETTLING_WINDOW: Final = 900.0
"""Seconds after a charge during which its invoice may still appear, unless a journal says otherwise."""
STATES: Final[tuple[ChargeState, ...]] = get_args(ChargeState)
FINAL: Final[frozenset[ChargeState]] = frozenset({"completed", "refused", "not_found"})
"""No request of ours changes these; only the sender's own answer, should it come after all, still may."""

TRANSITIONS: Final[Mapping[ChargeState, frozenset[ChargeState]]] = MappingProxyType(
    {
        # An intent is taken over when its lease has lapsed: nothing has been sent under it, or only what was refused for a reason that
        # passes; it becomes unknown when an invoice shows up all the same.
        "intent": frozenset({"intent", "sending", "unknown"}),
        # Back to intent only when the request provably never left.
        "sending": frozenset({"intent", "sending", "sent", "completed", "refused", "unknown", "not_found"}),
        "unknown": frozenset({"unknown", "sent", "completed", "refused", "not_found"}),
        "sent": frozenset({"sent", "completed", "refused", "unknown"}),
        # What was concluded from invoices gives way to the answer that the sender itself received.
        "completed": frozenset({"completed", "sent", "refused", "unknown"}),
        "refused": frozenset({"refused", "sent"}),
        "not_found": frozenset({"sent", "refused", "unknown"}),
    }
)
"""Every step that a charge may take in the journal."""


class Baseline(NamedTuple):
    """The manual invoices that the service listed just before a charge."""

    ids: tuple[str | None, ...]
    """In the order in which they were listed."""
    has_more: bool
    total: float
    newest: float | None
    """When the newest of them was made, by the service's clock, in Unix seconds."""
    service_ahead_ms: int | None = None
    """How far the service's clock was ahead of the journal's, in milliseconds."""
    taken_ms: int | None = None
    """When they were listed, by the journal's clock."""


class RecordedRefusal(NamedTuple):
    """Why a charge was refused: the answer's status and the API's own codes, or None and words."""

    status: int | None
    message: str
    errors: tuple[tuple[float, str], ...] = ()


@frozen(kw_only=True)
class ChargeRecord:
    """One row of the journal. Times are Unix milliseconds by the journal's own clock."""

    account_id: str
    key: str
    amount: int
    """Cents."""
    state: ChargeState
    revision: int = 0
    """Counts the transitions; every one of them names the revision that it starts from."""
    owner: str | None = None
    """The attempt that may send, or that has sent."""
    lease_ms: int | None = None
    """Until when that attempt may be under way."""
    left_by_ms: int | None = None
    """If the request left at all, it left before this."""
    baseline: Baseline | None = None
    payment_id: str | None = None
    proof: Proof | None = None
    """What the state rests on, once there is an outcome."""
    onboarding: bool | None = None
    brand: str | None = None
    last4: str | None = None
    needs_confirmation: bool = False
    refusal: RecordedRefusal | None = None
    note: str | None = None
    """What evidence is missing."""
    created_ms: int = 0
    changed_ms: int = 0
    payment_method_id: str | None = None
    """The payment method that was asked for; None for the account's default."""
    invoiced: Decimal | None = None
    """What the invoice of its payment is over, in cents: the amount with what the service adds."""
    balance_before: Decimal | None = None
    """The balance, in cents, that made `ensure` charge: once it is higher, it shows this purchase."""

    @property
    def about(self) -> AboutCharge:
        """What an error says about it."""
        return {"account_id": self.account_id, "amount": self.amount, "key": self.key, "payment_id": self.payment_id}

    def is_under_way(self, now_ms: int) -> bool:
        """Say whether an attempt holds this charge at this moment."""
        return self.state in {"intent", "sending"} and self.lease_ms is not None and self.lease_ms > now_ms

    def is_unsettled(self) -> bool:
        """Say whether money may be on its way: sent, or perhaps sent, and not paid, refused or missing."""
        return self.state in {"sending", "sent", "unknown"}


@frozen(kw_only=True)
class TopupOutcome:
    """The outcome of one charge: the documented result of a top-up, with what the journal adds.

    Attributes:
        payment_intent_id: Id of the top-up's Stripe invoice (`in_...`), in spite of its name.
        status: `completed` once the payment is known to have gone through, else `pending`.
        client_secret: Set when the card holder must confirm the payment. It is never stored: None whenever the outcome comes
            from the journal.
        onboarding: As the API answered; None when that answer never came.
        brand: Brand of the card, where the API answered it.
        last4: Last four digits of the card's number, where the API answered them.
        key: The idempotency key; None for a charge that was made without one.
        amount: Cents.
        account_id: The account.
        replayed: True when this call sent no charge: the outcome was known, or was found among the invoices.
        recorded: False when the charge was made and that could not be written to the journal. Nothing is lost: the next call with this
            key finds the charge among the invoices, once the lease has run out.
    """

    payment_intent_id: str
    status: Literal["completed", "pending"]
    client_secret: str | None = field(default=None, repr=masked)
    onboarding: bool | None = None
    brand: str | None = None
    last4: str | None = None
    key: str | None
    amount: int
    account_id: str
    replayed: bool = False
    recorded: bool = True

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle it without its client secret."""
        secret = None if self.client_secret is None else "***"
        return functools.partial(type(self), **{**asdict(self, recurse=False), "client_secret": secret}), ()

    def __copy__(self) -> Self:
        """Give itself, which cannot be changed, with its client secret."""
        return self

    def __deepcopy__(self, _memo: object) -> Self:
        return self


def answered(record: ChargeRecord, answer: TopupCreateResponse) -> ChargeRecord:
    """Give a charge with what is kept of its answer: all but the client secret."""
    return evolve(
        record,
        state="sent",
        proof="answer",
        lease_ms=None,
        note=None,
        refusal=None,
        payment_id=answer.payment_intent_id,
        onboarding=answer.onboarding,
        brand=answer.brand,
        last4=answer.last4,
        needs_confirmation=answer.client_secret is not None,
    )


def outcome_of(record: ChargeRecord) -> TopupOutcome:
    """Give the outcome of a charge that the journal has as sent or completed."""
    return TopupOutcome(
        payment_intent_id=record.payment_id or "",
        status="completed" if record.state == "completed" else "pending",
        onboarding=record.onboarding,
        brand=record.brand,
        last4=record.last4,
        key=record.key,
        amount=record.amount,
        account_id=record.account_id,
        replayed=True,
    )

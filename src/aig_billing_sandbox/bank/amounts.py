"""Amounts as exact integers: cents where cards are charged, thousandths of a cent (millicents) where usage is metered."""

from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

ExactNumber = Decimal | int | str

MILLICENTS_PER_CENT = 1_000
MILLICENTS_PER_DOLLAR = 100 * MILLICENTS_PER_CENT

TOPUP_MIN_CENTS = 1_000
TOPUP_MAX_CENTS = 1_000_000
SPENDING_LIMIT_MAX_CENTS = 100_000_000


def exact_decimal(value: ExactNumber, *, name: str) -> Decimal:
    """Reads a number that a person or a test wrote; floats are not taken, because they are not exact."""
    if isinstance(value, (bool, float)):
        raise TypeError(f"{name} must be an int, a Decimal or a decimal string, not {type(value).__name__}")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{name} must be a decimal number, not {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"{name} must be a finite number, not {value!r}")
    return number


def basis_points(percent: ExactNumber, *, name: str) -> int:
    """Turns percent with at most two decimals into hundredths of a percent; raises ValueError for what is not from 0 to 100."""
    exact = exact_decimal(percent, name=name) * 100
    if exact != int(exact) or not 0 <= exact <= 10_000:
        raise ValueError(f"{name} is between 0 and 100, with at most two decimals, not {percent}")
    return int(exact)


def millicents_of(cents: ExactNumber) -> int:
    """Turns cents into millicents, refusing what the ledger cannot hold exactly."""
    millicents = exact_decimal(cents, name="cents") * MILLICENTS_PER_CENT
    if millicents != millicents.to_integral_value():
        raise ValueError(f"cents has at most three decimals (thousandths of a cent), not {cents!r}")
    return int(millicents)


def quantity_and_price(
    cents: ExactNumber | None, quantity: int | None, unit_amount: ExactNumber | None
) -> tuple[int, Decimal]:
    """The units (mostly tokens) of a call and the price of one in dollars, where it costs `cents` or `quantity` units at `unit_amount`.

    Raises ValueError for anything else.
    """
    if (cents is None) == (quantity is None) or (quantity is None) != (unit_amount is None):
        raise ValueError("give either cents, or a quantity and a unit_amount in dollars")
    if cents is not None:
        # One unit is a thousandth of a cent, so quantity times price is the cost here too.
        quantity, price = millicents_of(cents), Decimal(1) / MILLICENTS_PER_DOLLAR
    else:
        price = exact_decimal(unit_amount or 0, name="unit_amount")
    if quantity is None or quantity < 1 or price < 0:
        raise ValueError("cents and quantity must be above zero, and unit_amount 0 or more")
    return quantity, price


def cost_millicents(quantity: int, unit_amount: Decimal) -> int:
    """What `quantity` units cost at `unit_amount` dollars each, rounded half to even to the millicent."""
    return int((quantity * unit_amount * MILLICENTS_PER_DOLLAR).to_integral_value(ROUND_HALF_EVEN))


def cents_as_json(millicents: int) -> int | float:
    """Writes millicents as the JSON number of cents; a float here is only the way to its shortest decimal text.

    True division of integers rounds once and correctly, so three decimals survive to 10**15 millicents.
    """
    whole, rest = divmod(millicents, MILLICENTS_PER_CENT)
    return millicents / MILLICENTS_PER_CENT if rest else whole


def percentage(amount: int, basis_points: int) -> int:
    """So many hundredths of a percent of an amount, in the amount's unit, rounded half up."""
    return (amount * basis_points + 5_000) // 10_000

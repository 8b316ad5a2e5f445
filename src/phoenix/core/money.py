"""Money: an exact amount with its currency. Never a float, never without a currency."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from phoenix.core.errors import InvalidError


class CurrencyMismatchError(InvalidError):
    """Two amounts in different currencies were added, subtracted or compared."""

    code = "CURRENCY_MISMATCH"
    user_action = "Give both prices in one currency."


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency, unrounded.

    >>> Money(Decimal("6.50"), "USD") + Money(Decimal("0.25"), "USD")
    Money(amount=Decimal('6.75'), currency='USD')
    >>> str(Money(Decimal("3.9420"), "USD"))
    '3.94 USD'
    """

    amount: Decimal
    currency: str

    def __add__(self, other: Self) -> Self:
        return type(self)(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: Self) -> Self:
        return type(self)(self.amount - self._same(other).amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> Self:
        return type(self)(self.amount * factor, self.currency)

    def __str__(self) -> str:
        return f"{self.rounded()} {self.currency}"

    def rounded(self) -> Decimal:
        """Return the amount to two decimals, halves to even, as accounts are kept."""
        return self.amount.quantize(Decimal("0.01"))

    def _same(self, other: Self) -> Self:
        if other.currency != self.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency} cannot be combined without a rate")
        return other

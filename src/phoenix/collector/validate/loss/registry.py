"""The loss checks in the order their findings are told, and the codes they can give."""

from typing import Final

from phoenix.collector.validate.context import Rule
from phoenix.collector.validate.finding import Code
from phoenix.collector.validate.loss import collapse, declared, times

CHECKS: Final[tuple[Rule, ...]] = (collapse.check, times.check, declared.check)
CODES: Final[tuple[Code, ...]] = (*collapse.CODES, *times.CODES, *declared.CODES)

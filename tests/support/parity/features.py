"""What a generated case uses, so that a run can say what it covered and what was refused."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Features:
    """Names of options and functions, as "filter: error_mode" or "function Concat"."""

    used: Counter[str] = field(default_factory=Counter)

    def use(self, *names: str) -> None:
        """Note that the case uses these."""
        self.used.update(names)

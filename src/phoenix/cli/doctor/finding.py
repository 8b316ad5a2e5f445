"""What the doctor found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    Attributes:
        subject: what was looked at: `server`, `token`, `host web-1`.
        well: whether nothing is to be done.
        message: what was seen.
        user_action: what to do next; empty when it is well.
        code: of the error that was met; empty when there was none.
    """

    subject: str
    well: bool
    message: str
    user_action: str = ""
    code: str = ""

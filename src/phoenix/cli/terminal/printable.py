"""Text that came from elsewhere, made fit for a terminal.

What a host or a server says is shown to people: its control characters could clear the screen, change what stands there
or type into the terminal.
"""

import re
from typing import Final

# Every control character but tab and line feed.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    r"""Return `text` with its control characters written out.

    >>> printable("a\x1b[31mb\r\n")
    'a\\x1b[31mb\\x0d\n'
    """
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)

"""Reading a text that a person wrote, of which no more is read than such a text can be.

Called wherever a user names a config, a profile or a settings file: a name mistyped may be that of a 100 GB log.
"""

from pathlib import Path

MAX_TEXT_BYTES = 16_000_000


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, its line ends as line feeds; only the beginning of one above MAX_TEXT_BYTES.

    That beginning has at least a quarter as many characters, which readers of configs refuse as too many.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not UTF-8; the byte is counted from the start of the file.
    """
    with path.open("rb") as file:
        content = file.read(MAX_TEXT_BYTES + 1)
    whole = len(content) <= MAX_TEXT_BYTES
    text = content.decode("utf-8", errors="strict" if whole else "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")

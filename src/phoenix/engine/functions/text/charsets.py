"""The encodings that Decode knows: textutils of the collector, and golang.org/x/text 0.41 with IANA's names.

What a byte means where Python's codec of the same name has another opinion stands in `_CORRECTIONS`.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.golang.letters import to_lower
from phoenix.engine.functions.golang.text import REPLACEMENT, trim_space

_RAW: Final = frozenset({"utf-8-raw", "utf8-raw", "nop"})
_OVERRIDES: Final = {
    "utf-16": "utf-16-le",
    "utf16": "utf-16-le",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "": "utf-8",
}
# Python's codec to IANA's names, in lower case.
_NAMES: Final[Mapping[str, str]] = {
    "ascii": "us-ascii iso-ir-6 ansi_x3.4-1968 ansi_x3.4-1986 iso_646.irv:1991 iso646-us us ibm367 cp367 csascii",
    "utf-8": "utf-8 csutf8",
    "utf-16-be": "utf-16be csutf16be",
    "utf-16-le": "utf-16le csutf16le",
    "utf-16": "utf-16 csutf16",
    "iso8859_1": "iso_8859-1:1987 iso-ir-100 iso_8859-1 iso-8859-1 latin1 l1 ibm819 cp819 csisolatin1",
    "iso8859_2": "iso_8859-2:1987 iso-ir-101 iso_8859-2 iso-8859-2 latin2 l2 csisolatin2",
    "iso8859_3": "iso_8859-3:1988 iso-ir-109 iso_8859-3 iso-8859-3 latin3 l3 csisolatin3",
    "iso8859_4": "iso_8859-4:1988 iso-ir-110 iso_8859-4 iso-8859-4 latin4 l4 csisolatin4",
    "iso8859_5": "iso_8859-5:1988 iso-ir-144 iso_8859-5 iso-8859-5 cyrillic csisolatincyrillic",
    "iso8859_6": (
        "iso_8859-6:1987 iso-ir-127 iso_8859-6 iso-8859-6 ecma-114 asmo-708 arabic csisolatinarabic "
        "iso_8859-6-e csiso88596e iso-8859-6-e iso_8859-6-i csiso88596i iso-8859-6-i"
    ),
    "iso8859_7": ("iso_8859-7:1987 iso-ir-126 iso_8859-7 iso-8859-7 elot_928 ecma-118 greek greek8 csisolatingreek"),
    "iso8859_8": (
        "iso_8859-8:1988 iso-ir-138 iso_8859-8 iso-8859-8 hebrew csisolatinhebrew "
        "iso_8859-8-e csiso88598e iso-8859-8-e iso_8859-8-i csiso88598i iso-8859-8-i"
    ),
    "iso8859_9": "iso_8859-9:1989 iso-ir-148 iso_8859-9 iso-8859-9 latin5 l5 csisolatin5",
    "iso8859_10": "iso-8859-10 iso-ir-157 l6 iso_8859-10:1992 csisolatin6 latin6",
    "iso8859_13": "iso-8859-13 csiso885913",
    "iso8859_14": ("iso-8859-14 iso-ir-199 iso_8859-14:1998 iso_8859-14 latin8 iso-celtic l8 csiso885914"),
    "iso8859_15": "iso-8859-15 iso_8859-15 latin-9 csiso885915",
    "iso8859_16": ("iso-8859-16 iso-ir-226 iso_8859-16:2001 iso_8859-16 latin10 l10 csiso885916"),
    "cp037": "ibm037 cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csibm037",
    "cp437": "ibm437 cp437 437 cspc8codepage437",
    "cp850": "ibm850 cp850 850 cspc850multilingual",
    "cp852": "ibm852 cp852 852 cspcp852",
    "cp855": "ibm855 cp855 855 csibm855",
    "cp858": "ibm00858 ccsid00858 cp00858 pc-multilingual-850+euro csibm00858",
    "cp860": "ibm860 cp860 860 csibm860",
    "cp862": "ibm862 cp862 862 cspc862latinhebrew",
    "cp863": "ibm863 cp863 863 csibm863",
    "cp865": "ibm865 cp865 865 csibm865",
    "cp866": "ibm866 cp866 866 csibm866",
    "cp1140": "ibm01140 ccsid01140 cp01140 ebcdic-us-37+euro csibm01140",
    "koi8_r": "koi8-r cskoi8r",
    "koi8_u": "koi8-u cskoi8u",
    "mac_roman": "macintosh mac csmacintosh",
    "cp874": "windows-874 cswindows874",
    **{f"cp{page}": f"windows-{page} cswindows{page}" for page in range(1250, 1259)},
}
_SEVERAL_BYTES_OR_RARE: Final = (
    "shift_jis ms_kanji csshiftjis extended_unix_code_packed_format_for_japanese cseucpkdfmtjapanese euc-jp euc-kr "
    "cseuckr iso-2022-jp csiso2022jp gbk cp936 ms936 windows-936 csgbk gb18030 csgb18030 big5 csbig5 hz-gb-2312 "
    "ibm1047 ibm-1047 csibm1047"
)
_NOT_DONE: Final = frozenset(_SEVERAL_BYTES_OR_RARE.split())
_CODECS: Final = {name: codec for codec, names in _NAMES.items() for name in names.split()}
_NO_CONTROLS: Final = dict.fromkeys(range(0x80, 0xA0), REPLACEMENT)
_CORRECTIONS: Final[Mapping[str, Mapping[int, str]]] = {
    "cp1255": {0xCA: "\u05ba"},
    "koi8_u": {0xAE: "ў", 0xBE: "Ў"},
    # Latin-1 and Latin-5 have the controls of the upper half, the other parts of ISO 8859 do not.
    **{f"iso8859_{part}": _NO_CONTROLS for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
}
# Go takes a half that stands before a low one for a pair, a wrong one too.
_LONE: Final = re.compile("[\ud800-\udfff][\udc00-\udfff]?")


@lru_cache(maxsize=256)
def decoder(encoding: str) -> Callable[[bytes], bytes]:
    """Return what reads bytes of an encoding and gives UTF-8, U+FFFD for what is wrong.

    Raises:
        OttlRuntimeError: there is no such encoding.
        NotColumnarError: there is, and it is not done here.
    """
    name = to_lower(encoding)
    if name in _RAW:
        return bytes
    codec = _OVERRIDES.get(name) or _CODECS.get(to_lower(trim_space(encoding)))
    if codec is None:
        if to_lower(trim_space(encoding)) in _NOT_DONE:
            raise NotColumnarError(f"Decode of the encoding {encoding}")
        raise OttlRuntimeError(f"unsupported encoding '{encoding}'")
    if codec.startswith("utf-16"):
        return lambda message: _utf16(message, codec)
    if codec == "utf-8":
        # Both replace the longest part that could have begun a character, as the W3C wants it.
        return lambda message: message.decode("utf-8", "replace").encode()
    table = _table(codec)
    return lambda message: "".join(map(table.__getitem__, message)).encode()


def _table(codec: str) -> str:
    wrong = _CORRECTIONS.get(codec, {})
    return "".join(wrong.get(byte) or bytes([byte]).decode(codec, "replace") for byte in range(256))


def _utf16(message: bytes, codec: str) -> bytes:
    if codec == "utf-16":
        codec = "utf-16-le" if message[:2] == b"\xff\xfe" else "utf-16-be"
        message = message[2:] if message[:2] in (b"\xff\xfe", b"\xfe\xff") else message
    half = REPLACEMENT if len(message) % 2 else ""
    text = message[: len(message) // 2 * 2].decode(codec, "surrogatepass")
    return (_LONE.sub(REPLACEMENT, text) + half).encode()

"""Converters over single values: types, numbers, encodings, hashes and identifiers."""

from typing import Final

from phoenix.ottl.signatures.checks import identifier
from phoenix.ottl.signatures.declaring import declare, needed, optional
from phoenix.ottl.signatures.formats import encoding
from phoenix.ottl.signatures.signature import Kind, Signature

_HASHES: Final = ("FNV", "MD5", "Murmur3Hash", "Murmur3Hash128", "SHA1", "SHA256", "SHA512", "XXH128", "XXH3")

SIGNATURES: Final = (
    declare("Base64Decode", needed("target", Kind.STRING)),
    declare("Base64Encode", needed("target", Kind.STRING), optional("variant", Kind.STRING)),
    declare("Bool", needed("target", Kind.BOOL_LIKE)),
    declare(
        "CommunityID",
        needed("source_ip", Kind.STRING, field="SourceIP"),
        needed("source_port", Kind.INT),
        needed("destination_ip", Kind.STRING, field="DestinationIP"),
        needed("destination_port", Kind.INT),
        optional("protocol", Kind.STRING),
        optional("seed", Kind.INT),
    ),
    declare("Decode", needed("target", Kind.ANY), needed("encoding", Kind.STRING), check=encoding("encoding")),
    declare("Double", needed("target", Kind.FLOAT_LIKE)),
    *(declare(name, needed("target", Kind.STRING)) for name in _HASHES),
    declare("Hex", needed("target", Kind.BYTES_LIKE)),
    declare("Int", needed("target", Kind.INT_LIKE)),
    declare("IsBool", needed("target", Kind.BOOL)),
    declare("IsDouble", needed("target", Kind.FLOAT)),
    declare("IsEmpty", needed("target", Kind.ANY)),
    declare("IsInt", needed("target", Kind.INT)),
    declare("IsList", needed("target", Kind.ANY)),
    declare("IsMap", needed("target", Kind.MAP)),
    declare("IsString", needed("target", Kind.STRING)),
    declare("Log", needed("target", Kind.FLOAT_LIKE)),
    declare("ParseInt", needed("target", Kind.STRING), needed("base", Kind.INT)),
    declare("ProfileID", needed("target", Kind.BYTES_LIKE), check=identifier("target", 16)),
    declare("SpanID", needed("target", Kind.BYTES_LIKE), check=identifier("target", 8)),
    declare("String", needed("target", Kind.STRING_LIKE)),
    declare("TraceID", needed("target", Kind.BYTES_LIKE), check=identifier("target", 16)),
    Signature("UUID", takes_anything=True),
    Signature("UUIDv7", takes_anything=True),
)

"""Undoing compression piece by piece, so that a small body that unfolds into gigabytes is stopped at the limit."""

import zlib
from collections.abc import Iterator
from typing import Final, Protocol

import zstandard

from phoenix.edge.otlp.errors import OtlpEncodingError, OtlpTooLargeError

# One step unfolds at most this much, so the event loop is never held for long.
STEP_BYTES: Final = 256 * 1024
# A zstd frame may ask its reader for a window of gigabytes; the format asks readers to support 8 MiB.
_ZSTD_WINDOW: Final = 8 * 2**20
_GZIP: Final = 16 + zlib.MAX_WBITS


class Unfolding(Protocol):
    """A body's pieces in, its content out."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece unfolds to, in steps.

        Raises:
            OtlpEncodingError: it is not what it says.
        """
        ...

    def finish(self) -> None:
        """Check that the content is whole.

        Raises:
            OtlpEncodingError: it is cut short.
        """
        ...


class Plain:
    """No compression."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield the piece."""
        yield piece

    def finish(self) -> None:
        """Nothing to check."""


class Zlib:
    """gzip or deflate; several gzip members, one after the other, are one content."""

    def __init__(self, name: str, window_bits: int) -> None:
        self._name, self._window_bits = name, window_bits
        self._member = zlib.decompressobj(window_bits)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece unfolds to, in steps."""
        rest = piece
        while rest:
            if self._member.eof:
                self._member = zlib.decompressobj(self._window_bits)
            try:
                content = self._member.decompress(rest, STEP_BYTES)
            except zlib.error as error:
                raise OtlpEncodingError(f"the body is not {self._name}: {error}") from error
            rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
            yield content

    def finish(self) -> None:
        """Check that the last member is whole."""
        if not self._member.eof:
            raise OtlpEncodingError(f"the body is cut short: its {self._name} does not end")


class Zstd:
    """zstd; several frames are one content."""

    # The library's streaming object has no limit a call, so pieces are fed to it in slices: a slice of this size
    # unfolds to a few megabytes at most, since a block of 128 KiB takes at least four bytes.
    _SLICE: Final = 64

    def __init__(self) -> None:
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frame = self._decompressor.decompressobj()
        self._begun = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Yield what a piece unfolds to, in steps."""
        view = memoryview(piece)
        for start in range(0, len(view), self._SLICE):
            rest = bytes(view[start : start + self._SLICE])
            while rest:
                if self._frame.eof:
                    self._frame, self._begun = self._decompressor.decompressobj(), False
                try:
                    content = self._frame.decompress(rest)
                except zstandard.ZstdError as error:
                    raise OtlpEncodingError(f"the body is not zstd: {error}") from error
                self._begun = True
                rest = self._frame.unused_data if self._frame.eof else b""
                yield content

    def finish(self) -> None:
        """Check that the last frame is whole."""
        if self._begun and not self._frame.eof:
            raise OtlpEncodingError("the body is cut short: its zstd does not end")


def unfolding(encoding: str) -> Unfolding:
    """Return what undoes a content encoding.

    Raises:
        OtlpEncodingError: it is not known.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return Plain()
        case "gzip" | "x-gzip":
            return Zlib("gzip", _GZIP)
        case "deflate" | "zlib":
            return Zlib("deflate", zlib.MAX_WBITS)
        case "zstd":
            return Zstd()
        case other:
            raise OtlpEncodingError(f"the compression {other!r} is not known")


def too_large(size: int, limit: int) -> None:
    """Check a size.

    Raises:
        OtlpTooLargeError: it is over the limit.
    """
    if size > limit:
        raise OtlpTooLargeError(f"a body of more than {limit:,} bytes", limit=limit)

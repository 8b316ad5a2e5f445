"""The file exporter's protobuf format, read as it arrives: four bytes of length (big-endian), then the message.

The format is the exporter's own (exporter/fileexporter, `exportMessageAsBuffer`); a message is one request.
"""

from phoenix.collector.record.errors import RecordingGarbledError

_LENGTH_BYTES = 4
# A scrape of a hundred thousand processes is below this; a length above it is no length.
_LONGEST_BYTES = 2**30


class Frames:
    """Cuts a stream of bytes into messages."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that `data` completes.

        Raises:
            RecordingGarbledError: a length that no message has.
        """
        self._rest += data
        messages = []
        while len(self._rest) >= _LENGTH_BYTES:
            length = int.from_bytes(self._rest[:_LENGTH_BYTES], "big")
            if length > _LONGEST_BYTES:
                raise RecordingGarbledError(f"the collector wrote a message of {length} bytes")
            end = _LENGTH_BYTES + length
            if len(self._rest) < end:
                break
            messages.append(bytes(self._rest[_LENGTH_BYTES:end]))
            del self._rest[:end]
        return messages

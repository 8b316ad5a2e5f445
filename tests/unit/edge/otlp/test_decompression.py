import gzip
import zlib
from collections.abc import Callable

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from phoenix.edge.otlp.decompression import STEP_BYTES, Zstd, unfolding
from phoenix.edge.otlp.errors import OtlpEncodingError

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "identity": bytes,
    "": bytes,
}


def unfolded(encoding, pieces):
    undo = unfolding(encoding)
    content = b"".join(step for piece in pieces for step in undo.feed(piece))
    undo.finish()
    return content


@given(st.sampled_from(sorted(COMPRESS)), st.binary(max_size=3000), st.integers(1, 700))
@settings(max_examples=60)
def test_content_comes_back_however_it_is_cut(encoding, content, size):
    folded = COMPRESS[encoding](content * 3)
    assert unfolded(encoding, [folded[at : at + size] for at in range(0, len(folded), size)]) == content * 3


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_several_members_are_one_content(encoding):
    assert unfolded(encoding, [COMPRESS[encoding](b"one") + COMPRESS[encoding](b"two")]) == b"onetwo"


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_a_bomb_unfolds_in_small_steps(encoding):
    bomb = COMPRESS[encoding](bytes(64 * 2**20))
    steps = [len(step) for step in unfolding(encoding).feed(bomb)]
    assert sum(steps) == 64 * 2**20
    assert max(steps) <= max(STEP_BYTES, 4 * 2**20)


def test_a_zstd_frame_that_asks_for_a_large_window_is_refused():
    parameters = zstandard.ZstdCompressionParameters.from_level(1, window_log=27)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    frame = compressor.compress(bytes(1000)) + compressor.flush()
    with pytest.raises(OtlpEncodingError, match="too much memory"):
        list(Zstd().feed(frame))


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "zstd"])
def test_garbage_and_what_is_cut_short_is_refused(encoding):
    with pytest.raises(OtlpEncodingError):
        unfolded(encoding, [b"this is no compressed text at all"])
    with pytest.raises(OtlpEncodingError, match="cut short"):
        unfolded(encoding, [COMPRESS[encoding](b"a whole body")[:-3]])


def test_an_unknown_compression_is_refused_by_name():
    with pytest.raises(OtlpEncodingError, match="'br'"):
        unfolding("br")

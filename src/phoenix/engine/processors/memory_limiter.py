"""The memory_limiter processor of 0.160: every point passes, since a replay's memory is not the user's.

`collector.replay.plan` leaves it out of what runs; its settings are checked all the same (internal/memorylimiter).
"""

from typing import Final

from phoenix.engine.frame import Frame
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings

_SECOND: Final = 10**9
_DURATIONS: Final = {
    "check_interval": 0,
    "min_gc_interval_when_soft_limited": 10 * _SECOND,
    "min_gc_interval_when_hard_limited": 0,
    "max_gc_interval_when_soft_limited": 30 * _SECOND,
    "max_gc_interval_when_hard_limited": 30 * _SECOND,
}
_SIZES: Final = ("limit_mib", "spike_limit_mib", "limit_percentage", "spike_limit_percentage")


def build(config: ProcessorConfig) -> Pass:
    """Return the pass that changes nothing.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    settings = Settings.of(config, *_DURATIONS, *_SIZES)
    _check_durations(settings)
    _check_sizes(settings)

    def run(frame: Frame) -> Frame:
        return frame

    return run


def _check_durations(settings: Settings) -> None:
    interval, min_soft, min_hard, max_soft, max_hard = (
        settings.duration(key, default) for key, default in _DURATIONS.items()
    )
    wrong = {
        "check_interval must be greater than zero": interval <= 0,
        "min_gc_interval_when_soft_limited must not be below that of hard_limited": min_soft < min_hard,
        "max_gc_interval_when_soft_limited must not be negative": max_soft < 0,
        "max_gc_interval_when_hard_limited must not be negative": max_hard < 0,
        "max_gc_interval_when_soft_limited must not be below its minimum": 0 < max_soft < min_soft,
        "max_gc_interval_when_hard_limited must not be below its minimum": 0 < max_hard < min_hard,
        "max_gc_interval_when_soft_limited must not be below that of hard_limited": 0 < max_soft < max_hard,
    }
    for reason, is_wrong in wrong.items():
        if is_wrong:
            settings.refuse(reason, reason.partition(" ")[0])


def _check_sizes(settings: Settings) -> None:
    limit, spike, share, spike_share = (settings.uint32(key) for key in _SIZES)
    if not limit and not share:
        settings.refuse("limit_mib or limit_percentage must be greater than zero", "limit_mib")
    if share > 100 or spike_share > 100:
        settings.refuse("limit_percentage and spike_limit_percentage must not be above 100", "limit_percentage")
    if 0 < limit <= spike:
        settings.refuse("spike_limit_mib must be smaller than limit_mib", "spike_limit_mib")
    if 0 < share <= spike_share:
        settings.refuse("spike_limit_percentage must be smaller than limit_percentage", "spike_limit_percentage")

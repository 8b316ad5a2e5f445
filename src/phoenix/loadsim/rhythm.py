"""When a simulated process burns processor time and for how long: pure arithmetic on a clock that is passed in."""

from collections.abc import Callable

from phoenix.loadsim.profile import Spike

# Processor time burnt at one go: short enough to be smooth, long against the cost of waking up.
QUANTUM_SECONDS = 0.005
_LONGEST_PAUSE_SECONDS = 5.0
# A process that only spikes looks this often whether it is time to.
_SPIKE_CHECK_SECONDS = 1.0


class Rhythm:
    """Burns and pauses that come to a share of one core, spikes on top; `chance` gives numbers from 0 to 1.

    Attributes:
        pause: seconds to rest before the next burn.
    """

    def __init__(self, share: float, spike: Spike | None, chance: Callable[[], float]) -> None:
        self._steady = share
        self._spike = spike
        self._chance = chance
        self._spike_at: float | None = None
        self._spike_ends: float | None = None
        self.pause = self._rest(share)

    def burn_seconds(self, now: float) -> float:
        """Return the processor time to use at `now` (seconds of any clock that only rises) and set `pause`."""
        share = self._share(now)
        self.pause = self._rest(share)
        return min(QUANTUM_SECONDS, share * (self.pause + QUANTUM_SECONDS))

    def _share(self, now: float) -> float:
        if self._spike is None:
            return self._steady
        if self._spike_at is None:
            # The first spike may come at once: a short simulation must have some.
            self._spike_at = now + self._chance() * self._spike.every_seconds
        if self._spike_ends is None and now >= self._spike_at:
            self._spike_ends = now + self._spike.seconds
        if self._spike_ends is not None and now >= self._spike_ends:
            rest = max(0.0, self._spike.every_seconds - self._spike.seconds)
            self._spike_at, self._spike_ends = now + (0.5 + self._chance()) * rest, None
        if self._spike_ends is None:
            return self._steady
        return min(1.0, self._steady + self._spike.percent / 100)

    def _rest(self, share: float) -> float:
        pause = QUANTUM_SECONDS / share - QUANTUM_SECONDS if share > 0 else _LONGEST_PAUSE_SECONDS
        longest = _LONGEST_PAUSE_SECONDS if self._spike is None else _SPIKE_CHECK_SECONDS
        return min(longest, max(0.0, pause))

"""What the counters of a frame add up to, exactly as `telemetry.measure.totals` says, without sorting the points.

Integers are added in two halves, doubles in limbs of 32 bits that hold any double: both sums are exact, whatever the
order, and a double is rounded once, at the end, as `math.fsum` does.

A cell (`parts.Cells`) all of whose nodes are there adds what it adds to the capture, which is known; only points of
cells that lost some are looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame
from phoenix.engine.measuring.facts import COUNTS, NAME, PoolFacts
from phoenix.engine.measuring.parts import Cells, IrregularError
from phoenix.engine.tree import fixed
from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.measure import Total

if TYPE_CHECKING:
    from phoenix.engine.kernels.measure_kernel import Counters, Sums
    from phoenix.engine.kernels.tree_kernel import Tree

_LIMB_BITS: Final = 32
_LIMBS: Final = 68
_UNIT: Final = 1 << 1074
# Of a whole cell the limbs are kept; wider ranges of values are added up anew.
_LIMBS_KEPT: Final = 12
_NONE: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Accounts:
    """Sums by cell.

    Attributes:
        integers: int64[C, 2], low and high halves.
        limbs: int64[C, L].
        low: the first limb.
        points: int64[C, 2], how many integers and doubles counted.
        since: births counted from here on.
        starts: int64[C, 2], the first and the last start time.
    """

    integers: NDArray[np.int64]
    limbs: NDArray[np.int64]
    low: int
    points: NDArray[np.int64]
    since: int
    starts: NDArray[np.int64]

    def hold(self, since: int) -> NDArray[np.bool_]:
        """Return bool[C]: surely nothing of the cell began between the moment counted from and another one."""
        first, last = sorted((self.since, since))
        return (self.starts[:, 1] < first) | (self.starts[:, 0] >= last)


@dataclass(frozen=True, slots=True)
class Scene:
    """A frame whose counters are to be added up.

    Attributes:
        frame: whose tables count; what is dropped is in `tree`.
        facts: of its pools.
        tree: with the masks that count.
        cells: of the frame.
        since: births count from here on.
    """

    frame: Frame
    facts: PoolFacts
    tree: "Tree"
    cells: Cells
    since: int

    @property
    def counts(self) -> NDArray[np.uint8]:
        """uint8[C]: how the metric of each cell counts (`facts`); nothing for cells without points."""
        if not len(self.cells.node):
            return np.zeros(0, dtype=np.uint8)
        counts = self.facts.metrics.rows[:, COUNTS][self.metric].astype(np.uint8)
        counts[self.cells.points == 0] = 0
        return counts

    @property
    def metric(self) -> NDArray[np.int32]:
        """int32[C]: the pool row of a metric of each cell."""
        return self.frame.metrics.value[self.cells.node]


def accounts_of(scene: Scene) -> Accounts | None:
    """Return what each whole cell adds up to; None when that would take too much room, or cannot be said."""
    from phoenix.engine.kernels.measure_kernel import bound_starts  # noqa: PLC0415 numba is slow to import

    counts = scene.counts
    low, high = _range(scene, counts)
    if high - low > _LIMBS_KEPT:
        return None
    sums = _room(len(counts), low, high - low)
    counters = _counters(scene, counts, np.arange(len(counts), dtype=np.int32))
    if _add(scene, counters, sums) >= 0:
        return None
    starts = np.tile(np.array([np.iinfo(np.int64).max, 0]), (len(counts), 1))
    bound_starts(scene.tree, counters, starts)
    return Accounts(sums.integers, sums.limbs, low, sums.points, scene.since, starts)


def totals_of(scene: Scene, there: NDArray[np.int64], whole: Accounts | None) -> Mapping[str, Total]:
    """Return the increase of each additive metric, by name.

    Args:
        scene: the frame.
        there: int64[C], how many nodes of each cell are there.
        whole: what each whole cell adds, if that is known.

    Raises:
        IrregularError: points of a series are out of order, or too large to be added here.
    """
    counts = scene.counts
    used = np.flatnonzero((counts > 0) & (there > 0))
    known, account = np.unique(scene.facts.metrics.rows[:, NAME][scene.metric[used]], return_inverse=True)
    accounts = np.zeros(len(counts), dtype=np.int32)
    accounts[used] = account
    low, limbs = (whole.low, whole.limbs.shape[1]) if whole is not None else (0, _LIMBS)
    sums = _room(len(known), low, limbs)
    if whole is not None:
        full = used[(there[used] == scene.cells.nodes[used]) & whole.hold(scene.since)[used]]
        for into, of in ((sums.integers, whole.integers), (sums.limbs, whole.limbs), (sums.points, whole.points)):
            np.add.at(into, accounts[full], of[full])
        counts[full] = 0
    if counts[used].any() and _add(scene, _counters(scene, counts, accounts), sums) >= 0:
        raise IrregularError
    return _totals([scene.facts.names[number] for number in known.tolist()], sums)


def _totals(names: list[str], sums: "Sums") -> Mapping[str, Total]:
    found: dict[str, Total] = {}
    for account, name in sorted(enumerate(names), key=lambda item: item[1]):
        integers, doubles = sums.points[account].tolist()
        if integers and doubles:
            raise IrregularError
        if doubles:
            units = sum(limb << _LIMB_BITS * at for at, limb in enumerate(sums.limbs[account].tolist(), int(sums.low)))
            found[name] = units / _UNIT
        elif integers:
            low, high = sums.integers[account].tolist()
            found[name] = (high << _LIMB_BITS) + low
    return found


def _range(scene: Scene, counts: NDArray[np.uint8]) -> tuple[int, int]:
    # The limbs that sums of the doubles of counters may touch.
    points = scene.frame.points
    counted = counts[scene.cells.cell] > 0
    rows = np.flatnonzero(counted[points.metric] & (points.kind == PointKind.DOUBLE)) if len(points) else _NONE
    bits = points.bits[rows]
    exponents = ((bits >> 52) & 0x7FF)[bits << 1 != 0]
    if not len(exponents):
        return 0, 3
    # A difference may be as small as the last bit of the smaller value, and hardly larger than the larger one.
    least, most = int(exponents.min()), int(exponents.max())
    return max(0, least - 53) // _LIMB_BITS, min(_LIMBS, (most + 1) // _LIMB_BITS + 4)


def _room(accounts: int, low: int, limbs: int) -> "Sums":
    from phoenix.engine.kernels.measure_kernel import Sums  # noqa: PLC0415 numba is slow to import

    def zeros(width: int) -> NDArray[np.int64]:
        return np.zeros((accounts, width), dtype=np.int64)

    scratch = np.zeros(1, dtype=np.float64)
    return Sums(zeros(2), zeros(limbs), low, zeros(2), scratch, scratch.view(np.int64))


def _counters(scene: Scene, counts: NDArray[np.uint8], account: NDArray[np.int32]) -> "Counters":
    from phoenix.engine.kernels.measure_kernel import Counters  # noqa: PLC0415 numba is slow to import

    points, cells = scene.frame.points, scene.cells
    return Counters(
        fixed(points.start_time.view(np.int64)),
        fixed(points.time.view(np.int64)),
        fixed(points.flags),
        fixed(points.kind),
        fixed(points.bits),
        fixed(points.bits.view(np.float64)),
        cells.cell,
        fixed(counts),
        fixed(account),
        cells.slots,
        cells.series,
        scene.since,
    )


def _add(scene: Scene, counters: "Counters", sums: "Sums") -> int:
    from phoenix.engine.kernels.measure_kernel import add_rises  # noqa: PLC0415 numba is slow to import

    return int(add_rises(scene.tree, counters, np.full(scene.cells.count, -1, dtype=np.int64), sums))

"""The kernel that plays a batch processor's queue and timer through all requests."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel

Int64s = NDArray[np.int64]

# Rows of the state that the functions share.
_SENT, _PENDING, _DEADLINE = 0, 1, 2


class Rule(NamedTuple):
    """When a batch is sent.

    Attributes:
        timeout: nanoseconds; 0 for no timer, and then everything is sent at once.
        size: as many points are sent at once.
        most: at most so many points are sent together; 0 for any number.
    """

    timeout: int
    size: int
    most: int


class Requests(NamedTuple):
    """What comes.

    Attributes:
        arrivals: int64[B], when each request comes; never falls.
        points: int64[B], how many points it brings.
        began: when the timer is started.
        end: when the processor is stopped; it then sends one batch more, and what that does not hold is lost.
    """

    arrivals: Int64s
    points: Int64s
    began: int
    end: int


class Sends(NamedTuple):
    """Batches in the order sent; arrays with room for one batch a point.

    Attributes:
        points: how many points each takes from the head of the queue.
        time: when it is sent, nanoseconds since 1970.
        request: the last request that was in the queue by then.
    """

    points: Int64s
    time: Int64s
    request: Int64s


def play(requests: Requests, rule: Rule) -> Sends:
    """Return the batches that leave."""
    # Memory that is never written is never taken from the system.
    room = int(requests.points.sum()) + 1
    sends = Sends(np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64))
    state = np.zeros(3, dtype=np.int64)
    state[_DEADLINE] = requests.began + rule.timeout
    _play(requests, rule, sends, state)
    count = int(state[_SENT])
    return Sends(*(column[:count].copy() for column in sends))


@inner
def _send(sends: Sends, state: Int64s, rule: Rule, time: np.int64, request: np.int64) -> None:
    taken = state[_PENDING]
    if rule.most > 0 and taken > rule.most:
        taken = np.int64(rule.most)
    at = state[_SENT]
    sends.points[at] = taken
    sends.time[at] = time
    sends.request[at] = request
    state[_SENT] = at + 1
    state[_PENDING] -= taken


@inner
def _fire_until(sends: Sends, state: Int64s, rule: Rule, moment: np.int64, request: np.int64) -> None:
    while rule.timeout > 0 and state[_DEADLINE] <= moment:
        if state[_PENDING] == 0:
            # Nothing happens until the request comes, however often the timer fires.
            state[_DEADLINE] += ((moment - state[_DEADLINE]) // rule.timeout + 1) * rule.timeout
        else:
            _send(sends, state, rule, state[_DEADLINE], request)
            state[_DEADLINE] += rule.timeout


@kernel
def _play(requests: Requests, rule: Rule, sends: Sends, state: Int64s) -> None:
    for request in range(len(requests.arrivals)):
        moment = requests.arrivals[request]
        _fire_until(sends, state, rule, moment, np.int64(request - 1))
        state[_PENDING] += requests.points[request]
        sent = False
        while state[_PENDING] > 0 and (rule.timeout == 0 or state[_PENDING] >= rule.size):
            _send(sends, state, rule, moment, np.int64(request))
            sent = True
        if sent:
            state[_DEADLINE] = moment + rule.timeout
    last = np.int64(len(requests.arrivals) - 1)
    _fire_until(sends, state, rule, np.int64(requests.end), last)
    if state[_PENDING] > 0:
        _send(sends, state, rule, np.int64(requests.end), last)

"""Statements one row after the other, for lists whose rows see what earlier rows wrote.

A program is code for a small stack machine, made by `engine.statements.sequential`. Whatever does not depend on earlier
rows comes in as columns; what the program writes stands in cells, one for each owner: the whole capture (a shared
cache), a resource, a scope, a metric or the row itself.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.kernels.statement_values_kernel import (
    ABSENT,
    BOOL,
    DOUBLE,
    DURATION,
    FAILED,
    INT,
    MAP,
    NIL,
    NO_BOOLEAN,
    ODD_INDEX,
    ODD_OPERANDS,
    ODD_VALUE,
    OTHER,
    TEXT,
    TIME,
    Maps,
    compared,
    computed,
    find,
    has_room,
    opposite,
    own_map,
    own_map_below,
    put,
    size_of,
    write,
)
from phoenix.telemetry.codec.jit import inner, kernel

# Operations; what their two arguments are.
(
    CONSTANT,  # which one
    COLUMN,  # which one
    SLOT,  # which one; where to go on when the cell is absent and keys follow, else -1
    INDEX,  # where to go on when the key is missing
    COMPARE,  # which comparison
    COMPUTE,  # which operation
    AND,  # where to go on when the top is false or has failed
    OR,  # where to go on when the top is true or has failed
    ONLY_IF,  # where the statement ends
    ANY_OF,  # where the conditions end: one of them holds
    UNLESS_NIL,  # where the statement ends: a value that is nil is not set
    STORE,  # which slot; the tag that the setter wants, -1 for any that an attribute can hold
    STORE_WITHIN,  # which slot; how many keys
    NEGATE,
    NOT,
    AS_INT,  # the value of a point, read as an integer
    AS_DOUBLE,
    AS_TAG,  # a time read as a number, or the other way round; the tag
    END,  # of the list
) = range(19)

DONE, FAILS, BEYOND, FULL = range(4)
"""How a run ends: done, a request fails, something was met that only Python can tell, or the maps need more room."""

HOW, VISIT, ROW, AT, TOP, REASON = range(6)
"""What the state of a run holds."""

BEGIN: Final = (DONE, 0, -1, -1, -1, 0)
DEEPEST: Final = 64
"""Room on the stack."""

# What an operation answers beside the reason of a failure.
_FINE: Final = -1
_BEYOND: Final = -2
_FULL: Final = -3
_CAPTURE: Final = 4

IDLE: Final = 4
"""So many rows that changed nothing are remembered."""

MOST_READS: Final = 16
"""Columns of such a row."""

_KNOWN, _READ, _BUSY = range(3)


class Program(NamedTuple):
    """What to do.

    Attributes:
        code: int64[n, 3], operations with two arguments.
        starts: int64[groups], where each list begins.
        propagates: bool[groups].
        constants: int64[constants, 2], tags and bits.
        slot_level: int64[slots], whose cells: 0 to 3, or 4 for the capture's one.
        slot_base: int64[slots], the first of them.
        settable: bool[others], rows of the outside table that an attribute can hold.
    """

    code: NDArray[np.int64]
    starts: NDArray[np.int64]
    propagates: NDArray[np.bool_]
    constants: NDArray[np.int64]
    slot_level: NDArray[np.int64]
    slot_base: NDArray[np.int64]
    settable: NDArray[np.bool_]


class Input(NamedTuple):
    """What to do it on.

    Attributes:
        visits: int64[v, 4]: list, the rows of the list from the first to behind the last, request; in the order of the
            collector.
        columns: int64[columns, 2], where each column begins in the next two; and where the numbers of its rows begin in
            `numbers`, -1 when it has a row for each row of the list.
        tags: uint8[...].
        bits: int64[...].
        numbers: int32[...], rows of columns.
        owners: int64[groups, 4], where the owners of a list's rows begin in the next, by level.
        owner: int32[...], cells' numbers.
    """

    visits: NDArray[np.int64]
    columns: NDArray[np.int64]
    tags: NDArray[np.uint8]
    bits: NDArray[np.int64]
    numbers: NDArray[np.int32]
    owners: NDArray[np.int64]
    owner: NDArray[np.int32]


class Cells(NamedTuple):
    """What is written: tags and bits; `changed` marks what was."""

    tags: NDArray[np.uint8]
    bits: NDArray[np.int64]
    changed: NDArray[np.bool_]


class Idle(NamedTuple):
    """Rows that changed nothing, and what they read: others that read the same in the same list change nothing either.

    Most rows of lists that share a cache are idle, once the first one of a request is done. No row that reads or writes
    cells of its own is.

    Attributes:
        state: int64[3]: how many are known; of the row at hand how many columns it read, and whether it did anything.
        known: int64[IDLE, 2], the list and how many columns were read.
        reads: int64[IDLE + 1, MOST_READS, 3], column, tag and bits; the last for the row at hand.
    """

    state: NDArray[np.int64]
    known: NDArray[np.int64]
    reads: NDArray[np.int64]


class Machine(NamedTuple):
    """All that an operation works with; the stack is `tags`, `bits` and the same bits as doubles."""

    program: Program
    given: Input
    cells: Cells
    tags: NDArray[np.int64]
    bits: NDArray[np.int64]
    doubles: NDArray[np.float64]
    idle: Idle


@inner
def _column_place(given: Any, column: Any, row: Any) -> Any:
    # Return where the value of a row in a column stands.
    if given.columns[column, 1] >= 0:
        row = given.numbers[given.columns[column, 1] + row]
    return given.columns[column, 0] + row


@inner
def _is_idle(machine: Any, visit: Any) -> Any:
    # Return whether a row, of a list, is known to change nothing.
    group, row = visit
    given, idle = machine.given, machine.idle
    for entry in range(idle.state[_KNOWN]):
        if idle.known[entry, 0] != group:
            continue
        read = 0
        while read < idle.known[entry, 1]:
            held = _column_place(given, idle.reads[entry, read, 0], row)
            if given.tags[held] != idle.reads[entry, read, 1] or given.bits[held] != idle.reads[entry, read, 2]:
                break
            read += 1
        if read == idle.known[entry, 1]:
            return True
    return False


@inner
def _note_read(idle: Any, column: Any, tag: Any, bits: Any) -> None:
    # Note that the row at hand read a column.
    count = idle.state[_READ]
    if count == MOST_READS:
        idle.state[_BUSY] = 1
        return
    idle.reads[IDLE, count, 0], idle.reads[IDLE, count, 1], idle.reads[IDLE, count, 2] = column, tag, bits
    idle.state[_READ] = count + 1


@inner
def _note_row(idle: Any, group: Any) -> None:
    # Note what the row at hand has done: nothing, or something that makes all that was known void.
    if idle.state[_BUSY]:
        idle.state[_KNOWN] = 0
    elif idle.state[_KNOWN] < IDLE:
        entry, count = idle.state[_KNOWN], idle.state[_READ]
        idle.known[entry, 0], idle.known[entry, 1] = group, count
        for read in range(count):
            for part in range(3):
                idle.reads[entry, read, part] = idle.reads[IDLE, read, part]
        idle.state[_KNOWN] = entry + 1
    idle.state[_READ] = idle.state[_BUSY] = 0


@inner
def _cell(machine: Any, slot: Any, visit: Any) -> Any:
    program, given = machine.program, machine.given
    level = program.slot_level[slot]
    if level == _CAPTURE:
        return program.slot_base[slot]
    group, row = visit
    return program.slot_base[slot] + given.owner[given.owners[group, level] + row]


@inner
def _load(machine: Any, operation: Any, visit: Any, place: Any) -> Any:
    # Push a value; where to go on.
    op, one, two = operation
    at, top = place
    tags, bits = machine.tags, machine.bits
    if op == CONSTANT:
        tags[top], bits[top] = machine.program.constants[one, 0], machine.program.constants[one, 1]
    elif op == COLUMN:
        held = _column_place(machine.given, one, visit[1])
        tags[top], bits[top] = machine.given.tags[held], machine.given.bits[held]
        _note_read(machine.idle, one, tags[top], bits[top])
    else:
        cell = _cell(machine, one, visit)
        if machine.program.slot_level[one] != _CAPTURE:
            machine.idle.state[_BUSY] = 1
        tags[top], bits[top] = machine.cells.tags[cell], machine.cells.bits[cell]
        if tags[top] == ABSENT:
            tags[top] = NIL
            if two >= 0:
                return two
    return at


@inner
def _index(machine: Any, maps: Any, at: Any) -> Any:
    # The value at the key, in the place of what was indexed: 1 found, 0 missing.
    tags, bits = machine.tags, machine.bits
    if tags[at] == FAILED:
        return 1
    if tags[at] == OTHER:
        return _BEYOND
    if tags[at] != MAP or tags[at + 1] != TEXT:
        tags[at], bits[at] = FAILED, ODD_INDEX
        return 1
    entry = find(maps, bits[at], bits[at + 1])
    if entry < 0:
        tags[at], bits[at] = NIL, 0
        return 0
    tags[at], bits[at] = maps.tag[entry], maps.bits[entry]
    return 1


@inner
def _combine(machine: Any, op: Any, one: Any, at: Any) -> Any:
    # Two values at the top become one; _BEYOND where only Python can tell.
    tags, bits = machine.tags, machine.bits
    if tags[at] == FAILED:
        return _FINE
    if tags[at + 1] == FAILED:
        tags[at], bits[at] = FAILED, bits[at + 1]
        return _FINE
    if op == COMPUTE:
        if tags[at] in (TIME, DURATION, OTHER) or tags[at + 1] in (TIME, DURATION, OTHER):
            return _BEYOND
        computed(tags, bits, machine.doubles, at, one)
        return _FINE
    outcome = compared(tags, bits, machine.doubles, at, one)
    if outcome < 0:
        return _BEYOND
    tags[at], bits[at] = BOOL, outcome
    return _FINE


@inner
def _change(machine: Any, op: Any, one: Any, at: Any) -> None:
    # The value at the top becomes another.
    tags, bits = machine.tags, machine.bits
    tag = tags[at]
    if op == NEGATE:
        if tag == INT:
            bits[at] = opposite(bits[at])
        elif tag == DOUBLE:
            machine.doubles[at] = -machine.doubles[at]
        elif tag != FAILED:
            tags[at], bits[at] = FAILED, ODD_OPERANDS
    elif op == NOT:
        if tag == BOOL:
            bits[at] = 1 - bits[at]
        elif tag != FAILED:
            tags[at], bits[at] = FAILED, NO_BOOLEAN
    elif op == AS_INT and tag == DOUBLE:
        tags[at], bits[at] = INT, 0
    elif op == AS_DOUBLE and tag == INT:
        tags[at], bits[at] = DOUBLE, 0
    elif op == AS_TAG and tag in (INT, TIME):
        tags[at] = one


@inner
def _branch(machine: Any, operation: Any, place: Any, propagates: Any) -> Any:
    # Where to go on, the top of the stack, and the reason of a failure that ends the request.
    op, one, _ = operation
    at, top = place
    tag, bits = machine.tags[top], machine.bits[top]
    holds = tag == BOOL and bits == 1
    if op == AND:
        return (at, top - 1, _FINE) if holds else (one, top, _FINE)
    if op == OR:
        return (at, top - 1, _FINE) if tag == BOOL and not holds else (one, top, _FINE)
    if op == ANY_OF:
        # A failure that is ignored is as good as false; one that is not ends the search.
        return (one, top, _FINE) if holds or (tag == FAILED and propagates) else (at, top - 1, _FINE)
    if op == ONLY_IF:
        if tag == BOOL:
            return (at if holds else one, top - 1, _FINE)
        return one, top - 1, (bits if tag == FAILED else NO_BOOLEAN)
    if tag == FAILED:
        return one, top - 1, bits
    return (one, top - 1, _FINE) if tag == NIL else (at, top, _FINE)


@inner
def _fits(program: Any, tag: Any, bits: Any, wanted: Any) -> Any:
    # What a setter takes; without a wish, what an attribute can hold.
    if wanted >= 0:
        return tag == wanted
    if tag == OTHER:
        return program.settable[bits] != 0
    return tag not in (TIME, DURATION)


@inner
def _store(machine: Any, maps: Any, operation: Any, visit: Any, at: Any) -> Any:
    # Set a cell to the value at the top: the reason of a failure, or _FINE.
    _, slot, wanted = operation
    cells, cell = machine.cells, _cell(machine, slot, visit)
    tag, bits = machine.tags[at], machine.bits[at]
    # A point that holds no number has no value to be set.
    valueless = wanted in (INT, DOUBLE) and cells.tags[cell] == ABSENT
    # What all rows share and holds the same already is left as it is.
    same = tag != MAP and cells.tags[cell] == tag and cells.bits[cell] == bits
    if not same or machine.program.slot_level[slot] != _CAPTURE:
        machine.idle.state[_BUSY] = 1
    if _fits(machine.program, tag, bits, wanted) and not valueless:
        write(cells, maps, cell, INT if tag == TIME else tag, bits)
        return _FINE
    if wanted < 0 and cells.tags[cell] == ABSENT:
        write(cells, maps, cell, NIL, 0)
    return ODD_VALUE


@inner
def _room_needed(machine: Any, maps: Any, cell: Any, at: Any, depth: Any) -> Any:
    # Entries that setting behind keys can make at most: copies of all maps on the way, and the keys.
    needed = depth + 1
    if machine.cells.tags[cell] != MAP:
        return needed
    owner = machine.cells.bits[cell]
    for step in range(1, depth + 1):
        needed += size_of(maps, owner)
        if machine.tags[at + step] != TEXT:
            break
        entry = find(maps, owner, machine.bits[at + step])
        if entry < 0 or maps.tag[entry] != MAP:
            break
        owner = maps.bits[entry]
    return needed


@inner
def _store_within(machine: Any, maps: Any, cell: Any, at: Any, depth: Any) -> Any:
    # Set what is behind the keys at the top to the value below them: the reason of a failure, _FINE or _BEYOND.
    cells, tags, bits = machine.cells, machine.tags, machine.bits
    for step in range(1, depth + 1):
        if tags[at + step] != TEXT:
            return _BEYOND if tags[at + step] in (INT, FAILED) else ODD_INDEX
    if cells.tags[cell] == OTHER:
        return _BEYOND
    owner = own_map(cells, maps, cell)
    for step in range(1, depth):
        if owner < 0:
            return ODD_INDEX
        entry = find(maps, owner, bits[at + step])
        if entry >= 0 and maps.tag[entry] == OTHER:
            return _BEYOND
        owner = own_map_below(maps, owner, bits[at + step])
    if owner < 0:
        return ODD_INDEX
    cells.changed[cell] = True
    if _fits(machine.program, tags[at], bits[at], -1):
        put(maps, owner, bits[at + depth], tags[at], bits[at])
        return _FINE
    if find(maps, owner, bits[at + depth]) < 0:
        put(maps, owner, bits[at + depth], NIL, 0)
    return ODD_VALUE


@inner
def _step(machine: Any, maps: Any, operation: Any, visit: Any, place: Any) -> Any:
    # Where to go on, the top of the stack, and the reason of a failure, _FINE, _BEYOND or _FULL.
    op, one, two = operation
    at, top = place
    if op <= SLOT:
        return _load(machine, operation, visit, (at, top + 1)), top + 1, _FINE
    if op == INDEX:
        found = _index(machine, maps, top - 1)
        return (one if found == 0 else at), top - 1, (_BEYOND if found == _BEYOND else _FINE)
    if op <= COMPUTE:
        return at, top - 1, _combine(machine, op, one, top - 1)
    if op <= UNLESS_NIL:
        return _branch(machine, operation, (at, top), machine.program.propagates[visit[0]])
    if op == STORE:
        return at, top - 1, _store(machine, maps, operation, visit, top)
    if op == STORE_WITHIN:
        machine.idle.state[_BUSY] = 1
        cell = _cell(machine, one, visit)
        if not has_room(maps, _room_needed(machine, maps, cell, top - two, two)):
            return at, top, _FULL
        return at, top - two - 1, _store_within(machine, maps, cell, top - two, two)
    _change(machine, op, one, top)
    return at, top, _FINE


@inner
def _all(machine: Any, maps: Any, state: Any) -> None:
    # Go on where the state says, and leave in it how it ended.
    program, visits = machine.program, machine.given.visits
    row, at, top = state[ROW], state[AT], state[TOP]
    state[HOW] = DONE
    for visit in range(state[VISIT], len(visits)):
        group = visits[visit, 0]
        propagates = program.propagates[group]
        row = visits[visit, 1] if row < 0 else row
        while row < visits[visit, 2]:
            if at < 0:
                if _is_idle(machine, (group, row)):
                    row += 1
                    continue
                at, top = program.starts[group], -1
            while program.code[at, 0] != END:
                operation = program.code[at, 0], program.code[at, 1], program.code[at, 2]
                here, before = at, top
                at, top, reason = _step(machine, maps, operation, (group, row), (at + 1, top))
                if reason == _FINE:
                    continue
                machine.idle.state[_BUSY] = 1
                if reason >= 0 and not propagates:
                    continue
                state[HOW] = BEYOND if reason == _BEYOND else FULL if reason == _FULL else FAILS
                state[VISIT], state[ROW], state[AT], state[TOP], state[REASON] = visit, row, here, before, reason
                return
            _note_row(machine.idle, group)
            at = -1
            row += 1
        row = -1


@kernel
def run(machine: Machine, maps: Maps, state: NDArray[np.int64]) -> None:
    """Run the lists over the visits; cells are written to.

    Args:
        machine: program, input, cells and a stack.
        maps: what maps there are.
        state: int64[6], at first all visits are to come (`BEGIN`). Afterwards how it ended; for a failure the visit,
            where in the code, and the reason. When the maps are full, run again with larger ones and this state.
    """
    _all(machine, maps, state)

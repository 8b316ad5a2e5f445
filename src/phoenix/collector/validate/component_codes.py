"""The codes of what a component does not take, whoever tells it: Phoenix's own reading, or the real binary.

`validate.ottl` and `engine.checking` give them without a binary, `binary_check` for all that these do not know.
"""

from typing import Final

from phoenix.collector.validate.finding import Code, Severity

UNKNOWN_KEY: Final = Code(
    "COLLECTOR_KEY_UNKNOWN",
    Severity.ERROR,
    "A component has no such setting.",
    "Correct the key, or take it out.",
    "keys of settings: of the processors that Phoenix knows, of all components where the binary is asked",
)
WRONG_VALUE: Final = Code(
    "COLLECTOR_VALUE_WRONG",
    Severity.ERROR,
    "A setting has a value of the wrong type, or one the component does not know.",
    "Write a value of the kind the message names.",
    "values of settings, of the same components",
)
SETTINGS_REFUSED: Final = Code(
    "COLLECTOR_SETTINGS_REFUSED",
    Severity.ERROR,
    "Each value is possible, but the component refuses them together, or misses one.",
    "Change the setting the message names.",
    "what the same components demand of their settings",
)
OTTL_INVALID: Final = Code(
    "OTTL_INVALID",
    Severity.ERROR,
    "A statement or condition is not OTTL, or names a path or function its context does not have.",
    "Correct the statement at the column named.",
    "statements and conditions of filter and transform; of other components where the binary is asked",
)
CODES: Final = (OTTL_INVALID, UNKNOWN_KEY, WRONG_VALUE, SETTINGS_REFUSED)

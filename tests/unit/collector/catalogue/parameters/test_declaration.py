import pytest

from phoenix.collector.catalogue.errors import (
    ParameterMissingError,
    ParameterRangeError,
    ParameterTypeError,
    ParameterUnknownError,
)
from phoenix.collector.catalogue.parameters.declaration import Parameter, ParameterType, resolve

SECONDS = Parameter("interval", ParameterType.DURATION, "60s", "How often.", minimum=1, maximum=3600)
COLOUR = Parameter("colour", ParameterType.CHOICE, "red", "Which.", choices=("red", "green"))
WHO = Parameter("who", ParameterType.PATTERNS, "nginx", "Who.", minimum=1)
SIZE = Parameter("size", ParameterType.BYTES, "1MiB", "How large.", minimum=2**20)
MAYBE = Parameter("maybe", ParameterType.INTEGER, None, "Perhaps.", minimum=1)


def test_defaults_stand_for_what_was_not_given():
    values = resolve((SECONDS, COLOUR, MAYBE), {})
    assert values == {"interval": 60.0, "colour": "red", "maybe": None}


def test_a_value_and_its_text_mean_the_same():
    assert resolve((SECONDS,), {"interval": 90}) == resolve((SECONDS,), {"interval": "1m30s"})


@pytest.mark.parametrize(
    ("parameter", "given", "error", "code"),
    [
        (SECONDS, "soon", ParameterTypeError, "PIPELINE_PARAMETER_TYPE"),
        (SECONDS, "0s", ParameterRangeError, "PIPELINE_PARAMETER_OUT_OF_RANGE"),
        (SECONDS, "2h", ParameterRangeError, "PIPELINE_PARAMETER_OUT_OF_RANGE"),
        (SECONDS, "", ParameterMissingError, "PIPELINE_PARAMETER_MISSING"),
        (SECONDS, None, ParameterMissingError, "PIPELINE_PARAMETER_MISSING"),
        (COLOUR, "gren", ParameterRangeError, "PIPELINE_PARAMETER_OUT_OF_RANGE"),
        (COLOUR, 3, ParameterTypeError, "PIPELINE_PARAMETER_TYPE"),
        (WHO, "a(b", ParameterTypeError, "PIPELINE_PARAMETER_TYPE"),
        (WHO, "", ParameterRangeError, "PIPELINE_PARAMETER_OUT_OF_RANGE"),
        (SIZE, "1kB", ParameterRangeError, "PIPELINE_PARAMETER_OUT_OF_RANGE"),
        (MAYBE, "x", ParameterTypeError, "PIPELINE_PARAMETER_TYPE"),
    ],
)
def test_a_refusal_names_the_parameter_what_it_got_and_the_remedy(parameter, given, error, code):
    with pytest.raises(error) as caught:
        resolve((parameter,), {parameter.name: given})
    assert caught.value.code == code
    assert parameter.name in caught.value.message
    assert parameter.name in caught.value.user_action
    if given:
        assert repr(given) in caught.value.message


def test_an_unknown_parameter_is_told_its_nearest_name():
    with pytest.raises(ParameterUnknownError, match="Did you mean interval") as caught:
        resolve((SECONDS, COLOUR), {"intervall": "5s"})
    assert "interval, colour" in caught.value.user_action


def test_a_wrong_choice_is_told_its_nearest():
    with pytest.raises(ParameterRangeError, match="did you mean green"):
        resolve((COLOUR,), {"colour": "gren"})


def test_says_its_range_in_words():
    assert SECONDS.range == "1s to 1h"
    assert SIZE.range == "at least 1MiB"
    assert WHO.range == "at least 1 item"
    assert COLOUR.range == "red, green"

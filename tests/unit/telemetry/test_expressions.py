import pytest

from phoenix.telemetry.expressions import ExpressionError, compiled


def test_a_broken_expression_says_why_and_writes_nothing(capfd):
    with pytest.raises(ExpressionError, match=r"^missing \): \(\nFORGED$"):
        compiled("(\nFORGED")
    assert capfd.readouterr() == ("", "")


def test_an_expression_without_look_behind_is_none_of_re2():
    with pytest.raises(ExpressionError):
        compiled("(?<=a)b")

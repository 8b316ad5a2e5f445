"""Selectors are read as Kubernetes reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.control.fleet.errors import SelectorInvalidError
from phoenix.control.fleet.selector import Selector

LABELS = {"app": "web", "tier": "a", "zone": "", "phoenix.io/role": "x"}


def _matches(text):
    return Selector.parse(text).matches(LABELS, name="h1", host_id="host-1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "app=web",
        "app==web",
        "app = web , tier in ( a , b )",
        "tier notin (b,c)",
        "missing notin (x)",
        "missing!=x",
        "app",
        "!missing",
        "! missing",
        "zone=",
        "name=h1",
        "id=host-1",
        "phoenix.io/role=x",
        "app=web,tier=a,!gone",
    ],
)
def test_selects(text):
    assert _matches(text)


@pytest.mark.parametrize(
    "text",
    ["app=db", "app!=web", "tier in (b)", "tier notin (a)", "missing", "!app", "missing=x", "name=h2", "app=web,!tier"],
)
def test_does_not_select(text):
    assert not _matches(text)


@pytest.mark.parametrize(
    "text",
    [
        "=a",
        "a=b=c",
        "a in b",
        "a in ()",
        "a in (b",
        "a=b,",
        ",a",
        "a,,b",
        "a b",
        "!!a",
        "!",
        "a in (b;c)",
        "a>1",
        "a" * 5000,
    ],
)
def test_refuses_what_is_no_selector(text):
    with pytest.raises(SelectorInvalidError):
        Selector.parse(text)


def test_the_message_shows_where():
    with pytest.raises(SelectorInvalidError, match="at 'tier in b'"):
        Selector.parse("app=web,tier in b")


KEYS = st.sampled_from(["app", "tier", "x.y/z", "name"])
VALUES = st.text("abc-_.", max_size=4)
REQUIREMENTS = st.one_of(
    KEYS,
    KEYS.map(lambda key: f"!{key}"),
    st.builds(lambda key, sign, value: f"{key}{sign}{value}", KEYS, st.sampled_from(["=", "==", "!="]), VALUES),
    st.builds(
        lambda key, word, values: f"{key} {word} ({', '.join(values)})",
        KEYS,
        st.sampled_from(["in", "notin"]),
        st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=3),
    ),
)


@given(st.lists(REQUIREMENTS, max_size=4))
def test_what_a_selector_says_of_itself_reads_back_as_the_same(requirements):
    selector = Selector.parse(",".join(requirements))
    assert Selector.parse(str(selector)) == selector

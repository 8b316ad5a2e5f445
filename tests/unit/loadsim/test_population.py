from hypothesis import given
from hypothesis import strategies as st

from phoenix.loadsim.population import families
from phoenix.loadsim.profile import ProcessGroup

groups = st.lists(
    st.builds(ProcessGroup, name=st.sampled_from(["a", "b"]), count=st.integers(1, 60), children=st.integers(0, 7)),
    min_size=1,
    max_size=5,
)


@given(groups)
def test_every_process_is_in_one_family(members):
    for group in members:
        found = [number for _, head, children in families((group,)) for number in (head, *children)]
        assert found == list(range(group.count))


def test_a_family_is_a_process_and_its_children():
    group = ProcessGroup(name="a", count=7, children=2)
    assert [(family.number, family.children, family.size) for family in families((group,))] == [
        (0, (1, 2), 3),
        (3, (4, 5), 3),
        (6, (), 1),
    ]

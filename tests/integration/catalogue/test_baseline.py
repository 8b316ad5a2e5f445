from tests.support import promises


def test_baseline_changes_nothing(run):
    result = run("process-baseline-v1")
    assert promises.values(result.after, promises.anyone) == promises.values(result.before, promises.anyone)

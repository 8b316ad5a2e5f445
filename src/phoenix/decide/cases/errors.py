"""What is wrong with a file of pipeline tests."""

from phoenix.core.errors import InvalidError


class CaseFileInvalidError(InvalidError):
    """A file of pipeline tests says something that is not understood, at the place named."""

    code = "PIPELINE_TEST_INVALID"
    user_action = "Correct the test file at the place named; docs/reference/pipeline-tests.md shows every key."

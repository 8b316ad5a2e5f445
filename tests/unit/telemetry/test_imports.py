import subprocess
import sys

from tests.support.replay.process_requests import scrapes

from phoenix.telemetry.storage import save


def test_numba_is_loaded_at_the_first_call_only():
    program = (
        "import sys, phoenix.telemetry.measure, phoenix.telemetry.importing, phoenix.telemetry.storage\n"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_capture_is_read_without_the_scanner_whose_threads_outlive_the_read(tmp_path):
    save(scrapes([0], processes=2), tmp_path / "c")
    # That scanner lets go of what it read in a thread of its own, which aborts a process that is about to end.
    program = (
        "import sys; from phoenix.telemetry.storage import load; load(sys.argv[1]); "
        "assert 'pyarrow.dataset' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, tmp_path / "c"], check=True)

import subprocess
import sys


def test_numba_is_loaded_at_the_first_call_only():
    program = (
        "import sys, phoenix.telemetry.measure, phoenix.telemetry.importing, phoenix.telemetry.storage\n"
        "assert 'numba' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

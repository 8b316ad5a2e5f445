set positional-arguments := true
set shell := ["bash", "-euo", "pipefail", "-c"]

# Set everything up, record this host, evaluate the catalogue on it and name the best safe pipeline
[no-cd]
run *options:
    @phoenix run --called-as "./dev phoenix" "$@"

# Everything CI runs, with a time line per suite (--only SUITE, --list)
test *options:
    @python tools/suites.py "$@"

# Format, lint, types, layers, sizes, generated pages and change entries
check:
    @python tools/suites.py --only check

# Run the phoenix command: ./dev phoenix whatif --help
[no-cd]
phoenix *arguments:
    @phoenix "$@"

# Run pytest with its own options: ./dev pytest tests/unit -k money
[no-cd]
pytest *arguments:
    @python -m pytest "$@"

# Compare the engine with the collector on generated cases (--cases N, --case N, --only PROCESSORS)
parity *options:
    @python tools/parity.py "$@"

# How often verdicts are false and how soon true, by simulation (--experiments N, --windows N)
stats-check *options:
    @python tools/stats_check.py "$@"

# Rewrite formatting and what the linter can mend
fix:
    ruff format .
    ruff check --fix .

# Rewrite golden files from the code as it is; review the difference like code
golden:
    PHOENIX_GOLDEN=rewrite python -m pytest tests -m golden

# Rewrite the generated reference pages
docs:
    python tools/reference.py

# Run one benchmark, or list them: ./dev bench [NAME]
bench *arguments:
    @python -m benchmarks "$@"

# Record the capture that ships with the project anew
reference-capture *options:
    @python tools/reference_capture.py "$@"

# Pin the newest versions that pyproject.toml allows
lock:
    @UPGRADE=yes tools/lock.sh

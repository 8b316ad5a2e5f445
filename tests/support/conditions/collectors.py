"""Collectors that are not what they should be: small scripts around the answers of a real one."""

import subprocess
from pathlib import Path


def fake_collector(
    folder: Path, real: Path, *, version: str = "0.158.0", lacks: tuple[str, ...] = (), then: str = "exit 1"
) -> Path:
    """Return a script that says this version and the real one's components, less those it lacks; else does `then`."""
    path = folder / "otelcol-fake"
    # Kept in the script: in the sandbox it can run no other collector.
    components = subprocess.run([real, "components"], capture_output=True, text=True, check=True).stdout
    for name in lacks:
        components = components.replace(f"- name: {name}\n", f"- name: {name}_of_mine\n")
    lines = [
        "#!/bin/sh",
        "case $1 in",
        f"--version) echo otelcol version {version} ;;",
        f"components) cat <<'END'\n{components}\nEND\n;;",
        f"*) {then} ;;",
        "esac",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return path

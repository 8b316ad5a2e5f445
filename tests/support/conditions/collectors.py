"""Collectors that are not what they should be: small scripts around the answers of a real one."""

from pathlib import Path


def fake_collector(
    folder: Path, real: Path, *, version: str = "0.158.0", lacks: tuple[str, ...] = (), then: str = "exit 1"
) -> Path:
    """Return a script that says this version and the real one's components, less those it lacks; else does `then`."""
    path = folder / "otelcol-fake"
    renamed = "".join(f" -e 's/- name: {name}$/- name: {name}_of_mine/'" for name in lacks)
    lines = [
        "#!/bin/sh",
        "case $1 in",
        f"--version) echo otelcol version {version} ;;",
        f"components) '{real}' components | sed -e ''{renamed} ;;",
        f"*) {then} ;;",
        "esac",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return path

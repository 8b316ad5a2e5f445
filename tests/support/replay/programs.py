"""Small shell scripts that stand for programs: a collector, a supervisor, a Go toolchain."""

from pathlib import Path

from phoenix.collector.config.names import Kind


def script(path: Path, body: str) -> Path:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def fake_collector(path: Path, version: str, **components: list[str]) -> Path:
    """Write a program that answers `--version` and `components` as a collector does."""
    listing = [f"buildinfo: {{command: otelcol, version: {version}}}"]
    for kind in Kind:
        listing.append(f"{kind.value}:")
        listing += [f"  - {{name: {name}, stability: {{metrics: Beta}}}}" for name in components.get(kind.value, [])]
    text = "\n".join(listing)
    return script(
        path, f"case $1 in --version) echo otelcol version {version};; components) cat <<'X'\n{text}\nX\n;; esac"
    )


def fake_go(folder: Path, on_build: str, *, version: str = "go1.27.3") -> Path:
    """Write a Go that answers `env` and `list`, and does `on_build` for `build`; $output is the file to make."""
    return script(
        folder / "bin" / "go",
        f"""
case $1 in
env) printf '%s\\n%s\\n' {version} {folder};;
list) echo 'go: downloading example.com/a v1.0.0' >&2; printf 'a\\nb\\nc\\n';;
build)
  while [ "$1" != -o ]; do shift; done
  output=$2; mkdir -p "$(dirname "$output")"
  {on_build}
  ;;
esac""",
    )

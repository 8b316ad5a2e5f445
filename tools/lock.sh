#!/usr/bin/env bash
# Write requirements/dev.txt: names, versions and hashes, and no registry's address (docs/adr/0002-toolchains-as-wheels.md).
# What stands is kept unless UPGRADE is set.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv=$(ls -d "${PHOENIX_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/phoenix}"/uv-*/bin/uv | sort -V | tail -n 1)
"$uv" pip compile pyproject.toml --group dev --python-version 3.11 ${UPGRADE:+--upgrade} --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --output-file requirements/dev.txt

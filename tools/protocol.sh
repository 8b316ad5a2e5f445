#!/usr/bin/env bash
# Write src/phoenix/protocol from proto/ with the pinned grpcio-tools; with --check write nothing and exit 1, with the
# difference, if what stands there is stale. The modules lie flat, so their names are rewritten after generation.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=python
[ -x .venv/bin/python ] && python=.venv/bin/python
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
mkdir "$fresh/made" "$fresh/flat"

"$python" -m grpc_tools.protoc --proto_path=proto --python_out="$fresh/made" --pyi_out="$fresh/made" \
  $(cd proto && find phoenix -name '*.proto' | sort)
find "$fresh/made" -name '*_pb2.py*' -exec mv -t "$fresh/flat" {} +
sed -i -E 's/phoenix\.[a-z]+\.v1\.([a-z]+_pb2)/phoenix.protocol.\1/' "$fresh"/flat/*
cp src/phoenix/protocol/__init__.py "$fresh/flat/"

if [ "${1:-}" = --check ]; then
  diff --recursive --unified --exclude=__pycache__ src/phoenix/protocol "$fresh/flat" && exit 0
  echo "src/phoenix/protocol is stale: run tools/protocol.sh and commit what it writes." >&2
  exit 1
fi
cp "$fresh"/flat/*_pb2.py "$fresh"/flat/*_pb2.pyi src/phoenix/protocol/

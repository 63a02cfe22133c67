#!/usr/bin/env bash
# Installs what the tests need beside Python packages: a browser for the pages, namespaces for tier 2.
set -euo pipefail
# nbgrader and otter, each in an environment of its own; tests that need one say so where it is missing.
if [[ -x .venv/bin/python ]]; then
  .venv/bin/python tests/interop/tools.py || echo "tests: nbgrader or otter not installed" >&2
fi
need=()
command -v chromium >/dev/null || need+=(chromium)
command -v bwrap >/dev/null || need+=(bubblewrap)
if ((${#need[@]})); then
  if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
    echo "tests: ${need[*]} not installed; the tests that need it will be skipped and say so" >&2
    exit 0
  fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
fi

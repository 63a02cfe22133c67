"""The two scripts at the root of an autograder zip."""

from __future__ import annotations

# Gradescope runs this once, when it builds the image. Its Ubuntu's own Python may be too old.
SETUP = """#!/usr/bin/env bash
# Installs what the autograder needs. Set PIP_INDEX_URL or PIP_FIND_LINKS where there is a mirror.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
venv="${DLC_VENV:-/opt/dlc}"
find_python() {
  for each in python3.13 python3.12 python3.11 python3; do
    if command -v "$each" >/dev/null && "$each" -I -c \\
      'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$each"
      return
    fi
  done
  return 1
}
if ! python="$(find_python)"; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3.11 python3.11-venv
  python="$(find_python)"
fi
"$python" -I -m venv "$venv"
pip=("$venv/bin/python" -I -m pip install --quiet --no-cache-dir --disable-pip-version-check)
TORCH"${pip[@]}" -r "$here/requirements.txt"
"""
TORCH = """# A build for processors alone is a tenth of the size, where one is on offer.
"${pip[@]}" --index-url "${TORCH_INDEX_URL:-https://download.pytorch.org/whl/cpu}" torch==VERSION ||
  "${pip[@]}" torch==VERSION
"""

# Gradescope runs this for each submission.
RUN = """#!/usr/bin/env bash
# Grades /autograder/submission and writes /autograder/results/results.json.
set -uo pipefail
root="$(cd "${AUTOGRADER_ROOT:-/autograder}" && pwd)"
if [[ $(id -u) == 0 ]]; then
  # A kernel without Landlock leaves it to these rights what student code may read.
  chmod -R go-rwx "$root/source" "$root/submission" "$root/results" 2>/dev/null
  [[ -e "$root/submission_metadata.json" ]] && chmod go-rwx "$root/submission_metadata.json"
fi
# In an interpreter that neither this folder nor any variable can make import anything.
cd /
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME="${HOME:-/}" \\
  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 TRITON_INTERPRET=1 \\
  "${DLC_VENV:-/opt/dlc}/bin/python" -I -B -X utf8 "$root/source/autograder/interpreter.py" \\
  autograder.export.gradescope "$root"
"""

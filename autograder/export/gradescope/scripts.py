"""The two scripts at the root of an autograder zip."""

from __future__ import annotations

from collections.abc import Mapping

from ...frameworks import INTERPRETED, Build

# Gradescope runs this once, when it builds the image. Its Ubuntu's own Python may be too old.
_SETUP = """#!/usr/bin/env bash
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
BUILDS"${pip[@]}" -r "$here/requirements.txt"
"""
_BUILD = """# A build for processors alone is a tenth of the size, where one is on offer.
"${{pip[@]}}" --index-url "${{{variable}:-{index}}}" {name}=={version} ||
  "${{pip[@]}}" {name}=={version}
"""

# Gradescope runs this for each submission.
_RUN = """#!/usr/bin/env bash
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
  OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 INTERPRETED \\
  "${DLC_VENV:-/opt/dlc}/bin/python" -I -B -X utf8 "$root/source/autograder/interpreter.py" \\
  autograder.export.gradescope "$root"
"""
RUN = _RUN.replace("INTERPRETED", " ".join(f"{name}={value}" for name, value in INTERPRETED.items()))


def setup(builds: Mapping[str, Build]) -> str:
    """The script that installs what the autograder needs; name -> build, of what is installed by itself."""
    steps = ""
    for name, build in builds.items():
        variable = f"{name.upper()}_INDEX_URL"
        steps += _BUILD.format(variable=variable, index=build.index, name=name, version=build.version)
    return _SETUP.replace("BUILDS", steps)

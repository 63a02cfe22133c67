"""`python -m tests.fuzz NAME SECONDS FOLDER`: search on from the corpus; the folder keeps what is new."""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["autograder.sandbox", "autograder.intake", "autograder.text"]):
    from tests.fuzz.targets import TARGETS

name, seconds, folder = sys.argv[1:]
Path(folder).mkdir(parents=True, exist_ok=True)
options = [f"-max_total_time={seconds}", "-max_len=4096", "-timeout=20", "-rss_limit_mb=2048"]
corpus = str(Path(__file__).parent / "corpus" / name)
atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}/", folder, corpus], TARGETS[name])
atheris.Fuzz()

"""Reaching other students: their hand-ins, results, workers, and what they left."""

from __future__ import annotations

from .probe import family

OTHERS = family(
    "other students",
    {
        "read-another-hand-in": "return 'expected' in open(stage['hand_in']).read()",
        "read-another-result": "return 'expected' in open(stage['result']).read()",
        "list-all-hand-ins": "return 'grace' in os.listdir(stage['folder'] + '/hand-ins')",
        "list-the-temporary-folder": (
            "folder, name = os.path.split(stage['folder'])\nreturn name in os.listdir(folder)"
        ),
        "copy-another-hand-in": (
            "import shutil\nreturn bool(shutil.copy(stage['hand_in'], stage['folder'] + '/mine'))"
        ),
        "change-another-hand-in": "open(stage['hand_in'], 'a').close()\nreturn True",
        "delete-another-hand-in": "os.unlink(stage['hand_in'])\nreturn True",
        "replace-another-result": "os.replace(stage['results'], stage['result'])\nreturn True",
        "lock-another-result": "fcntl.flock(open(stage['result']), fcntl.LOCK_EX)\nreturn True",
        "read-what-another-left": "return 'expected' in open(stage['left']).read()",
        "leave-something-for-the-next": (
            "path = os.path.dirname(stage['folder']) + '/left-%d' % os.getpid()\n"
            "open(path, 'x').close()\nos.unlink(path)\nreturn True"
        ),
        "signal-another-worker": "os.kill(stage['neighbour'], 0)\nreturn True",
        "trace-another-worker": "syscall(101, 117, 0x4206, stage['neighbour'], None, None)\nreturn True",
        "open-memory-of-another-worker": (
            "return os.open('/proc/%d/mem' % stage['neighbour'], os.O_RDONLY) >= 0"
        ),
        "limit-another-worker": ("resource.prlimit(stage['neighbour'], resource.RLIMIT_CORE)\nreturn True"),
        "slow-another-worker": "os.setpriority(os.PRIO_PROCESS, stage['neighbour'], 19)\nreturn True",
        "move-another-worker": (
            "os.sched_setaffinity(stage['neighbour'], os.sched_getaffinity(0))\nreturn True"
        ),
    },
)

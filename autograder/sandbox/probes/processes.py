"""Starting processes and steering others."""

from __future__ import annotations

from .probe import family

_START = {
    "fork": "pid = os.fork()\nif pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)\nreturn True",
    "run-a-command": "return subprocess.run(['/bin/true']).returncode == 0",
    "run-a-shell": "return os.system('true') == 0",
    "spawn": "pid = os.posix_spawn('/bin/true', ['true'], {})\nos.waitpid(pid, 0)\nreturn True",
    "start-a-process-of-python": (
        "import multiprocessing\nchild = multiprocessing.get_context('fork').Process(target=int)\n"
        "child.start()\nchild.join()\nreturn child.exitcode == 0"
    ),
    "copy-this-process-by-hand": (
        "pid = syscall(56, 220, 17, 0, 0, 0, 0)\n"
        "if pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)\nreturn True"
    ),
    "become-a-batch-job": "os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))\nreturn True",
    "take-one-core": "os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nreturn True",
    "change-own-priority": (
        "os.setpriority(os.PRIO_PROCESS, 0, os.getpriority(os.PRIO_PROCESS, 0))\nreturn True"
    ),
}
_STEER = {
    "copy-this-process-by-a-newer-call": (
        "pid = syscall(435, 435, struct.pack('8Q', 0, 0, 0, 0, 17, 0, 0, 0), 64)\n"
        "if pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)\nreturn True"
    ),
    "start-a-process-in-a-namespace": (
        "pid = syscall(56, 220, 0x10000000 | 17, 0, 0, 0, 0)\n"
        "if pid == 0:\n    os._exit(0)\nos.waitpid(pid, 0)\nreturn True"
    ),
    "start-a-sibling": (
        "pid = syscall(56, 220, 0x8000 | 17, 0, 0, 0, 0)\nif pid == 0:\n    os._exit(0)\nreturn True"
    ),
    "limit-the-grader": "resource.prlimit(stage['pid'], resource.RLIMIT_CORE)\nreturn True",
    "move-the-grader-to-another-core": (
        "os.sched_setaffinity(stage['pid'], os.sched_getaffinity(0))\nreturn True"
    ),
    "make-the-grader-a-batch-job": (
        "os.sched_setscheduler(stage['neighbour'], os.SCHED_BATCH, os.sched_param(0))\nreturn True"
    ),
    "slow-the-grader": (
        "same = os.getpriority(os.PRIO_PROCESS, 0)\nos.setpriority(os.PRIO_PROCESS, stage['pid'], same)\n"
        "return True"
    ),
    "slow-the-disk-of-the-grader": "return syscall(251, 30, 1, stage['pid'], (2 << 13) | 4) == 0",
    "trace-the-parent": "pid = os.getppid()\nsyscall(101, 117, 0x4206, pid, None, None)\nreturn True",
    "take-a-descriptor-of-the-grader": (
        "number = syscall(434, 434, stage['pid'], 0)\nreturn syscall(438, 438, number, 0, 0) >= 0"
    ),
    "enter-the-namespaces-of-the-grader": (
        "number = syscall(434, 434, stage['pid'], 0)\nreturn syscall(308, 268, number, 0x04000000) == 0"
    ),
    "compare-with-the-grader": ("return syscall(312, 272, stage['pid'], stage['neighbour'], 2, 0, 0) >= 0"),
    "raise-own-limits": (
        "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))\n"
        "return resource.getrlimit(resource.RLIMIT_AS)[1] == -1"
    ),
    "lower-own-limits": "resource.setrlimit(resource.RLIMIT_CPU, (3000, 3000))\nreturn True",
    "lower-own-limits-by-an-older-call": ("return syscall(160, 164, 0, struct.pack('QQ', 3000, 3000)) == 0"),
}
PROCESSES = (*family("processes", _START, in_gpu=False), *family("processes", _STEER))

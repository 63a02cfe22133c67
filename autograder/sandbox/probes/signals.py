"""Sending signals, to others or to oneself, or having the kernel send one.

A worker that could send itself a signal of its choice could make its death look like another's doing.
"""

from __future__ import annotations

from .probe import family

SIGNALS = family(
    "signals",
    {
        "signal-the-grader": "os.kill(stage['pid'], 0)\nreturn True",
        "signal-the-parent": "os.kill(os.getppid(), 0)\nreturn True",
        "signal-everybody": "os.kill(-1, 0)\nreturn True",
        "signal-the-group": "os.kill(0, signal.SIGURG)\nreturn True",
        "signal-oneself": "os.kill(os.getpid(), signal.SIGURG)\nreturn True",
        "signal-own-thread": "return syscall(234, 131, os.getpid(), os.getpid(), int(signal.SIGURG)) == 0",
        "signal-own-thread-by-its-number": "return syscall(200, 130, os.getpid(), int(signal.SIGURG)) == 0",
        "signal-by-a-thread-library": (
            "signal.pthread_kill(threading.get_ident(), signal.SIGURG)\nreturn True"
        ),
        "queue-a-signal": (
            "told = ctypes.create_string_buffer(struct.pack('iii', signal.SIGURG, 0, -1), 128)\n"
            "return syscall(129, 138, os.getpid(), int(signal.SIGURG), told) == 0"
        ),
        "queue-a-signal-for-a-thread": (
            "told = ctypes.create_string_buffer(struct.pack('iii', signal.SIGURG, 0, -1), 128)\n"
            "return syscall(297, 240, os.getpid(), os.getpid(), int(signal.SIGURG), told) == 0"
        ),
        "signal-by-a-descriptor": (
            "signal.pidfd_send_signal(os.pidfd_open(os.getpid()), signal.SIGURG)\nreturn True"
        ),
        "signal-by-a-timer": (
            "event = ctypes.create_string_buffer(struct.pack('Qii', 0, signal.SIGKILL, 0), 64)\n"
            "return syscall(222, 107, 0, event, ctypes.byref(ctypes.c_int())) == 0"
        ),
        "signal-by-an-interval": "signal.setitimer(signal.ITIMER_PROF, 900)\nreturn True",
        "signal-by-the-owner-of-a-descriptor": "fcntl.fcntl(1, fcntl.F_SETOWN, os.getpid())\nreturn True",
        "choose-the-signal-of-a-descriptor": "fcntl.fcntl(1, 10, int(signal.SIGKILL))\nreturn True",
        "choose-the-signal-at-a-parents-death": (
            "return syscall(157, 167, 1, int(signal.SIGKILL), 0, 0, 0) == 0"
        ),
        "ask-for-a-mode-that-kills": (
            "action = ctypes.c_uint32(0x80000000)\nreturn syscall(317, 277, 2, 0, ctypes.byref(action)) == 0"
        ),
    },
)

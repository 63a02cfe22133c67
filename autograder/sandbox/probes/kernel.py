"""Doors in the kernel that student code has no business with."""

from __future__ import annotations

from .probe import family

_CODES = {
    "make-a-user-namespace": "return libc.unshare(0x10000000) == 0",
    "make-a-mount-namespace": "return libc.unshare(0x00020000) == 0",
    "make-a-network-namespace": "return libc.unshare(0x40000000) == 0",
    "mount": (
        "folder = stage['folder'].encode()\n"
        "return libc.mount(b'none', folder, b'tmpfs', 0, None) == 0 and libc.umount(folder) == 0"
    ),
    "open-a-file-system": "return syscall(430, 430, b'tmpfs', 0) >= 0",
    "copy-a-tree-of-mounts": "return syscall(428, 428, -100, b'/', 1) >= 0",
    "change-root": "os.chroot(stage['folder'])\nreturn True",
    "make-a-device": "os.mknod(stage['folder'] + '/null', 0o20600, os.makedev(1, 3))\nreturn True",
    "ask-for-keys": "return syscall(250, 219, 0, -3, 1) != 0",
    "keep-a-key": "return syscall(248, 217, b'user', b'probe', b'x', ctypes.c_size_t(1), -2) != 0",
    "fault-memory-by-hand": "return syscall(323, 282, 1) >= 0",
    "load-a-filter-program": (
        "array_of_one = ctypes.create_string_buffer(b'\\2\\0\\0\\0' + 2 * b'\\4\\0\\0\\0' + b'\\1', 72)\n"
        "return syscall(321, 280, 0, array_of_one, 72) >= 0"
    ),
    "measure-the-machine": (
        "what = ctypes.create_string_buffer(struct.pack('IIQ', 1, 112, 0), 112)\n"
        "return syscall(298, 241, what, 0, -1, -1, 0) >= 0"
    ),
    "queue-kernel-calls": "return syscall(425, 425, 1, ctypes.create_string_buffer(120)) >= 0",
    "change-personality": "return syscall(135, 92, 0xFFFFFFFF) >= 0",
    "queue-messages": "number = syscall(68, 186, 0, 0o1600)\nreturn libc.msgctl(number, 0, None) == 0",
    "make-a-semaphore": "number = syscall(64, 190, 0, 1, 0o1600)\nreturn libc.semctl(number, 0, 0) == 0",
    "own-the-prints": "fcntl.ioctl(1, 0x5452, struct.pack('i', 0))\nreturn True",
}
_OF_A_PLAIN_WORKER = {  # harmless in itself, and more than a worker without a GPU needs
    "change-user": "os.setuid(os.getuid())\nreturn True",
    "change-group": "os.setgid(os.getgid())\nreturn True",
    "ask-for-rights": (
        "header = ctypes.create_string_buffer(struct.pack('Ii', 0x20080522, 0))\n"
        "return syscall(125, 90, header, ctypes.create_string_buffer(24)) == 0"
    ),
    "talk-to-landlock": "return syscall(444, 444, None, ctypes.c_size_t(0), ctypes.c_uint32(1)) > 0",
    "make-a-pipe-in-the-kernel": "return len(os.pipe()) == 2",
    "hold-another-process": "return syscall(434, 434, stage['neighbour'], 0) >= 0",
    "wait-for-many": "import select\nreturn select.epoll().fileno() >= 0",
    "wake-by-a-descriptor": "return syscall(290, 19, 0, 0) >= 0",
    "wait-by-a-descriptor": "return syscall(283, 85, 1, 0) >= 0",
    "lock-memory": "return syscall(149, 228, ctypes.create_string_buffer(1), ctypes.c_size_t(1)) == 0",
    "grow-the-pipe-of-prints": "return fcntl.fcntl(1, 1031, 1 << 20) >= 1 << 20",
    "look-into-the-pipe-of-prints": "fcntl.ioctl(1, 0x541B, struct.pack('i', 0))\nreturn True",
    "change-flags-of-the-channel": (
        "fcntl.fcntl(3, fcntl.F_SETFL, fcntl.fcntl(3, fcntl.F_GETFL))\nreturn True"
    ),
    "ask-the-clock-to-be-adjusted": "return syscall(159, 171, ctypes.create_string_buffer(208)) >= 0",
}
KERNEL = (*family("kernel", _CODES), *family("kernel", _OF_A_PLAIN_WORKER, in_gpu=False))

"""Changing what counts, and leaving something behind."""

from __future__ import annotations

from .probe import family

_CODES = {
    "overwrite-results": "open(stage['results'], 'w').close()\nreturn True",
    "append-to-results": "return os.open(stage['results'], os.O_WRONLY | os.O_APPEND) >= 0",
    "truncate-results": "os.truncate(stage['results'], 0)\nreturn True",
    "write-by-mapping": (
        "file = os.open(stage['results'], os.O_RDWR)\nmmap.mmap(file, 0)[:1] = b'A'\nreturn True"
    ),
    "delete-results": "os.unlink(stage['results'])\nreturn True",
    "rename-results": "os.rename(stage['results'], stage['results'] + '.old')\nreturn True",
    "swap-results": (
        "names = [stage[name].encode() for name in ('results', 'hidden')]\n"
        "return syscall(316, 276, -100, names[0], -100, names[1], 2) == 0"
    ),
    "make-results-writable": "os.chmod(stage['results'], 0o777)\nreturn True",
    "own-results": "os.chown(stage['results'], os.getuid(), os.getgid())\nreturn True",
    "backdate-results": "os.utime(stage['results'], (0, 0))\nreturn True",
    "mark-results": "os.setxattr(stage['results'], b'user.mark', b'1')\nreturn True",
    "reserve-room-in-results": (
        "file = os.open(stage['results'], os.O_RDWR)\nos.posix_fallocate(file, 0, 4096)\nreturn True"
    ),
    "copy-into-results": (
        "source, target = os.open(stage['hidden'], os.O_RDONLY), os.open(stage['results'], os.O_WRONLY)\n"
        "return os.copy_file_range(source, target, 9) == 9"
    ),
    "close-the-folder": "os.chmod(stage['folder'], 0)\nos.chmod(stage['folder'], 0o755)\nreturn True",
    "link-to-hidden-test": "os.link(stage['hidden'], stage['folder'] + '/hard')\nreturn True",
    "make-a-link": "os.symlink('/etc/passwd', stage['folder'] + '/soft')\nreturn True",
    "make-a-folder": "os.mkdir(stage['folder'] + '/new')\nreturn True",
    "make-a-pipe": "os.mkfifo(stage['folder'] + '/pipe')\nreturn True",
    "make-a-file": "open(stage['folder'] + '/file', 'x').close()\nreturn True",
    "make-a-file-without-a-name": ("return os.open(stage['folder'], os.O_RDWR | os.O_TMPFILE, 0o600) >= 0"),
    "make-a-database": (
        "file = os.open(stage['folder'] + '/student.db', os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)\n"
        "return os.write(file, b'x') == 1"
    ),
    "write-to-prints-of-grader": "open('/proc/%d/fd/2' % stage['pid'], 'w').close()\nreturn True",
    "steer-the-memory-killer": (
        "file = open('/proc/self/oom_score_adj', 'w')\nfile.write('0')\nfile.close()\nreturn True"
    ),
    "share-memory-that-outlives-us": (
        "number = syscall(29, 194, 0, 4096, 0o1600)\nlibc.shmctl(number, 0, None)\nreturn True"
    ),
    "open-a-message-queue": """
name = b'probe-%d' % os.getpid()
syscall(240, 180, name, os.O_CREAT | os.O_RDWR, 0o600, None)
syscall(241, 181, name)
return True
""",
}
_WHERE_A_COMPILER_WRITES = {  # a worker for a GPU has shared memory and a temporary folder
    "make-a-temporary-file": "import tempfile\ntempfile.TemporaryFile().close()\nreturn True",
    "make-a-file-in-shared-memory": (
        "path = '/dev/shm/probe-%d' % os.getpid()\nopen(path, 'x').close()\nos.unlink(path)\nreturn True"
    ),
    "make-a-file-in-memory": "return os.memfd_create('probe') >= 0",
    "change-rights-of-new-files": "os.umask(os.umask(0o077))\nreturn True",
}
WRITING = (*family("writing", _CODES), *family("writing", _WHERE_A_COMPILER_WRITES, in_gpu=False))

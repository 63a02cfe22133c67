"""Reading what is hidden."""

from __future__ import annotations

from .probe import family

_CODES = {
    "read-hidden-test": "return 'expected value' in open(stage['hidden']).read()",
    "read-through-a-link": "return 'expected value' in open(stage['link']).read()",
    "read-with-another-call": "return b'expected' in os.pread(os.open(stage['hidden'], os.O_RDONLY), 99, 0)",
    "read-by-mapping": (
        "file = os.open(stage['hidden'], os.O_RDONLY)\n"
        "return b'expected' in mmap.mmap(file, 0, prot=mmap.PROT_READ)[:]"
    ),
    "read-by-a-relative-path": "return 'expected' in open('../' * 40 + stage['hidden'].lstrip('/')).read()",
    "read-by-a-folder": (
        "folder = os.open(stage['folder'], os.O_RDONLY | os.O_DIRECTORY)\n"
        "return os.open('hidden.py', os.O_RDONLY, dir_fd=folder) >= 0"
    ),
    "read-by-a-newer-call": (
        "how = struct.pack('QQQ', os.O_RDONLY, 0, 0)\n"
        "return syscall(437, 437, -100, stage['hidden'].encode(), how, ctypes.c_size_t(24)) >= 0"
    ),
    "read-by-the-number-of-a-file": """
handle = ctypes.create_string_buffer(struct.pack('I', 128), 136)
path = stage['hidden'].encode()
syscall(303, 264, -100, path, handle, ctypes.byref(ctypes.c_int()), 0)
return syscall(304, 265, -100, handle, 0) >= 0
""",
    "read-course-key": "return 'expected' in open(stage['key']).read()",
    "read-results": "return 'expected' in open(stage['results']).read()",
    "read-gradebook": "return 'expected' in open(stage['gradebook']).read()",
    "list-hidden-folder": "return 'hidden.py' in os.listdir(stage['folder'])",
    "search-a-folder": "return any('hidden.py' in names for _, _, names in os.walk(stage['folder']))",
    "go-to-hidden-folder": "os.chdir(stage['folder'])\nreturn True",
    "watch-hidden-folder": "return syscall(294, 26, 0) >= 0",
    "watch-all-files": "return syscall(300, 262, 0, 0) >= 0",
    "read-password-file": "return 'root' in open('/etc/passwd').read()",
    "read-environment-of-grader": "return bool(open('/proc/%d/environ' % stage['pid'], 'rb').read(9))",
    "read-command-of-grader": "return bool(open('/proc/%d/cmdline' % stage['pid'], 'rb').read(9))",
    "read-memory-map-of-grader": "return bool(open('/proc/%d/maps' % stage['pid']).read(9))",
    "open-memory-of-grader": "return os.open('/proc/%d/mem' % stage['pid'], os.O_RDONLY) >= 0",
    "list-descriptors-of-grader": "return bool(os.listdir('/proc/%d/fd' % stage['pid']))",
    "read-through-the-root-of-grader": (
        "return 'expected' in open('/proc/%d/root%s' % (stage['pid'], stage['hidden'])).read()"
    ),
    "read-own-memory-map": "return bool(open('/proc/self/maps').read(9))",
    "read-mounts": "return bool(open('/proc/self/mounts').read(9))",
    "read-settings-of-the-kernel": "return bool(open('/proc/sys/kernel/hostname').read())",
    "list-processes": "return str(stage['pid']) in os.listdir('/proc')",
    "list-devices-of-the-system": "return bool(os.listdir('/sys/class'))",
    "list-installed-packages": (
        "import numpy\nreturn 'pytest' in os.listdir(os.path.dirname(numpy.__path__[0]))"
    ),
    "list-graders": "return 'model.py' in os.listdir(stage['checkout'] + '/autograder')",
    "import-hidden-graders": (
        "sys.path.insert(0, stage['checkout'])\nimport autograder.model as m\nreturn m.SCHEMA_VERSION > 0"
    ),
    "read-kernel-log": "return syscall(103, 116, 10, None, 0) >= 0",
    "copy-memory-of-grader": """
buffer = ctypes.create_string_buffer(8)
class Piece(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('size', ctypes.c_size_t)]
here, there = Piece(ctypes.addressof(buffer), 8), Piece(stage['address'], 8)
return syscall(310, 270, stage['pid'], ctypes.byref(here), 1, ctypes.byref(there), 1, 0) == 8
""",
}
_FROM_NAMESPACES = {  # Landlock hides what is in a file, not that it exists
    "ask-how-large-a-hidden-test-is": "return os.stat(stage['hidden']).st_size > 0",
    "ask-whether-a-hand-in-exists": "return os.access(stage['hand_in'], os.F_OK)",
    "ask-where-a-link-leads": "return os.readlink(stage['link']) == stage['hidden']",
}
# The driver of a GPU asks the kernel about the machine and its processes.
_FOR_A_GPU_TOO = {
    *("list-processes", "read-mounts", "read-own-memory-map", "read-settings-of-the-kernel"),
    *(
        "list-descriptors-of-grader",
        "list-devices-of-the-system",
        "go-to-hidden-folder",
        "watch-hidden-folder",
        "read-command-of-grader",
    ),
}
READING = (
    *family("reading", {name: code for name, code in _CODES.items() if name not in _FOR_A_GPU_TOO}),
    *family("reading", {name: _CODES[name] for name in sorted(_FOR_A_GPU_TOO)}, in_gpu=False),
    *family("reading", _FROM_NAMESPACES, tier=2, in_gpu=False),
)

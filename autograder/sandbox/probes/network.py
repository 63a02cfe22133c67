"""Reaching others by sockets."""

from __future__ import annotations

from .probe import family

_CODES = {
    "connect-by-tcp": "socket.create_connection(('127.0.0.1', stage['port']), 2).close()\nreturn True",
    "connect-by-several-paths": (
        "s = socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262)\n"
        "s.connect(('127.0.0.1', stage['port']))\nreturn True"
    ),
    "open-a-tcp-socket": "return socket.socket(socket.AF_INET, socket.SOCK_STREAM).fileno() >= 0",
    "open-a-socket-of-ipv6": "return socket.socket(socket.AF_INET6, socket.SOCK_STREAM).fileno() >= 0",
    "listen-on-tcp": "s = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen()\nreturn True",
    "send-by-udp": (
        "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', stage['port']))\nreturn True"
    ),
    "listen-on-udp": "socket.socket(type=socket.SOCK_DGRAM).bind(('127.0.0.1', 0))\nreturn True",
    "open-a-raw-socket": (
        "return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP).fileno() >= 0"
    ),
    "listen-to-the-wire": "return socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0).fileno() >= 0",
    "talk-to-the-kernel-by-netlink": (
        "return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).fileno() >= 0"
    ),
    "resolve-a-name": "return bool(socket.getaddrinfo('localhost', 80))",
    "ask-for-the-names-of-networks": "return bool(socket.if_nameindex())",
}
_LOCAL = {
    "connect-to-a-local-socket": "socket.socket(socket.AF_UNIX).connect(stage['socket'])\nreturn True",
    "connect-to-an-abstract-socket": (
        "socket.socket(socket.AF_UNIX).connect('\\0' + stage['abstract'])\nreturn True"
    ),
}
_AMONG_OWN = {
    "open-a-socketpair": "return len(socket.socketpair()) == 2",
    "listen-on-an-abstract-socket": (
        "socket.socket(socket.AF_UNIX).bind('\\0probe-of-%d' % os.getpid())\nreturn True"
    ),
    "ask-who-the-grader-is": (
        "end = socket.socket(fileno=os.dup(3))\n"
        "return len(end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)) == 12"
    ),
}
NETWORK = (
    *family("network", _CODES),
    *family("network", _LOCAL),
    *family("network", _AMONG_OWN, in_gpu=False),
)

"""Doors of the host that a build is to find closed."""

import secrets
import socket

from platform_under_test import wait_until


class Listeners:
    """TCP, UDP and Unix sockets of the host that nobody in a sandbox may reach."""

    def __init__(self, folder):
        self.tcp = self._listen(socket.AF_INET6, socket.SOCK_STREAM, ("::", 0))
        self.port = self.tcp.getsockname()[1]
        self.udp = self._listen(socket.AF_INET6, socket.SOCK_DGRAM, ("::", 0))
        self.udp_port = self.udp.getsockname()[1]
        self.path = folder / "door.sock"
        self.unix = self._listen(socket.AF_UNIX, socket.SOCK_STREAM, str(self.path))
        self.path.chmod(0o777)
        self.name = "libra-door-" + secrets.token_hex(8)
        self.abstract = self._listen(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.name)

    @staticmethod
    def _listen(family, kind, address):
        listener = socket.socket(family, kind)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind(address)
        if kind == socket.SOCK_STREAM:
            listener.listen()
        listener.setblocking(False)
        return listener

    def visits(self):
        """What came in since the last call; the control that they work is `prove`."""
        found = []
        for kind in ("tcp", "unix", "abstract"):
            try:
                getattr(self, kind).accept()[0].close()
                found.append(kind)
            except BlockingIOError:
                pass
        try:
            self.udp.recv(100)
            found.append("udp")
        except BlockingIOError:
            pass
        return found

    def prove(self):
        """From the host itself each of them can be reached."""
        for family, kind, address in (
            (socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", self.port)),
            (socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", self.udp_port)),
            (socket.AF_UNIX, socket.SOCK_STREAM, str(self.path)),
            (socket.AF_UNIX, socket.SOCK_STREAM, "\0" + self.name),
        ):
            with socket.socket(family, kind) as client:
                client.connect(address)
                if kind == socket.SOCK_DGRAM:
                    client.send(b"here")
        wait_until(lambda: self.udp.recv(100, socket.MSG_PEEK), 5, "the datagram is there")
        assert self.visits() == ["tcp", "unix", "abstract", "udp"]

    def close(self):
        for listener in (self.tcp, self.udp, self.unix, self.abstract):
            listener.close()
        self.path.unlink()

"""The line between services: what passes, what waits, what is lost."""

import contextlib
import socket
import socketserver
import threading

import pytest

from proxy import Proxy


class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):
            while data := self.request.recv(4096):
                self.server.heard.append(data)
                self.server.hears.release()
                self.request.sendall(data)


@pytest.fixture
def server():
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        server.heard = []
        server.hears = threading.Semaphore(0)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def proxy(server):
    proxy = Proxy(server.server_address[1])
    yield proxy
    proxy.close()


@pytest.fixture
def client(proxy):
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client:
        client.sendall(b"hello")
        assert client.recv(100) == b"hello"
        yield client


def silent(client):
    client.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.recv(100)
    client.settimeout(10)


def test_dropped_bytes_are_carried_once_the_line_passes_again(proxy, server, client):
    proxy.set("drop")
    client.sendall(b"later")
    silent(client)
    assert server.heard == [b"hello"]

    proxy.set("pass")

    assert client.recv(100) == b"later"


def test_one_direction_can_be_dropped_alone(proxy, server, client):
    proxy.set("drop", ["to_client"])

    client.sendall(b"heard")

    assert server.hears.acquire(timeout=10) and server.hears.acquire(timeout=10)
    silent(client)
    assert server.heard == [b"hello", b"heard"]


def test_what_a_muted_server_says_is_lost(proxy, server, client):
    proxy.set("mute")
    client.sendall(b"heard")
    assert server.hears.acquire(timeout=10) and server.hears.acquire(timeout=10)
    silent(client)

    proxy.set("pass")

    silent(client)
    assert server.heard == [b"hello", b"heard"]


def test_a_reset_breaks_what_is_connected_and_lets_new_connections_pass(proxy, client):
    proxy.reset()

    with pytest.raises(ConnectionResetError):
        client.recv(100)
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as another:
        another.sendall(b"again")
        assert another.recv(100) == b"again"


def test_a_line_that_resets_lets_nobody_in(proxy):
    proxy.set("reset")

    with pytest.raises(ConnectionResetError):
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client:
            client.recv(100)


def test_an_orderly_end_is_passed_on(client):
    client.shutdown(socket.SHUT_WR)

    assert client.recv(100) == b""


def test_a_service_that_is_away_shows_as_a_reset(server, proxy):
    server.shutdown()
    server.server_close()

    with pytest.raises(ConnectionResetError):
        with socket.create_connection(("127.0.0.1", proxy.port), timeout=10) as client:
            client.recv(100)

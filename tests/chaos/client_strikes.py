"""Faults of clients, and of the broker as a worker sees it: cancels, repeated messages, attacks."""

import contextlib
import itertools
import socket
import struct
import threading
import time

from history import Strike

EXCHANGE, ROUTING_KEY = "deployment", "deployment-queue"
COPIES = 9
HOSTILE_ADDRESS = "127.0.0.2"  # so that limits for one address do not hit the deployments' client


def cancels(stage):
    """They are part of what is posted; this says how many were answered."""
    struck = time.time()
    stage.load.wait_until_posted()
    stage.phase.injected = sum(len(request.cancels) for request in stage.load.requests)
    return Strike(struck, time.time())


def repeated_messages(stage):
    """They come with each deployment (`publish_copies`); this says for how many."""
    struck = time.time()
    stage.load.wait_until_posted()
    stage.phase.injected = sum(request.copies for request in stage.load.requests) // COPIES
    return Strike(struck, time.time())


def publish_copies(stage, request):
    ((message,),) = stage.platform.sql(
        "select queue_message(d) from deployments d where id = %s", request.deployment
    )
    with stage.platform.amqp() as connection:
        channel = connection.channel()
        for _ in range(COPIES):
            channel.basic_publish(EXCHANGE, ROUTING_KEY, message.encode())
            request.copies += 1


def attack(stage, seconds):
    """Slow headers, pipelining, bodies that are too large, deep JSON, connections that break."""
    struck = time.time()
    deadline = time.monotonic() + seconds
    attackers = [
        threading.Thread(target=_repeat, args=(work, stage.platform.port, deadline), daemon=True)
        for work in (*[_slow_header] * 8, _pipeline, _oversize, _endless, _deep_json, _break_off)
    ]
    for attacker in attackers:
        attacker.start()
    for attacker in attackers:
        attacker.join(timeout=seconds + 30)
    return Strike(struck, time.time())


def _repeat(work, port, deadline):
    while time.monotonic() < deadline:
        # What is refused, cut off or not answered is as it should be.
        with contextlib.suppress(OSError):
            with socket.create_connection(
                ("127.0.0.1", port), timeout=10, source_address=(HOSTILE_ADDRESS, 0)
            ) as client:
                work(client, deadline)


def _slow_header(client, deadline):
    client.sendall(b"POST /deploy HTTP/1.1\r\n")
    for number in itertools.count():
        if time.monotonic() > deadline:
            return
        client.sendall(b"X-%d: slow\r\n" % number)
        time.sleep(0.3)


def _pipeline(client, _):
    client.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\n\r\n" * 100)
    client.shutdown(socket.SHUT_WR)
    while client.recv(1 << 16):
        pass


def _oversize(client, _):
    client.sendall(
        b"POST /deploy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Content-Length: 1000000000\r\n\r\n" + b"x" * (1 << 20)
    )
    client.recv(1 << 16)


def _endless(client, deadline):
    client.sendall(
        b"POST /deploy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    while time.monotonic() < deadline:
        client.sendall(b"10000\r\n" + b"x" * (1 << 16) + b"\r\n")


def _deep_json(client, _):
    body = b"[" * 1_000_000
    client.sendall(
        b"POST /deploy HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer none\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )
    client.recv(1 << 16)


def _break_off(client, _):
    client.sendall(b"POST /deploy HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    time.sleep(0.05)

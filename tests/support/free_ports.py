#!/usr/bin/python3
"""Ports that nothing listens on. None of those from which the kernel serves outgoing connections: such a
port may be taken again before the program that is to listen on it has started.

    free_ports.py NUMBER
"""

import pathlib
import random
import socket
import sys

LOWEST = 10_000


def free_ports(number):
    ephemeral = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    lowest, highest = map(int, ephemeral)
    candidates = [port for port in range(LOWEST, 65_536) if not lowest <= port <= highest]
    random.shuffle(candidates)
    return [port for port in candidates[: 20 * number] if _is_free(port)][:number]


def _is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("0.0.0.0", port))
        except OSError:
            return False
        return True


if __name__ == "__main__":
    print(*free_ports(int(sys.argv[1])), sep="\n")

"""A TCP line between services that can be cut in the ways networks are."""

import asyncio
import contextlib
import socket
import struct
import threading

CHUNK = 1 << 16


class Proxy:
    """Listens on a loopback port of its own and carries every connection on to `target`. Modes:

    pass    bytes are carried
    drop    they are not, as when packets vanish; they wait, and are carried when the line passes again
    mute    what the server says is thrown away; such a connection is only good for a reset afterwards
    reset   every connection is reset, and so is every new one

    `drop` may be limited to what goes `to_server` or `to_client`. Any thread may change the mode; once
    `set` returns, it holds.
    """

    def __init__(self, target):
        self._target = target
        self._mode = "pass"
        self._held = ()
        self._writers = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"proxy to {target}", daemon=True)
        self._thread.start()
        self.port = self._call(self._open())

    def set(self, mode, directions=("to_server", "to_client")):
        self._call(self._change(mode, directions))

    def reset(self):
        """Resets what is connected now; new connections pass."""
        self.set("reset")
        self.set("pass")

    def close(self):
        self._call(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _open(self):
        self._changed = asyncio.Condition()
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    async def _shut(self):
        self._server.close()
        await self._change("reset", ())
        while len(asyncio.all_tasks()) > 1:
            await asyncio.sleep(0.01)

    async def _change(self, mode, directions):
        async with self._changed:
            self._mode = mode
            self._held = directions if mode == "drop" else ()
            if mode == "reset":
                for writer in self._writers:
                    _reset(writer)
            self._changed.notify_all()

    async def _carry(self, client_reader, client):
        writers = {client}
        self._writers.add(client)
        try:
            if self._mode == "reset":
                return
            server_reader, server = await asyncio.open_connection("127.0.0.1", self._target)
            writers.add(server)
            self._writers.add(server)
            pumps = [
                asyncio.ensure_future(self._pump(client_reader, server, "to_server")),
                asyncio.ensure_future(self._pump(server_reader, client, "to_client")),
            ]
            done, rest = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            # One side closed in an orderly way: so will the other, after what is under way.
            if rest and not any(pump.exception() for pump in done):
                await asyncio.wait(rest, timeout=5)
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except OSError:
            pass  # the service is away; the client learns it from the reset
        finally:
            self._writers -= writers
            for writer in writers:
                _reset(writer)

    async def _pump(self, reader, writer, direction):
        while chunk := await reader.read(CHUNK):
            async with self._changed:
                await self._changed.wait_for(lambda: direction not in self._held)
            if self._mode == "mute" and direction == "to_client":
                continue
            writer.write(chunk)
            await writer.drain()
        with contextlib.suppress(OSError, RuntimeError):
            writer.write_eof()


def _reset(writer):
    sock = writer.get_extra_info("socket")
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()

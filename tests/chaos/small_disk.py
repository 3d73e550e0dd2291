"""A small file system of the run's own, which can be filled."""

import contextlib
import itertools
import os
import shutil
import subprocess
import sys

SIZE = 768 << 20
BYTES_PER_INODE = 4096  # sites are many small files
BLOCK = 4096
RESERVE = 1 << 20


def enter_mount_namespace():
    """Runs this program again where its mounts are seen by its own children only, and end with them,
    whatever kills it. What is unmounted elsewhere goes away here too."""
    mark = "LIBRA_CHAOS_NAMESPACE"
    if mark not in os.environ:
        os.environ[mark] = "1"
        command = ["unshare", "--mount", "--propagation", "slave", "--", sys.executable, "-B", *sys.argv]
        os.execvp(command[0], command)


class SmallDisk:
    """Mounted on `folder` from an image beside it, both of which are new."""

    def __init__(self, folder):
        self.folder = folder
        self._image = folder.with_suffix(".img")
        self._filling = folder / "filling"
        folder.mkdir(mode=0o755)
        with open(self._image, "wb") as image:
            image.truncate(SIZE)
        # No blocks kept back for root, which the workers are.
        _run("mkfs.ext4", "-q", "-m", "0", "-i", str(BYTES_PER_INODE), str(self._image))
        _run("mount", "-o", "loop", str(self._image), str(folder))

    @contextlib.contextmanager
    def filled(self):
        try:
            self._filling.mkdir()
            free = os.statvfs(self.folder)
            with contextlib.suppress(OSError):
                with open(self._filling / "most", "wb") as most:
                    os.posix_fallocate(most.fileno(), 0, free.f_bavail * free.f_frsize - RESERVE)
            # The last blocks one by one: a large file gives up while there is room for small ones.
            with contextlib.suppress(OSError):
                for number in itertools.count():
                    with open(self._filling / str(number), "wb", buffering=0) as block:
                        block.write(bytes(BLOCK))
                        os.fsync(block.fileno())
            yield
        finally:
            shutil.rmtree(self._filling)

    def close(self):
        _run("umount", str(self.folder))
        self.folder.rmdir()
        self._image.unlink()


def _run(*command):
    subprocess.run(command, check=True, timeout=120, stdout=subprocess.DEVNULL)

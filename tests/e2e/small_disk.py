"""A file system of its own, small enough to be filled up, and gone with the test."""

import errno
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

MIB = 1 << 20


def mount(*words):
    return subprocess.run(["mount", *words], capture_output=True, text=True)


def unmount(at):
    # Lazily: whatever a failed test left open must not keep it.
    subprocess.run(["umount", "--lazy", str(at)], check=True)


@functools.cache
def may_mount():
    """Whether we may at all: not in most containers, and never without root."""
    with tempfile.TemporaryDirectory(prefix="sluice-mount-") as folder:
        if mount("-t", "tmpfs", "-o", "size=1m", "none", folder).returncode != 0:
            return False
        unmount(folder)
        return True


class SmallDisk:
    """A tmpfs. Its ballast takes the room, or the inodes, and gives them back."""

    def __init__(self, at, size=96 * MIB, inodes=0):
        self.root = pathlib.Path(at)
        self.root.mkdir(parents=True, exist_ok=True)
        options = f"size={size},mode=0755" + (f",nr_inodes={inodes}" if inodes else "")
        done = mount("-t", "tmpfs", "-o", options, "none", str(self.root))
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        self.ballast = self.root / ".ballast"
        self.inodes = self.root / ".inodes"

    def unmount(self):
        unmount(self.root)

    def remount(self, option):
        done = mount("-o", f"remount,{option}", str(self.root))
        if done.returncode != 0:
            raise AssertionError(done.stderr)

    def free(self):
        about = os.statvfs(self.root)
        return about.f_bavail * about.f_frsize

    def fill(self, leaving=0):
        """Down to so many bytes; whoever writes at the same time loses the race for the last page."""
        with open(self.ballast, "ab") as ballast:
            while (size := self.free() - leaving) > 0:
                try:
                    os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), size)
                    ballast.seek(0, os.SEEK_END)
                except OSError:
                    continue  # somebody was quicker: ask again

    def fill_inodes(self):
        """All there are; again, those that came free since."""
        self.inodes.mkdir(exist_ok=True)
        try:
            while True:
                os.close(os.open(self.inodes / f"{len(os.listdir(self.inodes))}", os.O_CREAT | os.O_EXCL))
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise

    def make_room(self):
        self.ballast.unlink(missing_ok=True)
        shutil.rmtree(self.inodes, ignore_errors=True)

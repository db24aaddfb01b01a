"""`status --watch` on a terminal: in place at any width, in colour where that is wanted, and gone without a trace."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import unicodedata
import unittest

import order_files
from harness import EndToEnd
from processes import PATIENCE, SLUICE, wait_until

ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
FRAME = re.compile(r"\x1b\[H(.*?)\x1b\[J", re.DOTALL)
COLOUR = re.compile(r"\x1b\[\d+m")
NAME = "五月新主播订单.csv"


def columns(text):
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


class Terminal:
    """A terminal of its own for one process, which is its foreground."""

    def __init__(self, command, rows, width, env):
        self.master, slave = pty.openpty()
        self.resize(rows, width)

        def take_terminal():
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                        preexec_fn=take_terminal, env={**os.environ, "TERM": "xterm", **env})
        os.close(slave)
        self.bytes = b""

    def resize(self, rows, width):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, width, 0, 0))

    def press(self, key):
        os.write(self.master, key)

    def said(self):
        """All that was written so far."""
        while select.select([self.master], [], [], 0)[0]:
            try:
                more = os.read(self.master, 65536)
            except OSError:  # nobody has it open any more
                break
            if not more:
                break
            self.bytes += more
        return self.bytes.decode(errors="replace")

    def frames(self):
        """Each as its lines, without colours. The terminal itself puts a carriage return before each line feed."""
        return [re.split("\r+\n", COLOUR.sub("", frame).replace("\x1b[K", "")) for frame in FRAME.findall(self.said())]

    def wait_for_frame(self, fits):
        return wait_until(lambda: next((frame for frame in reversed(self.frames()) if fits(frame)), None), what="a picture")

    def is_stopped(self):
        with open(f"/proc/{self.process.pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "T"

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self.master)


class Watch(EndToEnd):
    def held(self):
        """A job that stands still, with much to say."""
        _, spool = self.unpaced(settings={"guard": {"max_orders_per_file": 1}})
        spool.run_daemon()
        spool.drop(NAME, order_files.as_csv(order_files.create_orders(3)))
        wait_until(lambda: any(job["held"] for job in spool.status()["jobs"]), what="a job that is held")
        return spool

    def watch(self, spool, rows=24, width=40, **env):
        command = [SLUICE, "status", "--watch", "--config", str(spool.config)]
        terminal = Terminal(command, rows, width, env)
        self.addCleanup(terminal.close)
        return terminal

    def assert_fits(self, frame, rows, width):
        self.assertLessEqual(len(frame), rows, frame)
        for line in frame:
            self.assertLessEqual(columns(line), width, repr(line))
            self.assertNotIn("\x1b", line)

    def test_the_picture_is_replaced_in_place_at_any_width_and_follows_the_windows_size(self):
        spool = self.held()
        terminal = self.watch(spool)
        narrow = terminal.wait_for_frame(lambda frame: any("HELD" in line for line in frame))
        self.assert_fits(narrow, 24, 40)
        terminal.wait_for_frame(lambda frame: len(terminal.frames()) >= 2)
        terminal.resize(24, 400)
        wide = terminal.wait_for_frame(lambda frame: len(frame) < len(narrow))
        self.assert_fits(wide, 24, 400)
        self.assertIn("sluice cancel", next(line for line in wide if "HELD" in line))
        terminal.resize(4, 12)
        tiny = terminal.wait_for_frame(lambda frame: len(frame) == 4 and "more" in frame[-1])
        self.assert_fits(tiny, 4, 12)
        said = terminal.said()
        whole = said[:said.rindex("\x1b[J") + 3]
        self.assertEqual(FRAME.sub("", whole), ENTER, "between the pictures there is nothing")

    def test_the_terminal_has_its_content_and_cursor_back_when_it_is_interrupted(self):
        terminal = self.watch(self.held())
        terminal.wait_for_frame(lambda frame: True)
        terminal.press(b"\x03")
        self.assertEqual(terminal.process.wait(PATIENCE), -signal.SIGINT)
        self.assertTrue(terminal.said().endswith(LEAVE), terminal.said()[-80:])

    def test_the_terminal_is_given_back_while_it_stands_in_the_background(self):
        terminal = self.watch(self.held())
        terminal.wait_for_frame(lambda frame: True)
        terminal.process.send_signal(signal.SIGTSTP)
        wait_until(lambda: terminal.is_stopped(), what="a process that stands still")
        self.assertTrue(terminal.said().endswith(LEAVE), terminal.said()[-80:])
        terminal.process.send_signal(signal.SIGCONT)
        wait_until(lambda: FRAME.search(terminal.said().rpartition(LEAVE + ENTER)[2]), what="a picture again")

    def test_colour_is_for_terminals_that_want_it(self):
        spool = self.held()
        for env, colourful in (({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False)):
            with self.subTest(env=env):
                terminal = self.watch(spool, **env)
                terminal.wait_for_frame(lambda frame: True)
                self.assertEqual(bool(COLOUR.search(terminal.said())), colourful)
        dumb = self.watch(spool, TERM="dumb")
        wait_until(lambda: dumb.said().count("HELD") >= 2, what="two pictures")
        self.assertNotIn("\x1b", dumb.said())

    def test_into_a_pipe_it_goes_as_it_is(self):
        spool = self.held()
        process = subprocess.Popen([SLUICE, "status", "--watch", "--config", str(spool.config)], stdout=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        lines = iter(process.stdout.readline, b"")
        seen = [line for line in (next(lines) for _ in range(10))]
        self.assertNotIn(b"\x1b", b"".join(seen))
        self.assertTrue(any(b"`sluice cancel" in line for line in seen), seen)


if __name__ == "__main__":
    unittest.main()

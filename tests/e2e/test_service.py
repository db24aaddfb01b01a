"""Sluice under a service manager, a log reader and a shell that don't behave."""

import configparser
import fcntl
import os
import pathlib
import resource
import signal
import socket
import subprocess
import unittest

import order_files
from harness import EndToEnd, merged
from processes import PATIENCE, SANITIZED, SLUICE, WITHOUT_SANITIZER, end_process, wait_until

UNITS = pathlib.Path(__file__).parents[2] / "systemd"
ONE_BY_ONE = {"batch": {"orders": 1}, "rate": {"requests": 40}}


class Unit(configparser.RawConfigParser):
    """A unit file; a key that stands several times keeps its last value."""

    optionxform = staticmethod(str)

    def __init__(self, name):
        super().__init__(strict=False, delimiters=("=",), comment_prefixes=("#",), interpolation=None)
        self.read(UNITS / name)


class Units(unittest.TestCase):
    def test_daemon_and_drain_leave_each_other_alone(self):
        daemon, drain, timer = Unit("sluice.service"), Unit("sluice-drain.service"), Unit("sluice-drain.timer")
        for unit in (daemon, drain, timer):
            self.assertFalse(unit.has_option("Unit", "Conflicts"), "a conflict stops the daemon, for good")
        self.assertIn("75", drain.get("Service", "SuccessExitStatus").split(), "a spool that is worked is no failure")

    def test_what_another_try_would_not_mend_is_not_tried_again(self):
        daemon = Unit("sluice.service")
        self.assertEqual(daemon.get("Service", "Restart"), "on-failure")
        self.assertEqual(daemon.get("Service", "RestartPreventExitStatus").split(), ["64", "75", "78"])

    def test_the_spools_disk_is_waited_for(self):
        for name in ("sluice.service", "sluice-drain.service"):
            self.assertEqual(Unit(name).get("Unit", "RequiresMountsFor"), "/var/spool/sluice")


class Manager:
    """What systemd hears (sd_notify(3))."""

    def __init__(self, case, path=None):
        self.path = path or str(case.folder / "notify.sock")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        case.addCleanup(self.socket.close)
        self.socket.bind("\0" + self.path[1:] if self.path.startswith("@") else self.path)
        self.socket.setblocking(False)
        self.heard = []

    def status(self):
        """The last STATUS=."""
        try:
            while True:
                self.heard += self.socket.recv(65536).decode().splitlines()
        except BlockingIOError:
            pass
        said = [line.removeprefix("STATUS=") for line in self.heard if line.startswith("STATUS=")]
        return said[-1] if said else ""


class Service(EndToEnd):
    def test_the_status_that_systemd_shows_follows_the_truth(self):
        manager = Manager(self)
        sandbox, spool = self.unpaced(settings=ONE_BY_ONE)
        daemon = spool.run_daemon(env={"NOTIFY_SOCKET": manager.path})
        wait_until(lambda: manager.status() == "no job at work", what="the quiet picture")
        self.assertIn("READY=1", manager.heard)
        spool.sluice("pause", expect=0)
        wait_until(lambda: manager.status().startswith("PAUSED (operator): "), what="the pause")
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        wait_until(lambda: "1 job at work, 0 of 3 rows settled" in manager.status(), what="the job")
        self.assertTrue(manager.status().startswith("PAUSED"))
        spool.sluice("resume", expect=0)
        spool.wait_for_jobs(1)
        wait_until(lambda: manager.status() == "no job at work", what="the quiet picture again")
        end_process(daemon)

    def test_a_service_manager_that_listens_on_an_abstract_socket_is_told_too(self):
        manager = Manager(self, f"@sluice-test-{os.getpid()}")
        self.unpaced()[1].run_daemon(env={"NOTIFY_SOCKET": manager.path})
        wait_until(lambda: manager.status() == "no job at work", what="the quiet picture")
        self.assertIn("READY=1", manager.heard)

    def test_a_log_reader_that_stalls_stops_neither_orders_nor_a_sigterm(self):
        sandbox, spool = self.unpaced(settings={"batch": {"orders": 1}, "log": {"level": "trace"}})
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
        daemon = subprocess.Popen([SLUICE, "--config", str(spool.config), "run"], stderr=writing)
        spool.daemons.append(daemon)
        os.close(writing)
        for number in range(40):
            spool.drop(f"{number:03}-{'long-name-' * 10}.csv",
                       order_files.as_csv(order_files.create_orders(2, 10 * number)))
        spool.wait_for_jobs(40)
        self.assertEqual(sandbox.stats()["applied_orders"], 80)
        self.assertEqual(end_process(daemon), 0)
        self.assertGreater(len(os.read(reading, 65536)), 3500, "the pipe was full")

    def test_a_drain_that_is_told_to_stop_says_so(self):
        sandbox, spool = self.unpaced("--latency", "10ms", settings=merged(ONE_BY_ONE, {"rate": {"requests": 20}}))
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(4000)))
        drain = spool.start("drain")
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 5, what="the first orders")
        self.assertEqual(end_process(drain), 3)
        self.assertIn("drain was told to stop before all was done; what is left goes on the next time (exit 3)",
                      drain.log.read_text())


    def test_a_drain_that_leaves_an_empty_file_says_so_in_its_last_line(self):
        sandbox, spool = self.unpaced()
        (spool.root / "inbox" / "empty.csv").touch()
        last = spool.drain(expect=0).stderr.strip().splitlines()[-1]
        self.assertIn("left in the inbox: empty.csv: it is empty", last)


class Output(EndToEnd):
    def test_74_when_the_output_cannot_be_written(self):
        sandbox, spool = self.unpaced()
        spool.drain(expect=0)
        orders = spool.folder / "orders.csv"
        orders.write_text(order_files.as_csv(order_files.create_orders(3)))
        for words in (["status"], ["status", "--json"], ["status", "--watch"], ["config"], ["check", str(orders)],
                      ["--help"], ["pause"]):
            with self.subTest(words), open("/dev/full", "w") as full:
                result = subprocess.run([SLUICE, "--config", str(spool.config), *words], stdout=full,
                                        stderr=subprocess.PIPE, text=True, timeout=PATIENCE)
                self.assertEqual(result.returncode, 74, result.stderr)
                self.assertIn("the output could not be written", result.stderr)
        self.assertEqual(spool.status()["pause"], "operator", "what was to be done is done")

    @unittest.skipIf(SANITIZED, WITHOUT_SANITIZER)
    def test_too_little_memory_at_the_start_is_told_in_words(self):
        sandbox, spool = self.unpaced()
        said = set()
        for mib in range(20, 200, 4):
            limits = (mib << 20, mib << 20)
            result = subprocess.run([SLUICE, "--config", str(spool.config), "drain", "--within", "1s"],
                                    capture_output=True, text=True, timeout=PATIENCE,
                                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, limits))
            self.assertNotIn("terminate called", result.stderr, f"{mib} MiB")
            self.assertIn(result.returncode, (0, 3, 78, 127), f"{mib} MiB: {result.stderr}")  # 127: the loader's
            said.add(result.returncode)
            if result.returncode == 0:
                break
        self.assertIn(0, said)

    @unittest.skipIf(SANITIZED, WITHOUT_SANITIZER)
    def test_too_little_memory_in_the_midst_is_told_in_words(self):
        _, spool = self.unpaced()
        small, large = spool.folder / "small.csv", spool.folder / "large.csv"
        small.write_text(order_files.as_csv(order_files.create_orders(1)))
        large.write_text(order_files.as_csv(order_files.create_orders(120_000)))

        def check(path, mib):
            return subprocess.run([SLUICE, "--config", str(spool.config), "check", str(path)], capture_output=True, text=True,
                                  timeout=PATIENCE, check=False,
                                  preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20)))
        enough = next(mib for mib in range(20, 400, 2) if check(small, mib).returncode == 0)
        said = check(large, enough)
        self.assertEqual(said.returncode, 78, said.stderr)
        self.assertIn("out of memory; nothing was begun that the next start does not take up", said.stderr)


class Reach(EndToEnd):
    def test_a_mistake_in_the_settings_keeps_nobody_from_looking_and_pausing(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        good = spool.config.read_text()
        for bad in (good + "stop:\n  grcae: 30s\n", good + "log: [\n"):
            spool.config.write_text(bad)
            for verb in ("pause", "status", "resume"):
                said = spool.sluice(verb, expect=0)
                self.assertIn(f"{spool.config}:", said.stderr, "the mistake is told")
        spool.sluice("config", "--check", expect=78)
        end_process(daemon, signal.SIGTERM)
        self.assertIn(f"{spool.config}:", spool.sluice("status", expect=78).stderr, "nobody to ask: it is the mistake")

    def test_a_status_asked_while_the_process_ends_is_asked_again(self):
        sandbox, spool = self.unpaced()
        for _ in range(5):
            daemon = spool.run_daemon()
            asking = [spool.start("status") for _ in range(8)]
            daemon.send_signal(signal.SIGTERM)
            for command in asking:
                self.assertEqual(command.wait(PATIENCE), 0, command.log.read_text())
            self.assertEqual(daemon.wait(PATIENCE), 0)


if __name__ == "__main__":
    unittest.main()

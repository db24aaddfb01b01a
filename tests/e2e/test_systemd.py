"""The shipped units under a systemd that was booted for it: this machine's /usr, in a root that is forgotten."""

import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import order_files
from processes import BINARIES, PATIENCE, SANITIZED, WITHOUT_SANITIZER, Sandbox, wait_until
from spool_folder import as_yaml

SYSTEMD = pathlib.Path(__file__).parents[2] / "systemd"
OPERATIONS = pathlib.Path(__file__).parents[2] / "docs/operations.md"
UNITS = ["sluice.service", "sluice@.service", "sluice-drain.service", "sluice-drain.timer"]
BINDIR = "/opt/sluice"
SPOOL = "/var/spool/sluice"
# One by one, so that there is a middle to be killed in.
SETTINGS = {"spool": SPOOL, "batch": {"orders": 1}, "rate": {"requests": 100},
            "inbox": {"settle": "100ms", "scan_every": "1s"}, "retry": {"first_delay": "200ms", "max_delay": "1s"}}


class Machine:
    """systemd-nspawn(1), not registered anywhere, on the host's network."""

    def __init__(self, folder):
        self.log = folder / "boot.log"
        command = ["setpriv", "--pdeathsig", "KILL", "systemd-nspawn", "--quiet", "--volatile=yes", "--directory=/", "--boot",
                   "--register=no", "--keep-unit", f"--machine=sluice-{os.getpid()}", "--console=pipe",
                   f"--bind-ro={BINARIES}:{BINDIR}", f"--bind-ro={folder}:/stage", "--", "--unit=basic.target"]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until(self.is_up, what="a systemd that is up")
        except AssertionError as error:
            self.stop()
            raise unittest.SkipTest(f"no systemd can be booted here: {error}\n{self.log.read_text()[-1000:]}") from None

    def is_up(self):
        if self.process.poll() is not None:
            raise AssertionError(f"systemd-nspawn ended with {self.process.returncode}")
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        self.leader = children[0] if children else None
        return self.leader and self.run("systemctl", "is-system-running", check=False).strip() in ("running", "degraded")

    def run(self, *words, check=True):
        """What a command prints, as root in the machine."""
        enter = ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--pid", "--", *words]
        done = subprocess.run(enter, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}: {done.returncode}\n{done.stdout}")
        return done.stdout

    def path(self, absolute):
        """A path of the machine, for this process."""
        return pathlib.Path(f"/proc/{self.leader}/root{absolute}")

    def show(self, unit, key):
        return self.run("systemctl", "show", "--value", f"--property={key}", unit).strip()

    def wait_for(self, unit, key, value, within=PATIENCE):
        wait_until(lambda: self.show(unit, key) == value, within, f"{unit} with {key}={value}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@unittest.skipUnless(os.geteuid() == 0, "needs root, to boot a systemd")
@unittest.skipUnless(shutil.which("systemd-nspawn") and pathlib.Path("/usr/lib/systemd/systemd").exists(),
                     "needs systemd and systemd-nspawn (package systemd-container)")
@unittest.skipIf(SANITIZED, WITHOUT_SANITIZER)
class UnderSystemd(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-systemd-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.folder.chmod(0o755)
        cls.sandbox = Sandbox(cls.folder, "--rate", "0", "--latency", "10ms")
        cls.addClassCleanup(cls.sandbox.stop)
        for unit in UNITS:
            (cls.folder / unit).write_text((SYSTEMD / unit).read_text().replace("@BINDIR@", BINDIR))
        shutil.copy(SYSTEMD / "sluice.sysusers", cls.folder)
        shutil.copy(SYSTEMD / "sluice.tmpfiles", cls.folder)
        cls.machine = Machine(cls.folder)
        cls.addClassCleanup(cls.machine.stop)
        cls.machine.run("sh", "-ec", """
            mkdir -p /etc/sysusers.d /etc/tmpfiles.d
            cp /stage/*.service /stage/*.timer /etc/systemd/system
            cp /stage/sluice.sysusers /etc/sysusers.d/sluice.conf
            cp /stage/sluice.tmpfiles /etc/tmpfiles.d/sluice.conf
            systemd-sysusers
            systemctl daemon-reload""")

    def setUp(self):
        """A new spool and sound settings, nothing at work."""
        self.machine.run("sh", "-ec", f"""
            systemctl stop sluice.service sluice-drain.service sluice-drain.timer
            systemctl reset-failed
            rm -rf {SPOOL} /var/spool/away /etc/sluice
            systemd-tmpfiles --create /etc/tmpfiles.d/sluice.conf
            printf 'Bearer e2e\\n' >/etc/sluice/authorization
            chown sluice:sluice /etc/sluice/authorization
            chmod 600 /etc/sluice/authorization""")
        self.configure()
        self.before = self.sandbox.stats()["applied_orders"]

    def configure(self, extra="", name="sluice", spool=SPOOL, rate=None):
        upstream = {"base_url": self.sandbox.url, "authorization": {"file": "/etc/sluice/authorization"},
                    "response_timeout": "5s"}
        settings = {**SETTINGS, "upstream": upstream, "spool": spool, "rate": rate or SETTINGS["rate"]}
        self.machine.path(f"/etc/sluice/{name}.yaml").write_text(as_yaml(settings) + extra)

    def applied(self):
        return self.sandbox.stats()["applied_orders"] - self.before

    def drop(self, name, orders, first, spool=SPOOL):
        half = self.machine.path(f"{spool}/inbox/.half")
        half.write_text(order_files.as_csv(order_files.create_orders(orders, first)))
        half.chmod(0o644)
        half.rename(half.with_name(name))

    def results(self, count=1, spool=SPOOL):
        found = self.machine.path(f"{spool}/outbox")
        try:
            wait_until(lambda: len(list(found.glob("*.summary.json"))) == count, what=f"{count} summaries")
        except AssertionError as error:
            log = self.machine.run("journalctl", "-u", "sluice*", "--no-pager", "--lines=60")
            raise AssertionError(f"{error}; {os.listdir(found)}\n{log}") from None
        return [path.read_text() for path in found.glob("*.results.csv")]

    def test_the_daemon_starts_in_its_sandbox_and_places_orders(self):
        self.machine.run("systemctl", "start", "sluice.service")
        self.assertEqual(self.machine.show("sluice.service", "ActiveState"), "active")
        self.drop("orders.csv", 3, 1000)
        self.assertEqual(self.results()[0].count(",accepted,"), 3)
        self.machine.wait_for("sluice.service", "StatusText", "no job at work")
        boot = self.machine.path("/proc/sys/kernel/random/boot_id").read_text().strip()
        gate = self.machine.path(f"{SPOOL}/state/gate").read_bytes()
        self.assertTrue(boot.encode() in gate, "the gate knows its boot")
        self.machine.run("systemctl", "stop", "sluice.service")
        self.assertEqual(self.machine.show("sluice.service", "Result"), "success")

    def journal(self, *matches):
        """The journal's entries that have these fields."""
        lines = self.machine.run("journalctl", "--output=json", "--no-pager", "--unit=sluice.service", *matches).splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    def test_the_journal_is_searched_by_job_and_by_request_and_knows_priorities(self):
        self.configure("log: {level: debug}\n")
        self.machine.run("systemctl", "start", "sluice.service")
        self.drop("orders.csv", 2, 7000)
        rows = list(csv.DictReader(self.results()[0].splitlines()))
        summary = next(self.machine.path(f"{SPOOL}/outbox").glob("*.summary.json"))
        job = summary.name.split(".")[-3]
        ends = lambda: [entry for entry in self.journal(f"SLUICE_JOB={job}") if "done" in entry["MESSAGE"]]
        wait_until(ends, what=f"the end of {job} in the journal")
        entries = self.journal(f"SLUICE_JOB={job}")
        self.assertEqual({entry["PRIORITY"] for entry in entries}, {"6", "7"}, entries)
        self.assertEqual({entry["SYSLOG_IDENTIFIER"] for entry in entries}, {"sluice"})
        for row in rows:
            about = self.journal(f"SLUICE_REQUEST={row['result_request']}")
            self.assertTrue(about, row)
            self.assertEqual({(entry["SLUICE_JOB"], entry["PRIORITY"]) for entry in about}, {(job, "7")})

    def test_with_both_units_enabled_the_drain_leaves_the_daemon_alone(self):
        self.machine.run("systemctl", "enable", "--now", "sluice.service", "sluice-drain.timer")
        self.machine.run("systemctl", "start", "sluice-drain.service")  # as the timer would
        self.assertEqual(self.machine.show("sluice-drain.service", "ExecMainStatus"), "75")
        self.assertEqual(self.machine.show("sluice-drain.service", "Result"), "success")
        self.assertEqual(self.machine.show("sluice.service", "ActiveState"), "active")
        self.assertEqual(self.machine.show("sluice-drain.timer", "ActiveState"), "active")
        self.drop("orders.csv", 3, 2000)
        self.results()

    def test_a_daemon_that_is_killed_starts_again_and_places_each_order_once(self):
        self.machine.run("systemctl", "start", "sluice.service")
        self.drop("orders.csv", 60, 3000)
        wait_until(lambda: self.applied() >= 10, what="the first orders")
        self.machine.run("systemctl", "kill", "--signal=KILL", "sluice.service")
        self.machine.wait_for("sluice.service", "NRestarts", "1")
        rows = self.results()[0].splitlines()
        self.assertEqual(sum(",accepted," in row or ",accepted_earlier," in row for row in rows), 60)
        self.assertEqual(self.applied(), 60)

    def test_a_spool_that_vanished_is_waited_for_and_worked_once_it_is_back(self):
        self.machine.run("systemctl", "start", "sluice.service")
        self.machine.run("mv", SPOOL, "/var/spool/away")
        self.machine.run("systemctl", "kill", "--signal=KILL", "sluice.service")
        wait_until(lambda: int(self.machine.show("sluice.service", "NRestarts")) >= 2, what="two starts in vain")
        self.machine.run("mv", "/var/spool/away", SPOOL)
        self.machine.wait_for("sluice.service", "ActiveState", "active")
        self.drop("orders.csv", 3, 4000)
        self.results()

    def test_a_disk_mounted_over_the_spool_is_noticed_and_worked_after_a_restart(self):
        self.machine.run("systemctl", "start", "sluice.service")
        first = self.machine.show("sluice.service", "MainPID")
        self.machine.run("sh", "-ec", f"mount -t tmpfs -o mode=2750,uid=$(id -u sluice),gid=$(id -g sluice) disk {SPOOL}")
        self.addCleanup(self.machine.run, "umount", "--lazy", SPOOL, check=False)
        wait_until(lambda: self.machine.show("sluice.service", "MainPID") not in (first, "0"), what="another process")
        self.assertIn("put it back and start again", self.machine.run("journalctl", "-u", "sluice.service", "--no-pager"))
        self.machine.wait_for("sluice.service", "ActiveState", "active")
        self.drop("orders.csv", 3, 6000)
        self.results()

    def add_account(self, name, **rate):
        """As docs/operations.md says, with its own lines for the folders."""
        folders = "".join(re.findall(r"^d /var/spool/sluice-NAME.*\n", OPERATIONS.read_text(), re.MULTILINE))
        self.machine.path(f"/etc/tmpfiles.d/sluice-{name}.conf").write_text(folders.replace("NAME", name))
        self.configure(name=name, spool=f"/var/spool/sluice-{name}", rate={"gate": "/var/lib/sluice/gate", **rate})
        self.machine.run("systemd-tmpfiles", "--create", f"/etc/tmpfiles.d/sluice-{name}.conf")
        self.addCleanup(self.machine.run, "sh", "-ec", f"systemctl stop sluice@{name}; rm -rf /var/spool/sluice-{name}")

    def test_two_accounts_have_a_spool_each_and_share_one_gate(self):
        self.add_account("east", requests=100)
        self.add_account("west", requests=50)
        self.machine.run("systemctl", "start", "sluice@east")
        self.machine.run("systemctl", "start", "sluice@west", check=False)
        self.machine.wait_for("sluice@west", "ActiveState", "failed")
        self.wait_for_journal("sluice@west", "is in use by another process at 100 requests")
        self.add_account("west", requests=100)
        self.machine.run("systemctl", "reset-failed", "sluice@west")
        self.machine.run("systemctl", "start", "sluice@west")
        for name, first in (("east", 8000), ("west", 8100)):
            self.drop("orders.csv", 3, first, spool=f"/var/spool/sluice-{name}")
        for name in ("east", "west"):
            self.assertEqual(self.results(spool=f"/var/spool/sluice-{name}")[0].count(",accepted,"), 3)
            self.assertIn("no job at work", self.machine.run(
                f"{BINDIR}/sluice", "status", "--config", f"/etc/sluice/{name}.yaml"))
        self.assertEqual(self.applied(), 6)
        self.assertFalse(self.machine.path("/var/spool/sluice-east/state/gate").exists(), "it is elsewhere")

    def wait_for_journal(self, unit, words):
        wait_until(lambda: words in self.machine.run("journalctl", "-u", unit, "--no-pager"), what=f"{words} of {unit}")

    def test_what_no_other_try_would_mend_is_not_tried_again(self):
        self.configure("rat: {}\n")
        self.machine.run("systemctl", "start", "sluice.service", check=False)
        self.machine.wait_for("sluice.service", "ActiveState", "failed")
        self.assertEqual(self.machine.show("sluice.service", "ExecMainStatus"), "78")
        self.assertEqual(self.machine.show("sluice.service", "NRestarts"), "0")
        self.assertIn("rat", self.machine.run("journalctl", "-u", "sluice.service", "--no-pager"))


if __name__ == "__main__":
    unittest.main()

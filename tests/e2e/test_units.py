"""What is installed for systemd: the spool's folders for whom, and the same sandbox for both services."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SYSTEMD = pathlib.Path(__file__).parents[2] / "systemd"
DROPPER = 64_321  # a user who is only a member


def service_section(unit):
    lines = (SYSTEMD / unit).read_text().splitlines()
    begin = lines.index("[Service]") + 1
    end = next((i for i in range(begin, len(lines)) if lines[i].startswith("[")), len(lines))
    return dict(line.split("=", 1) for line in lines[begin:end] if line and line[0].isalpha())


class Services(unittest.TestCase):
    OWN = {"Type", "ExecStart", "ExecReload", "TimeoutStartSec", "SuccessExitStatus", "Restart", "RestartSec",
           "RestartPreventExitStatus", "WatchdogSec"}

    def test_both_run_in_the_same_sandbox(self):
        daemon, drain = (service_section(unit) for unit in ("sluice.service", "sluice-drain.service"))
        self.assertEqual({key: value for key, value in daemon.items() if key not in self.OWN},
                         {key: value for key, value in drain.items() if key not in self.OWN})

    def test_that_of_an_account_runs_in_the_same_sandbox_but_for_its_folders(self):
        one, each = (service_section(unit) for unit in ("sluice.service", "sluice@.service"))
        self.assertEqual(each.pop("ExecStart"), one.pop("ExecStart").replace("sluice.yaml", "%i.yaml"))
        self.assertEqual(each.pop("ReadWritePaths"), one.pop("ReadWritePaths") + "-%i")
        self.assertEqual((each.pop("StateDirectory"), each.pop("StateDirectoryMode")), ("sluice", "0750"))
        self.assertEqual(each, one)

    def test_the_folders_of_an_account_are_those_of_the_first(self):
        ours = [line for line in (SYSTEMD / "sluice.tmpfiles").read_text().splitlines() if line.startswith("d /var")]
        told = (SYSTEMD.parent / "docs/operations.md").read_text()
        for line in ours:
            words = line.replace("/var/spool/sluice", "/var/spool/sluice-NAME").split()
            self.assertTrue(any(one.split() == words for one in told.splitlines()), line)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze here")
    def test_systemd_finds_little_that_they_could_be_kept_from_doing_besides(self):
        for unit in ("sluice.service", "sluice-drain.service", "sluice@.service"):
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / unit.replace("@", "@a")
                path.write_text((SYSTEMD / unit).read_text().replace("@BINDIR@", "/usr/bin"))
                judged = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=20",
                                         "--no-pager", path], capture_output=True, text=True)
                if "unrecognized option" in judged.stderr:
                    self.skipTest("this systemd-analyze knows no --offline")
                self.assertEqual(judged.returncode, 0, unit + judged.stdout[-2000:] + judged.stderr)

    def test_memory_tasks_descriptors_and_cores_have_a_ceiling(self):
        self.assertLessEqual({"MemoryMax", "TasksMax", "LimitNOFILE", "LimitCORE", "RemoveIPC"},
                             service_section("sluice.service").keys())


@unittest.skipUnless(os.geteuid() == 0, "needs root, to make users and folders")
@unittest.skipUnless(shutil.which("systemd-sysusers") and shutil.which("systemd-tmpfiles"), "no systemd here")
class Installed(unittest.TestCase):
    """Into a root of its own, by the tools that do it on a real machine."""

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="sluice-units-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.root.chmod(0o755)
        for tool, options in (("sysusers", []), ("tmpfiles", ["--create"])):
            place = self.root / f"usr/lib/{tool}.d"
            place.mkdir(parents=True)
            shutil.copy(SYSTEMD / f"sluice.{tool}", place / "sluice.conf")
            (self.root / "etc").mkdir(exist_ok=True)
            subprocess.run([f"systemd-{tool}", f"--root={self.root}", *options], check=True, capture_output=True)
        groups = dict(line.split(":")[::2] for line in (self.root / "etc/group").read_text().splitlines())
        self.member = {"user": DROPPER, "group": DROPPER, "extra_groups": [int(groups["sluice-drop"])]}
        self.spool = self.root / "var/spool/sluice"

    def may(self, script, who=None):
        """Whether a shell of that user may do it."""
        return subprocess.run(["sh", "-c", script], cwd=self.root, capture_output=True,
                              **(who or self.member)).returncode == 0

    def test_a_member_of_the_drop_group_may_drop_but_not_touch_state_or_the_root(self):
        self.assertTrue(self.may(f"echo x >{self.spool}/inbox/a.csv && mv {self.spool}/inbox/a.csv {self.spool}/outbox/"))
        for attack in ("mv state elsewhere", "mv state inbox/", "touch planted", "mkdir planted", "ls state",
                       "mv inbox elsewhere", "ln -s /etc/passwd control.sock"):
            with self.subTest(attack):
                self.assertFalse(self.may(f"cd {self.spool} && {attack}"))

    def test_nobody_else_sees_the_spool_or_the_settings(self):
        stranger = self.member | {"extra_groups": []}
        self.assertFalse(self.may(f"ls {self.spool}", stranger))
        self.assertFalse(self.may(f"ls {self.root}/etc/sluice", stranger))
        self.assertTrue(self.may(f"ls {self.root}/etc/sluice"))

    def test_the_service_s_user_has_no_home_and_is_a_member(self):
        passwd = {line.split(":")[0]: line.split(":") for line in (self.root / "etc/passwd").read_text().splitlines()}
        self.assertEqual(passwd["sluice"][5], "/")
        group = {line.split(":")[0]: line.split(":") for line in (self.root / "etc/group").read_text().splitlines()}
        self.assertEqual(group["sluice-drop"][3], "sluice")


if __name__ == "__main__":
    unittest.main()

"""What ./dev says and installs by itself, with a package manager that only writes down what it is asked for."""

import os
import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]

# Each kind that ctest's log holds: a whole test, one of GoogleTest, of unittest with and without a docstring.
LOG = """\
 1/9 Test  #1: fuzz_csv ........................***Skipped
[ RUN      ] SpoolFaults.OutOfInotifysWatchesThatLimitIsNamed
/tests/faults_test.cpp:150: Skipped
needs seccomp
[  SKIPPED ] SpoolFaults.OutOfInotifysWatchesThatLimitIsNamed (1 ms)
test_a_boot (test_systemd.Booted.test_a_boot) ... skipped 'needs systemd-nspawn'
test_rules (test_metrics.Rules.test_rules)
Alert rules fire. ... skipped 'needs promtool'
test_a_file (test_create.Create.test_a_file) ... ok
"""


class Dev(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def function(self, line, **more):
        """A line of bash that calls one of its functions; what it says on stderr."""
        script = 'source <(sed "/^command=/,\\$d" dev); cd "$1"; ' + line
        done = subprocess.run(["bash", "-c", script, str(ROOT / "dev"), self.folder], cwd=ROOT, text=True,
                              capture_output=True, timeout=120, **more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def test_a_build_says_how_far_it_is_at_each_tenth_and_how_long_it_may_take(self):
        steps = "".join(f"[{step}/200] Building\n" for step in range(1, 201))
        said = self.function("progress", input=steps).splitlines()
        self.assertEqual([line.split(",")[0].strip() for line in said],
                         ["step 1 of 200"] + [f"step {step} of 200" for step in range(20, 201, 20)])

    def test_times_are_told_in_seconds_or_minutes(self):
        self.assertEqual(self.function("minutes 89 >&2; echo >&2; minutes 150 >&2").split("\n"), ["89 s", "3 min"])

    def test_a_run_counts_and_names_what_it_skipped_and_why(self):
        (self.folder / "log").write_text(LOG)
        said = self.function("skipped log")
        self.assertIn("skipped: 3 tests", said)
        for name, why in (("SpoolFaults.OutOfInotifysWatchesThatLimitIsNamed", "needs seccomp"),
                          ("test_systemd.Booted.test_a_boot", "'needs systemd-nspawn'"),
                          ("test_metrics.Rules.test_rules", "'needs promtool'")):
            self.assertIn(f"   {name}: {why}\n", said)

    def installed_by(self, *command):
        """The packages that it asks for where there are none, until it may have none."""
        asked = self.folder / "asked"
        for name, does in (("dpkg-query", "exit 1"), ("sudo", 'exec "$@"'),
                           ("apt-get", f'[ "$1" = update ] || {{ echo "$@" >>{asked}; exit 1; }}')):
            path = self.folder / name
            path.write_text(f"#!/bin/sh\n{does}\n")
            path.chmod(0o755)
        path = f"{self.folder}:{os.environ['PATH']}"
        done = subprocess.run([ROOT / "dev", *command], env={**os.environ, "PATH": path}, capture_output=True, text=True,
                              timeout=120)
        self.assertNotEqual(done.returncode, 0, "nothing was built on a machine that has nothing")
        return {word for word in asked.read_text().split() if not word.startswith("-")} - {"install"}

    def test_each_command_installs_what_it_calls(self):
        for command, needed in ((["demo", "--pace"], {"python3", "curl"}), (["test"], {"python3", "openssl", "valgrind"}),
                                (["lint"], {"clang-tidy-19", "clang-format-19"})):
            with self.subTest(command):
                self.assertLessEqual(needed, self.installed_by(*command))
                (self.folder / "asked").unlink()


if __name__ == "__main__":
    unittest.main()

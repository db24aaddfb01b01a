"""A member of the drop group who means harm, as a user of his own: what he moves, plants, links and changes."""

import os
import shutil
import subprocess
import sys
import textwrap
import unittest

from bad_disk import OnABadDisk, orders
from processes import end_process, wait_until

OWNER, MEMBER, DROP = 64_320, 64_321, 64_322
AS_OWNER = {"user": OWNER, "group": DROP, "extra_groups": [], "umask": 0o007}

# Drops a file of his own and keeps a way to it: by that he changes it once it was claimed, and its times stay.
CHANGES_AFTER_THE_CLAIM = """
    import mmap, os, shutil, sys
    dropped, other = sys.argv[1:]
    kept = os.open(other, os.O_RDONLY)
    os.rename(other, dropped)
    print("dropped", flush=True)
    sys.stdin.readline()
    writing = os.open(f"/proc/self/fd/{kept}", os.O_RDWR)
    mapped = mmap.mmap(writing, 0)
    at = mapped.find(b"\\n") + 1
    mapped[at:at + 1] = b"7" if mapped[at:at + 1] != b"7" else b"8"
    mapped.flush()
    print("changed", flush=True)
"""


@unittest.skipUnless(os.geteuid() == 0, "needs root, to be users of their own")
@unittest.skipUnless(shutil.which("setpriv"), "no setpriv here")
class Member(OnABadDisk):
    def ground(self, settings=None):
        """A spool as the package makes it, and the daemon that its owner runs."""
        sandbox, spool = self.unpaced(settings=settings)
        self.folder.chmod(0o755)
        spool.let_anybody_run_it()
        for name in ("outbox", "archive", "rejected", "state"):
            (spool.root / name).mkdir(exist_ok=True)
        for path in (spool.root, *spool.root.iterdir(), spool.credential_file):
            os.chown(path, OWNER, DROP)
        for name in ("inbox", "outbox", "archive", "rejected"):
            (spool.root / name).chmod(0o2770)
        spool.root.chmod(0o2750)
        (spool.root / "state").chmod(0o700)
        self.his = self.folder / "his"
        self.his.mkdir()
        os.chown(self.his, MEMBER, DROP)
        return sandbox, spool, spool.run_daemon(**AS_OWNER)

    def as_member(self, *command):
        return ["setpriv", f"--reuid={MEMBER}", f"--regid={DROP}", "--clear-groups", *command]

    def does(self, spool, script):
        """What his shell says and ends with, in the spool."""
        return subprocess.run(self.as_member("sh", "-c", f"umask 007; {script}"), cwd=spool.root, check=False,
                              capture_output=True, text=True)

    def fails_to(self, spool, *attacks):
        for attack in attacks:
            with self.subTest(attack):
                self.assertNotEqual(self.does(spool, attack).returncode, 0)

    def drop_his(self, spool, name, content):
        path = self.his / name
        path.write_text(content)
        path.chmod(0o660)
        os.chown(path, MEMBER, DROP)
        self.assertEqual(self.does(spool, f"mv {path} inbox/{name}").returncode, 0)

    def assert_still_works(self, sandbox, spool, jobs, count):
        """Another's file is placed and reported; so many orders were placed in all, each once."""
        spool.drop("others.csv", orders(3, 5000), folder="")
        os.chown(spool.root / "others.csv", OWNER, DROP)
        (spool.root / "others.csv").rename(spool.root / "inbox" / "others.csv")
        wait_until(lambda: any(job.summary["name"] == "others.csv" for job in spool.finished()), what="another's file")
        self.assertEqual(len(spool.finished()), jobs)
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (count, 0))

    def test_moves_no_folder_away_and_puts_none_in_its_place(self):
        sandbox, spool, _ = self.ground()
        self.fails_to(spool, "mv state away", "mv state inbox/", "mv inbox away", "mkdir planted", "touch planted",
                      "rmdir rejected", "ls state", "cp state/ledger.sqlite inbox/", "cp state/secret inbox/",
                      "ln -s /etc state/etc", "chmod 777 .", "rm .last-job", "echo 99 > .last-job")
        self.assert_still_works(sandbox, spool, 1, 3)

    def test_plants_no_socket(self):
        sandbox, spool, daemon = self.ground()
        listen = ("import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()",
                  str(spool.root / "control.sock"))
        self.fails_to(spool, "rm control.sock", "mv control.sock inbox/", "ln -sf /dev/null control.sock")
        end_process(daemon)
        said = subprocess.run(self.as_member(sys.executable, "-c", *listen), capture_output=True, text=True, check=False)
        self.assertIn("Permission denied", said.stderr)
        self.assertFalse((spool.root / "control.sock").exists())

    def test_what_he_plants_in_a_home_is_read_by_nobody(self):
        home = self.folder / "home"
        home.mkdir(mode=0o777)
        home.chmod(0o777)
        sandbox, spool = self.unpaced()
        for name in (".profile", ".bashrc", ".shrc", ".env", ".sqliterc", ".netrc"):
            (home / name).write_text(f"touch {home}/was-run; cat {spool.credential_file} > {home}/got\n.read /dev/null\n")
            os.chown(home / name, MEMBER, DROP)
        spool.configure({"notify": {"command": "cat >/dev/null"}})
        spool.drop("orders.csv", orders(3))
        spool.drain(expect=0, env={"HOME": str(home), "ENV": str(home / ".profile"), "BASH_ENV": str(home / ".bashrc")})
        self.assert_all_once(sandbox, spool.only_job(), 3)
        self.assertEqual(sorted(path.name for path in home.iterdir() if not path.name.startswith(".")), [])

    def test_emptied_folders_make_nobody_place_an_order_again(self):
        sandbox, spool, daemon = self.ground()
        self.drop_his(spool, "orders.csv", orders(3))
        job, = spool.wait_for_jobs(1)
        wait_until(lambda: list((spool.root / "archive").iterdir()), what="the original in the archive")
        self.assertEqual(self.does(spool, "rm -rf outbox/* archive/* rejected/*; ls outbox archive rejected").stdout.split(),
                         ["archive:", "outbox:", "rejected:"])
        end_process(daemon)
        spool.run_daemon(**AS_OWNER)
        self.drop_his(spool, "again.csv", orders(3))
        wait_until(lambda: list((spool.root / "rejected").glob("again.*.reason.txt")), what="the rejection")
        reason, = (spool.root / "rejected").glob("again.*.reason.txt")
        self.assertIn(job.id, reason.read_text())
        self.assert_still_works(sandbox, spool, 1, 6)

    def test_links_in_the_inbox_lead_nowhere(self):
        sandbox, spool, daemon = self.ground()
        self.assertEqual(self.does(spool, f"ln -s {spool.credential_file} inbox/credential.csv;"
                                          "ln -s ../state/ledger.sqlite inbox/ledger.csv;"
                                          "ln -s /etc/passwd inbox/passwd.csv; ln -s . inbox/loop.csv;"
                                          "mkfifo inbox/fifo.csv").returncode, 0)
        wait_until(lambda: len(spool.status()["waiting"]) == 5, what="word of the five")
        self.assert_still_works(sandbox, spool, 1, 3)
        everything = b"".join(path.read_bytes() for name in ("outbox", "archive", "rejected")
                              for path in (spool.root / name).iterdir())
        for secret in (spool.credential.encode(), b"root:x:0", b"SQLite format"):
            self.assertNotIn(secret, everything + daemon.log.read_bytes())

    def test_a_file_that_he_keeps_another_name_of_stays(self):
        sandbox, spool, daemon = self.ground()
        kept = self.his / "kept.csv"
        kept.write_text(orders(3))
        kept.chmod(0o660)
        os.chown(kept, MEMBER, DROP)
        self.assertEqual(self.does(spool, f"ln {kept} inbox/linked.csv").returncode, 0)
        self.wait_for_words(spool, "linked.csv")
        self.assert_still_works(sandbox, spool, 1, 3)
        self.assertTrue((spool.root / "inbox" / "linked.csv").exists())
        self.wait_for_words(spool, "linked.csv", "link")

    def test_what_he_changes_through_a_mapping_after_the_claim_is_not_sent(self):
        sandbox, spool, daemon = self.ground()
        spool.sluice("pause", expect=0)
        other = self.his / "orders.csv"
        other.write_text(orders(3))
        other.chmod(0o660)
        os.chown(other, MEMBER, DROP)
        script = textwrap.dedent(CHANGES_AFTER_THE_CLAIM)
        attack = subprocess.Popen(self.as_member(sys.executable, "-c", script, str(spool.root / "inbox" / "orders.csv"),
                                                 str(other)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(attack.communicate)
        self.assertEqual(attack.stdout.readline(), "dropped\n")
        self.wait_for_log(daemon, "3 to send")
        attack.stdin.write("go on\n")
        attack.stdin.flush()
        self.assertEqual(attack.stdout.readline(), "changed\n")
        spool.sluice("resume", expect=0)
        wait_until(lambda: any(job["held"] for job in spool.status()["jobs"]), what="the hold")
        self.assertEqual(sandbox.stats()["orders_received"], 0)
        self.assert_still_works(sandbox, spool, 1, 3)

    def test_names_that_he_plants_or_takes_in_rejected_hide_no_reason(self):
        sandbox, spool, daemon = self.ground()
        self.drop_his(spool, "first.csv", "no,known,column\n1,2,3\n")
        wait_until(lambda: list((spool.root / "rejected").glob("first.*.csv")), what="the first rejection")
        reason, = (spool.root / "rejected").glob("first.*.reason.txt")
        day = reason.name.split(".")[1].split("-")[0]
        planted = f"rejected/second.{day}-2.reason.txt"
        self.assertEqual(self.does(spool, f"mv rejected/{reason.name} {planted}").returncode, 0)
        before = (spool.root / planted).read_text()
        self.drop_his(spool, "second.csv", "other,unknown,columns\n1,2,3\n")
        self.wait_for_words(spool, planted)
        self.assertEqual((spool.root / planted).read_text(), before)
        self.assertEqual(self.does(spool, f"rm {planted}").returncode, 0)
        wait_until((spool.root / planted).exists, what="the reason that was hidden")
        self.assertIn("unknown", (spool.root / planted).read_text())
        self.assert_still_works(sandbox, spool, 1, 3)


if __name__ == "__main__":
    unittest.main()

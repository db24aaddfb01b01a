"""What the daemon may not touch, and what it has too few of: words, and on by itself once it may."""

import contextlib
import os
import resource
import socket
import subprocess
import unittest

from bad_disk import STOPS_AT_20, OnABadDisk, orders
from harness import merged
from processes import PATIENCE, SANITIZED, WITHOUT_SANITIZER, wait_until

NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}
ONE_BY_ONE = {"batch": {"orders": 1}, "rate": {"requests": 100}}


@unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
class Nobodys(OnABadDisk):
    """A spool that is another user's."""

    def nobodys(self, settings=None):
        sandbox, spool = self.unpaced(settings=settings)
        for folder in ("outbox", "archive", "rejected", "state"):
            (spool.root / folder).mkdir()
        self.folder.chmod(0o755)
        spool.let_anybody_run_it()
        for path in (spool.root, *spool.root.iterdir(), spool.credential_file):
            os.chown(path, NOBODY["user"], NOBODY["group"])
        return sandbox, spool


class NotAllowed(Nobodys):
    """The daemon as a user whom modes stop."""

    def test_a_file_it_may_not_read_stays_with_words(self):
        sandbox, spool = self.nobodys()
        spool.run_daemon(**NOBODY)
        secret = spool.drop("orders.csv", orders(3), folder="")
        secret.chmod(0o600)
        secret = secret.rename(spool.root / "inbox" / "orders.csv")
        self.wait_for_words(spool, "it can't be read", "orders.csv")
        secret.chmod(0o644)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_an_inbox_it_may_not_take_from_keeps_its_files(self):
        sandbox, spool = self.nobodys()
        daemon = spool.run_daemon(**NOBODY)
        inbox = spool.root / "inbox"
        inbox.chmod(0o555)
        spool.drop("orders.csv", orders(3))
        self.wait_for_words(spool, "Permission denied", "orders.csv")
        self.wait_for_log(daemon, "Permission denied")
        self.assertEqual(sandbox.stats()["requests"], 0)
        inbox.chmod(0o755)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)
        self.assertTrue(job.id.endswith("-1"), "no try cost a number")
        self.wait_for_log(daemon, "orders.csv is not taken")
        self.assertEqual(daemon.log.read_text().count("orders.csv is not taken"), 1, "it is told once")

    def test_a_sticky_inbox_keeps_anothers_file_until_the_bit_is_gone(self):
        sandbox, spool = self.nobodys()
        daemon = spool.run_daemon(**NOBODY)
        inbox = spool.root / "inbox"
        os.chown(inbox, 0, NOBODY["group"])
        inbox.chmod(0o1777)
        spool.drop("orders.csv", orders(3))
        self.wait_for_words(spool, "sticky bit", "chmod -t the inbox")
        self.wait_for_log(daemon, "sticky bit")
        self.assertEqual(daemon.log.read_text().count("sticky bit"), 1, "it is told once")
        inbox.chmod(0o777)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)
        self.assertTrue(job.id.endswith("-1"), "no try cost a number")

    def test_a_file_that_mv_brought_with_another_group_is_told_the_chgrp_at_once(self):
        sandbox, spool = self.nobodys()
        daemon = spool.run_daemon(**NOBODY)
        moved = spool.drop("orders.csv", orders(3), folder="")
        moved.chmod(0o640)
        moved = moved.rename(spool.root / "inbox" / "orders.csv")
        self.wait_for_words(spool, "as a file that mv brings keeps its group: chgrp ")
        self.wait_for_log(daemon, "chgrp")
        os.chown(moved, 0, NOBODY["group"])
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_an_outbox_it_may_not_write_makes_the_results_wait(self):
        sandbox, spool = self.nobodys()
        daemon = spool.run_daemon(**NOBODY)
        outbox = spool.root / "outbox"
        outbox.chmod(0o555)
        spool.drop("orders.csv", orders(3))
        self.wait_for_words(spool, "Permission denied", "outbox")
        self.wait_for_log(daemon, "trying again")
        outbox.chmod(0o755)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_while_it_may_not_enter_state_nothing_is_sent(self):
        sandbox, spool = self.nobodys(settings=merged(ONE_BY_ONE, STOPS_AT_20))
        daemon = spool.run_daemon(**NOBODY)
        spool.drop("orders.csv", orders(30))
        self.wait_for_the_stop(sandbox)
        state = spool.root / "state"
        state.chmod(0)
        self.let_the_rest_go(spool, daemon)
        self.wait_for_words(spool, "Permission denied")  # of the ledger or of the claimed file, which is met first
        self.wait_for_log(daemon, "Permission denied")
        self.assertEqual(sandbox.stats()["applied_orders"], 20)
        state.chmod(0o700)
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 30)

    def test_folders_it_may_not_use_are_refused_at_the_start(self):
        for folder in ("inbox", "outbox", "state"):
            with self.subTest(folder):
                sandbox, spool = self.nobodys()
                spool.root.joinpath(folder).chmod(0)
                daemon = spool.start("run", **NOBODY)
                self.assertEqual(daemon.wait(PATIENCE), 78)
                said = daemon.log.read_text()
                self.assertIn("Permission denied", said)
                self.assertIn(f"spool/{folder}", said)
                sandbox.stop()
                spool.root.rename(spool.folder / f"spool-{folder}")


class NoDescriptors(OnABadDisk):
    def starve(self, daemon):
        """As many as it has open, and no more. What ends it."""
        _, hard = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
        before = resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE)
        highest = max(int(number) for number in os.listdir(f"/proc/{daemon.pid}/fd"))
        resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, (highest + 1, hard))
        return lambda: resource.prlimit(daemon.pid, resource.RLIMIT_NOFILE, before)

    def test_without_any_it_says_so_and_goes_on_when_there_are_some(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        feed = self.starve(daemon)
        spool.drop("orders.csv", orders(3))
        self.wait_for_words(spool, "Too many open files; raise LimitNOFILE=")
        self.wait_for_log(daemon, "raise LimitNOFILE=")
        feed()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 3)

    def test_without_any_in_the_middle_nothing_is_lost_or_doubled(self):
        sandbox, spool = self.unpaced(settings=ONE_BY_ONE)
        daemon = spool.run_daemon()
        spool.drop("orders.csv", orders(30))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 5, what="the first orders")
        feed = self.starve(daemon)
        self.wait_for_words(spool, "Too many open files")
        feed()
        job, = spool.wait_for_jobs(1)
        self.assert_all_once(sandbox, job, 30)

    @unittest.skipIf(SANITIZED, WITHOUT_SANITIZER)
    def test_with_too_few_for_a_start_it_leaves_with_words(self):
        sandbox, spool = self.unpaced()
        started = False
        for few in range(4, 64):
            with self.subTest(few):
                limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (few, few))
                drain = spool.start("drain", preexec_fn=limit)
                exit = drain.wait(PATIENCE)
                said = drain.log.read_text()
                self.assertIn(exit, (0, 3, 78), said)
                if exit != 0:
                    self.assertIn("Too many open files", said)
                started = started or exit == 0
        self.assertTrue(started)


@unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
class AsRoot(Nobodys):
    """What root does in a spool that is somebody else's."""

    def owners(self, spool):
        return {str(path.relative_to(spool.root)): path.stat().st_uid
                for folder in (spool.root / "state", spool.root / "outbox") for path in folder.iterdir()}

    def test_what_root_runs_leaves_nothing_of_roots(self):
        sandbox, spool = self.nobodys()
        spool.drop("orders.csv", orders(3))
        os.chown(spool.root / "inbox" / "orders.csv", NOBODY["user"], NOBODY["group"])
        spool.drain(expect=0)
        for command in (["pause"], ["resume"], ["recover"], ["status"]):
            spool.sluice(*command, expect=0)
        self.assertEqual(set(self.owners(spool).values()), {NOBODY["user"]}, self.owners(spool))
        spool.run_daemon(**NOBODY)
        spool.drop("more.csv", orders(3, 10))
        spool.wait_for_jobs(2)

    def test_a_member_who_checks_is_told_what_came_before_by_the_process_that_runs(self):
        sandbox, spool = self.unpaced()
        spool.let_anybody_run_it()
        self.folder.chmod(0o755)
        spool.folder.chmod(0o755)
        spool.drop("orders.csv", orders(3))
        spool.drain(expect=0)
        spool.root.chmod(0o750)
        again = spool.folder / "again.csv"
        again.write_bytes((spool.root / "archive" / f"orders.{spool.only_job().id}.csv").read_bytes())

        def check():
            said = subprocess.run([spool.program, "--config", str(spool.config), "check", str(again)], check=False,
                                  capture_output=True, text=True, user=65534, group=0, extra_groups=[])
            return said.returncode, said.stdout
        code, said = check()
        self.assertEqual((code, said.count("what came before is not known: no sluice process runs that could be asked")), (0, 1),
                         said)
        spool.run_daemon()
        code, said = check()
        self.assertEqual(code, 2, said)
        self.assertIn(spool.only_job().id, said)
        self.assertNotIn("not known", said)


@unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
class OnTheSocket(OnABadDisk):
    """What a member of the socket's group, or whoever plants one, can do there."""

    @contextlib.contextmanager
    def as_member(self):
        """The kernel notes who connects or listens by the effective user (unix(7), SO_PEERCRED)."""
        os.seteuid(NOBODY["user"])
        try:
            yield
        finally:
            os.seteuid(0)

    def test_idle_connections_lock_nobody_out(self):
        sandbox, spool = self.unpaced()
        self.folder.chmod(0o755)
        spool.folder.chmod(0o755)
        spool.run_daemon()
        path = str(spool.root / "control.sock")

        def connected():
            with self.as_member():
                peer = socket.socket(socket.AF_UNIX)
                self.addCleanup(peer.close)
                peer.settimeout(PATIENCE)
                peer.connect(path)
            return peer

        def answer(peer):
            peer.sendall(b"GET /status HTTP/1.1\r\nHost: sluice\r\n\r\n")
            return peer.recv(65536)
        silent = [connected() for _ in range(40)]
        spool.sluice("pause", expect=0)
        for _ in range(40):
            self.assertIn(b"200 OK", answer(connected()), "the longest idle made room")
        self.assertEqual(silent[0].recv(1), b"", "that one")

    def test_a_planted_socket_is_not_believed(self):
        sandbox, spool = self.unpaced()
        self.folder.chmod(0o755)
        spool.folder.chmod(0o755)
        spool.root.chmod(0o777)
        listening = socket.socket(socket.AF_UNIX)
        self.addCleanup(listening.close)
        with self.as_member():
            listening.bind(str(spool.root / "control.sock"))
            listening.listen()
        said = spool.sluice("status", expect=78).stderr
        self.assertIn("what it says is not believed", said)


if __name__ == "__main__":
    unittest.main()

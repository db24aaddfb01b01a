"""What an operator does: pause, hold, cancel, stop, reload; all of it outlives a restart."""

import contextlib
import fcntl
import json
import os
import pwd
import signal
import struct
import subprocess
import unittest

import order_files
from harness import UNPACED, EndToEnd, merged
from processes import PATIENCE, end_process, wait_until

USER = pwd.getpwuid(os.getuid()).pw_name
SLOW = {"batch": {"orders": 1}, "rate": {"requests": 30}}
# With answers that are lost.
IN_DOUBT = {"retry": {"in_doubt": "hold"}}


def naps(process):
    """How often it has waited for something."""
    with open(f"/proc/{process.pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("voluntary_ctxt_switches"))


class Operating(EndToEnd):
    def begun(self, *options, rows=200, settings=None):
        """A daemon in the middle of a file."""
        sandbox, spool = self.unpaced("--latency", "10ms", *options, settings=merged(SLOW, settings or {}))
        daemon = spool.run_daemon()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(rows)))
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 10, what="the first orders")
        return sandbox, spool, daemon

    def assert_stands_still(self, sandbox):
        """Long enough for twenty requests, none comes."""
        wait_until(lambda: self.quiet(sandbox), what="stillness")

    def quiet(self, sandbox):
        stats = sandbox.stats()
        return stats["now_us"] - stats["arrivals_us"][-1] > 500_000

    def test_a_pause_outlives_a_kill_and_ends_with_resume(self):
        sandbox, spool, daemon = self.begun()
        spool.sluice("pause", expect=0)
        self.assert_stands_still(sandbox)
        self.assertEqual(spool.status()["pause"], "operator")
        end_process(daemon, signal.SIGKILL)
        daemon = spool.run_daemon()
        self.assertEqual(spool.status()["pause"], "operator")
        self.assertTrue(self.quiet(sandbox))
        spool.sluice("resume", expect=0)
        job, = spool.wait_for_jobs(1)
        self.assertEqual(sum(job.counts.values()), 200)
        self.assertEqual(set(job.counts) - {"accepted", "accepted_earlier"}, set())

    def test_the_history_names_jobs_newest_first_with_and_without_a_process(self):
        _, spool = self.unpaced()
        for name in ("monday.csv", "tuesday.csv"):
            spool.drop(name, order_files.as_csv(order_files.create_orders(2, first=len(name) * 100)))
            spool.drain(expect=0)
        silent = spool.sluice("history", expect=0).stdout
        self.assertRegex(silent, r"^\d{8}-2  tuesday.csv  done  .* UTC  2 accepted\n\d{8}-1  monday.csv  done .*\n$")
        spool.run_daemon()
        self.assertEqual(spool.sluice("history", "--since", "7d", expect=0).stdout, silent)
        only = spool.sluice("history", "--name", "monday", expect=0).stdout
        self.assertIn("monday.csv", only)
        self.assertNotIn("tuesday.csv", only)
        self.assertEqual(spool.sluice("history", "--since", "2020-01-01", "--name", "friday", expect=0).stdout,
                         "no such job\n")
        self.assertIn("expected a day", spool.sluice("history", "--since", "lunch", expect=64).stderr)

    def test_find_tells_every_job_that_an_order_was_in_with_and_without_a_process(self):
        sandbox, spool = self.unpaced()
        orders = order_files.create_orders(3, first=500)
        uid, other = orders[1]["uid"], orders[2]["uid"]
        spool.drop("monday.csv", order_files.as_csv(orders))
        spool.drain(expect=0)
        orders[1]["nickname"] = "again"  # another order of the same uid: the API refuses it
        spool.drop("tuesday.csv", order_files.as_csv(orders[:2]))
        spool.drain()
        silent = spool.sluice("find", uid, expect=0).stdout
        self.assertRegex(silent, r"^\d{8}-2  tuesday.csv  order 2 of the file: refused\n")
        self.assertRegex(silent, r"\n\d{8}-1  monday.csv  order 2 of the file: accepted\n    .*uid " + uid)
        found = json.loads(spool.sluice("find", uid, "--json", expect=0).stdout)["orders"]
        self.assertEqual([order["outcome"] for order in found], ["refused", "accepted"])
        self.assertEqual([order["status"] for order in found], [6, 1])
        spool.run_daemon()
        self.assertEqual(spool.sluice("find", uid, expect=0).stdout, silent)
        self.assertEqual(json.loads(spool.sluice("find", found[1]["order_id"], "--json", expect=0).stdout)["orders"],
                         [found[1]])
        self.assertEqual(json.loads(spool.sluice("find", found[1]["ids"]["douyinId"], "--json").stdout)["orders"],
                         found)
        self.assertEqual(len(json.loads(spool.sluice("find", other, "--json").stdout)["orders"]), 1)
        story = spool.sluice("show", found[0]["job"], expect=0).stdout
        self.assertRegex(story, r"\n2 × .*overlap.* \(rows 1, 2\)\n")
        self.assertRegex(story, r"the last 1 of 1 requests with results:\n  20.*Z  \S+  2 refused\n")
        self.assertIn("Nothing is remembered of 77", spool.sluice("find", "77", expect=0).stdout)

    def test_pause_and_resume_work_without_a_process_too(self):
        sandbox, spool = self.unpaced()
        spool.sluice("pause", expect=0)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        spool.drain("--within", "1s", expect=3)
        self.assertEqual(sandbox.stats()["requests"], 0)
        spool.sluice("resume", expect=0)
        spool.drain(expect=0)

    def test_a_held_job_waits_and_another_goes_on(self):
        sandbox, spool, daemon = self.begun()
        job = spool.status()["jobs"][0]["job"]
        spool.sluice("hold", job, expect=0)
        spool.drop("other.csv", order_files.as_csv(order_files.create_orders(5, 1000)))
        other, = spool.wait_for_jobs(1)
        self.assertEqual(other.summary["name"], "other.csv")
        self.assert_stands_still(sandbox)
        end_process(daemon)
        spool.drain(expect=3)
        spool.sluice("release", job, expect=0)
        spool.drain(expect=0)
        self.assertEqual(sum(spool.finished()[0].counts.values()), 200)

    def test_a_cancelled_job_accounts_for_every_row(self):
        sandbox, spool, daemon = self.begun()
        job = spool.status()["jobs"][0]["job"]
        spool.sluice("cancel", job, expect=0)
        finished, = spool.wait_for_jobs(1)
        finished.check_whole(self, 200)
        self.assertEqual(set(finished.counts), {"accepted", "not_sent"})
        self.assertEqual(finished.counts["accepted"], sandbox.stats()["applied_orders"])
        failures = finished.failures_path.read_bytes()
        spool.drop("rest.csv", failures)
        rest = spool.wait_for_jobs(2)[1]
        self.assertEqual(rest.counts, {"accepted": finished.counts["not_sent"]})
        self.assertEqual(sandbox.stats()["applied_orders"], 200)

    def test_sigterm_finishes_what_is_in_flight_and_notes_the_rest(self):
        sandbox, spool, daemon = self.begun("--jitter", "200ms")
        self.assertEqual(end_process(daemon), 0)
        seen = sandbox.requests()
        self.assertTrue(all(request["answered_us"] for request in seen), "nothing was cut")
        spool.drain(expect=0)
        self.assertEqual(spool.only_job().counts, {"accepted": 200})

    def test_after_the_grace_what_is_in_flight_is_cut_and_may_have_been_applied(self):
        sandbox, spool, daemon = self.begun(settings={"stop": {"grace": "5s"}, "retry": {"in_doubt": "hold"},
                                                     "upstream": {"response_timeout": "60s"}})
        sandbox.set_faults("timeout-after@1")
        wait_until(lambda: any(request["what"].startswith("timeout") for request in sandbox.requests()), what="the fault")
        self.assertEqual(end_process(daemon), 0)
        spool.drain(expect=1)
        self.assertEqual(spool.only_job().counts, {"accepted": 199, "in_doubt": 1})
        self.assertEqual(sandbox.stats()["applied_orders"], 200)

    def test_sighup_takes_over_what_can_change(self):
        sandbox, spool, daemon = self.begun(rows=400, settings={"log": {"level": "info"}})
        spool.configure(merged(spool.settings, {"batch": {"orders": 50}}))
        daemon.send_signal(signal.SIGHUP)
        spool.drop("later.csv", order_files.as_csv(order_files.create_orders(100, 2000)))
        wait_until(lambda: any(request["orders"] == 50 for request in sandbox.requests()), what="a batch of 50")
        spool.configure(merged(spool.settings, {"rate": {"requests": 7}}))
        daemon.send_signal(signal.SIGHUP)
        self.wait_for_log(daemon, "rate.requests")
        spool.config.write_text("upstream: [")
        daemon.send_signal(signal.SIGHUP)
        for job in spool.wait_for_jobs(2):
            self.assertEqual(set(job.counts), {"accepted"})
        self.assertIsNone(daemon.poll(), "a broken file changes nothing")

    def test_the_status_shows_bar_rows_and_eta(self):
        sandbox, spool, daemon = self.begun()
        job = spool.status()["jobs"][0]
        self.assertEqual(job["rows"], 200)
        shown = spool.sluice("status", expect=0).stdout
        self.assertIn(job["job"], shown)
        self.assertIn("orders.csv", shown)
        self.assertRegex(shown, r"█.* \d+/200, done about")
        self.assertIn(job["job"], spool.sluice("show", job["job"], expect=0).stdout)


class Telling(EndToEnd):
    """What status, show and the commands say, with a process and without."""

    def assert_in_doubt_until_resolved(self, spool, job):
        left, = spool.status()["in_doubt"]
        self.assertEqual((left["job"], left["orders"], left["file"]), (job.id, 1, job.in_doubt_path.name))
        self.assertIn(f"sluice resolve {job.id} --applied", spool.sluice("status", expect=0).stdout)
        self.assertIn("not resolved", spool.sluice("show", job.id, expect=0).stdout)
        spool.sluice("resolve", job.id, "--not-applied", expect=0)
        self.assertEqual(spool.status()["in_doubt"], [])
        self.assertIn(f"resolved as not applied by {USER} at 20", spool.sluice("show", job.id, expect=0).stdout)

    def test_a_job_in_doubt_is_told_until_it_is_resolved(self):
        sandbox, spool = self.unpaced("--fault", "reset-after", settings=IN_DOUBT)
        for number, name in enumerate(("first.csv", "second.csv")):
            spool.drop(name, order_files.as_csv(order_files.create_orders(1, number)))
            spool.drain(expect=1)
        first, second = spool.finished()
        spool.run_daemon()
        spool.sluice("resolve", first.id, "--applied", expect=0)
        self.assert_in_doubt_until_resolved(spool, second)
        spool.end_all()
        self.assertEqual(spool.status()["in_doubt"], [])
        self.assertIn(f"resolved as applied by {USER} at 20", spool.sluice("show", first.id, expect=0).stdout)

    def test_files_of_finished_jobs_go_when_they_are_old_enough_but_not_what_is_in_doubt(self):
        keep = {"keep": {"archive": "1ms", "outbox": "1ms", "rejected": "1ms"}}
        sandbox, spool = self.unpaced("--fault", "timeout-after", settings=IN_DOUBT)
        spool.drop("doubtful.csv", order_files.as_csv(order_files.create_orders(1)))
        spool.drain(expect=1)
        sandbox.set_faults("")
        doubtful = spool.only_job().id
        spool.drop("good.csv", order_files.as_csv(order_files.create_orders(1, 100)))
        spool.drop("bad.csv", "nothing,known\n1,2\n")
        spool.drain(expect=2)
        (spool.root / "outbox/mine.csv").write_text("not sluice's")
        spool.configure(merged(UNPACED, IN_DOUBT, keep))
        daemon = spool.run_daemon()

        def left(of_doubtful):
            return [path.name for folder in ("archive", "outbox", "rejected") for path in (spool.root / folder).iterdir()
                    if (doubtful in path.name) == of_doubtful]

        wait_until(lambda: left(False) == ["mine.csv"], what="the old files to go")
        self.assertEqual(len(left(True)), 4)
        spool.sluice("resolve", doubtful, "--applied", expect=0)
        end_process(daemon)
        spool.run_daemon()
        wait_until(lambda: not left(True), what="the last to go")

    def test_a_reload_takes_over_how_long_files_stay(self):
        _, spool = self.unpaced()
        daemon = spool.run_daemon()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(1)))
        spool.wait_for_jobs(1)
        archive = spool.root / "archive"
        wait_until(lambda: list(archive.iterdir()), what="the original in the archive")
        spool.configure(merged(UNPACED, {"keep": {"archive": "1ms"}}))
        daemon.send_signal(signal.SIGHUP)
        wait_until(lambda: not list(archive.iterdir()), what="the archive to be emptied")
        self.wait_for_log(daemon, "is removed from archive/")
        self.assertNotEqual(list((spool.root / "outbox").iterdir()), [], "of which nothing was said")

    def test_a_job_in_doubt_is_told_and_resolved_without_a_process_too(self):
        sandbox, spool = self.unpaced("--fault", "reset-after", settings=IN_DOUBT)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(1)))
        spool.drain(expect=1)
        self.assert_in_doubt_until_resolved(spool, spool.only_job())

    def test_an_order_found_to_have_been_applied_is_never_sent_again_and_one_that_was_not_is(self):
        sandbox, spool = self.unpaced("--no-overlap-guard", "--fault", "reset-after", settings=IN_DOUBT)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(4)))
        spool.drain(expect=1)
        sandbox.set_faults("")
        job = spool.only_job()
        self.assertEqual(job.counts, {"in_doubt": 4})
        lines = job.in_doubt_path.read_text().splitlines()
        answers = ["applied", "yes", "No", "是", ""]
        looked_up = spool.folder / "looked-up.csv"
        looked_up.write_text("".join(f"{line},{answer}\n" for line, answer in zip(lines, answers, strict=True)))
        self.assertIn("2 as applied, 1 as not applied, 1 not looked up yet",
                      spool.sluice("resolve", job.id, "--file", str(looked_up), expect=0).stdout)
        self.assertEqual([(left["job"], left["orders"]) for left in spool.status()["in_doubt"]], [(job.id, 1)])
        spool.drop("again.csv", job.in_doubt_path.read_bytes())
        spool.drain(expect=1)
        again = spool.finished()[1]
        self.assertEqual([row["result"] for row in again.results], ["duplicate", "accepted", "duplicate", "in_doubt"])
        self.assertEqual(again.failures, [])
        self.assertIn(f"{job.id} (row 1)", again.results[0]["result_message"])
        said = spool.sluice("resolve", job.id, "--not-applied", expect=64).stderr
        self.assertIn(f"by {USER} at 20", said)
        self.assertIn("--force", said)
        spool.sluice("resolve", job.id, "--not-applied", "--force", expect=0)
        self.assertEqual(spool.status()["in_doubt"], [])
        other = order_files.as_csv(order_files.create_orders(1, 77), line_end="\n").splitlines()
        for bad, words in ((lines[0] + "\n" + lines[1] + "\n", "has no column applied"),
                           (lines[0] + ",applied\n" + lines[1] + ",perhaps\n", "expected yes or no"),
                           (lines[0] + ",applied\n" + lines[1] + ",\n", "says of no order"),
                           (f"{other[0]},applied\n{other[1]},yes\n", "are not in doubt in")):
            looked_up.write_text(bad)
            said = spool.sluice("resolve", job.id, "--file", str(looked_up)).stderr
            self.assertIn(words, said)

    def test_who_paused_held_and_cancelled_is_kept_and_shown(self):
        sandbox, spool = self.unpaced(settings=SLOW)
        spool.sluice("pause", expect=0)
        self.assertIn(f"paused by {USER} at 20", spool.sluice("status", expect=0).stdout)
        spool.run_daemon()
        self.assertIn(f"paused by {USER} at 20", spool.sluice("status", expect=0).stdout)
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(3)))
        wait_until(lambda: [job["state"] for job in spool.status()["jobs"]] == ["sending"], what="the job")
        job = spool.status()["jobs"][0]["job"]
        spool.sluice("hold", job, expect=0)
        self.assertIn(f"held by {USER} at 20", spool.sluice("status", expect=0).stdout)
        spool.sluice("cancel", job, expect=0)
        self.assertIn(f"cancelled by {USER} at 20", spool.sluice("show", job, expect=0).stdout)

    def test_the_jobs_that_ended_last_are_told_with_what_became_of_them(self):
        sandbox, spool = self.unpaced()
        spool.drop("good.csv", order_files.as_csv(order_files.create_orders(2)))
        self.assertIn("drained: every order accepted, or nothing to do (exit 0)", spool.drain(expect=0).stderr)
        daemon = spool.run_daemon()
        spool.drop("bad.csv", "nobody,knows\n1,2\n")
        wait_until(lambda: len(spool.status()["finished"]) == 2, what="the second job's end")
        bad, good = spool.status()["finished"]
        self.assertEqual((bad["name"], bad["state"], bad["exit"]), ("bad.csv", "rejected", 2))
        self.assertEqual((good["name"], good["state"], good["exit"]), ("good.csv", "done", 0))
        end_process(daemon)
        self.assertEqual([job["name"] for job in spool.status()["finished"]], ["bad.csv", "good.csv"])
        self.assertRegex(spool.sluice("status", expect=0).stdout, r"finished: .*good\.csv  done .*: 2 accepted")

    def test_a_credential_that_is_gone_is_told_until_it_is_back(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        spool.credential_file.unlink()
        wait_until(lambda: spool.status()["credential"], what="word of the credential")
        self.assertIn(f"CREDENTIAL: upstream.authorization (file {spool.credential_file}) ",
                      spool.sluice("status", expect=0).stdout)
        spool.write_credential(spool.credential)
        wait_until(lambda: not spool.status()["credential"], what="silence about the credential")
        self.wait_for_log(daemon, "the one read before stays in force")
        self.assertEqual(daemon.log.read_text().count("the one read before stays in force"), 1)

    def test_what_cannot_be_done_to_a_job_is_refused_in_words(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(1)))
        spool.drain(expect=0)
        job = spool.only_job().id
        without = [spool.sluice(verb, job, expect=64).stderr for verb in ("hold", "release", "cancel")]
        spool.run_daemon()
        self.assertEqual([spool.sluice(verb, job, expect=64).stderr for verb in ("hold", "release", "cancel")], without)
        self.assertIn(f"{job} is finished, and nothing was changed", without[0])
        self.assertIn("nothing was paused", spool.sluice("resume", expect=0).stdout)

    def test_what_is_no_regular_file_is_told_once_in_the_log(self):
        sandbox, spool = self.unpaced()
        drained = self.spool(sandbox, name="drained")
        for inbox in (spool.root / "inbox", drained.root / "inbox"):
            (inbox / "old").mkdir()
            os.mkfifo(inbox / "fifo.csv")
            (inbox / "link.csv").symlink_to("/nowhere")
        daemon = spool.run_daemon()
        drain = drained.start("drain")
        whys = ("old", "it is a folder"), ("fifo.csv", "it is a FIFO"), ("link.csv", "it is a symbolic link")
        for name, why in whys:
            told = f"{name} is not taken: {why}; only regular files are taken"
            self.wait_for_log(daemon, told)
        self.assertEqual(daemon.log.read_text().count("is not taken"), 3)
        self.assertEqual(drain.wait(PATIENCE), 0)
        for name, why in whys:
            self.wait_for_log(drain, f"{name} is left in the inbox: {why}")

    @unittest.skipUnless(os.geteuid() == 0, "takes another user's place")
    def test_another_user_is_told_who_may_look(self):
        sandbox, spool = self.unpaced()
        spool.drain(expect=0)
        self.folder.chmod(0o755)
        spool.let_anybody_run_it()

        def status_as_nobody():
            return subprocess.run([spool.program, "--config", str(spool.config), "status"], capture_output=True, text=True,
                                  user=65534, group=65534, extra_groups=[], check=False)
        spool.root.chmod(0o755)
        said = status_as_nobody()
        self.assertEqual(said.returncode, 78)
        self.assertIn("`sudo -u sluice sluice ...`", said.stderr)
        spool.run_daemon()
        said = status_as_nobody()
        self.assertEqual(said.returncode, 78)
        self.assertIn("only members of the socket's group", said.stderr)

    @contextlib.contextmanager
    def another_process(self, spool):
        """Has the spool and no socket, as one that is starting."""
        with open(spool.root / "state" / "lock", "r+b") as lock:
            fcntl.fcntl(lock, fcntl.F_OFD_SETLK, struct.pack("hhqqi", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
            yield

    def test_a_command_waits_for_a_process_that_is_starting(self):
        sandbox, spool = self.unpaced()
        spool.drain(expect=0)
        with self.another_process(spool):
            command = spool.start("pause")
            wait_until(lambda: command.poll() is not None or naps(command) > 5, what="waiting")
            self.assertIsNone(command.poll(), "it waits")
        self.assertEqual(command.wait(PATIENCE), 0)
        self.assertEqual(spool.status()["pause"], "operator")

    def test_a_process_that_never_listens_is_told_as_that(self):
        sandbox, spool = self.unpaced()
        spool.drain(expect=0)
        with self.another_process(spool):
            said = spool.sluice("pause", expect=75).stderr
            self.assertIn("nothing was changed", said)
            self.assertIn("try again in a moment", said)
            shown = spool.sluice("status", expect=0).stdout
            self.assertIn("starting, stopping or recovering", shown)
            self.assertNotIn("no sluice process", shown)
        self.assertIn("no sluice process works this spool", spool.sluice("status", expect=0).stdout)


class Guards(EndToEnd):
    def test_a_first_hundred_refused_alike_holds_the_job(self):
        sandbox, spool = self.unpaced(settings={"batch": {"orders": 10}, "upstream": {"max_in_flight": 1}})
        orders = [order_files.create_order(n, nickname="长" * 21) for n in range(400)]
        spool.drop("orders.csv", order_files.as_csv(orders))
        said = spool.drain(expect=3)
        self.assertIn("3", said.stdout + said.stderr)
        self.assertLessEqual(sandbox.stats()["orders_received"], 120)
        job = spool.status()["jobs"][0]["job"]
        spool.sluice("release", job, expect=0)
        spool.drain(expect=1)
        self.assertEqual(spool.only_job().counts, {"refused": 400})

    def test_a_day_has_its_cap(self):
        sandbox, spool = self.unpaced(settings={"guard": {"max_orders_per_day": 25}, "batch": {"orders": 10}})
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(60)))
        said = spool.drain(expect=3)
        self.assertIn("at midnight (UTC+8)", said.stdout + said.stderr)
        self.assertEqual(sandbox.stats()["applied_orders"], 25)
        spool.sluice("release", spool.status()["jobs"][0]["job"], expect=0)
        spool.drain(expect=0)
        self.assertEqual(spool.only_job().counts, {"accepted": 60})


if __name__ == "__main__":
    unittest.main()

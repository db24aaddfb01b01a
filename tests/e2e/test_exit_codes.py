"""What scripts and cron jobs hang on: the exit codes."""

import pathlib
import re
import subprocess
import unittest

import order_files
from harness import EndToEnd
from processes import PATIENCE, SLUICE, end_process, wait_until


class ExitCodes(EndToEnd):
    def good(self, count=3, first=0):
        return order_files.as_csv(order_files.create_orders(count, first))

    def refused(self):
        return order_files.as_csv([order_files.create_order(900, nickname="长" * 21)])

    def test_0_when_there_is_nothing_to_do(self):
        self.unpaced()[1].drain(expect=0)

    def test_0_when_every_order_is_accepted_and_a_duplicate_counts_as_its_first_row(self):
        sandbox, spool = self.unpaced()
        orders = order_files.create_orders(3)
        spool.drop("orders.csv", order_files.as_csv(orders + orders[:1]))
        spool.drain(expect=0)
        self.assertEqual(spool.only_job().counts, {"accepted": 3, "duplicate": 1})

    def test_1_when_some_were_not_accepted(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", self.refused())
        spool.drop("more.csv", self.good())
        spool.drain(expect=1)

    def test_a_night_that_went_well_prints_nothing_and_one_with_a_refused_order_ten_lines_that_say_what_to_do(self):
        sandbox, spool = self.unpaced()
        for number in range(20):
            spool.drop(f"orders-{number}.csv", self.good(3, 3 * number))
        well = spool.drain("--quiet", "--within", "6h", expect=0)
        self.assertEqual(well.stdout + well.stderr, "")
        for number in range(20, 24):
            spool.drop(f"orders-{number}.csv", self.good(3, 3 * number))
        spool.drop("refused.csv", self.refused())
        mail = spool.drain("--quiet", "--within", "6h", expect=1)
        self.assertEqual(mail.stdout, "")
        line, = mail.stderr.splitlines()
        job = next(job for job in spool.finished() if job.counts == {"refused": 1})
        self.assertRegex(line, rf"^{job.id} \(refused.csv\): done, .*1 refused.* mend outbox/\*\.{job.id}\.failures\.\* ")
        for number in range(12):
            spool.drop(f"broken-{number}.csv", f"a,b\n1,{number}\n")
        lines = spool.drain("--quiet", expect=2).stderr.splitlines()
        self.assertEqual(len(lines), 10)
        self.assertIn("3 more like these", lines[-1])

    def test_a_night_whose_credential_is_refused_prints_why_nothing_went_out(self):
        sandbox, spool = self.unpaced("--authorization", "Bearer another")
        spool.drop("orders.csv", self.good())
        lines = spool.drain("--quiet", expect=3).stderr.splitlines()
        self.assertLessEqual(len(lines), 10)
        self.assertIn("put the new value into the file", lines[0])

    def test_2_when_a_file_was_rejected_whole(self):
        sandbox, spool = self.unpaced()
        spool.drop("refused.csv", self.refused())
        spool.drop("broken.csv", "a,b\n1,2\n")
        spool.drain(expect=2)

    def test_3_when_work_is_left_and_it_wins_over_the_others(self):
        sandbox, spool = self.unpaced("--latency", "50ms", settings={"batch": {"orders": 1}, "rate": {"requests": 20}})
        spool.drop("broken.csv", "a,b\n1,2\n")
        spool.drop("orders.csv", self.good(200))
        spool.drain("--within", "3s", expect=3)
        self.assertEqual(spool.finished(), [])
        self.assertEqual(sandbox.stats()["applied_orders"], sandbox.stats()["requests"])

    def test_3_at_once_when_the_line_is_paused_for_authorization(self):
        sandbox, spool = self.unpaced("--authorization", "Bearer another")
        spool.drop("orders.csv", self.good())
        spool.drain(expect=3)
        self.assertEqual(sandbox.stats()["requests"], 1)

    def test_3_when_a_job_is_held(self):
        sandbox, spool = self.unpaced(settings={"guard": {"max_orders_per_file": 2}})
        spool.drop("orders.csv", self.good())
        spool.drain(expect=3)
        self.assertEqual(sandbox.stats()["applied_orders"], 0)

    def test_64_for_a_command_line_that_makes_no_sense(self):
        for words in (["drain", "--nonsense"], ["nonsense"], [], ["drain", "--within", "soon"], ["check"],
                      ["resolve", "20240101-1"]):
            result = subprocess.run([SLUICE, *words], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(result.returncode, 64, (words, result.stderr))
            self.assertTrue(result.stderr.strip(), words)
        for words in (["--help"], ["--version"], ["drain", "--help"]):
            result = subprocess.run([SLUICE, *words], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual((result.returncode, result.stderr), (0, ""), words)
            self.assertTrue(result.stdout.strip(), words)

    def test_75_when_another_process_works_this_spool(self):
        sandbox, spool = self.unpaced()
        daemon = spool.run_daemon()
        for command in ("drain", "run"):
            said = spool.sluice(command, expect=75)
            self.assertIn(str(daemon.pid), said.stdout + said.stderr, "it names the process")
        end_process(daemon)
        spool.drain(expect=0)

    def test_78_for_a_bad_configuration_with_its_place_and_the_nearest_key(self):
        sandbox, spool = self.unpaced()
        good = spool.config.read_text()
        line = len(good.splitlines()) + 2
        spool.config.write_text(good + "stop:\n  grcae: 30s\n")
        for command in (["config", "--check"], ["drain"], ["run"]):
            said = spool.sluice(*command, expect=78).stderr
            self.assertIn(f"{spool.config}:{line}:3", said)
            self.assertIn("grcae", said)
            self.assertIn("grace", said)
        for wrong in (good.replace("100ms", "100"), good.replace("first_delay: \"200ms\"", "first_delay: [1]"),
                      good.replace(sandbox.url, "http://192.0.2.1/prod-api/"), "a: [", ""):
            spool.config.write_text(wrong)
            self.assertTrue(spool.sluice("config", "--check", expect=78).stderr.strip(), wrong)
        missing = subprocess.run([SLUICE, "--config", "/nonexistent.yaml", "drain"], capture_output=True, timeout=PATIENCE)
        self.assertEqual(missing.returncode, 78)

    def test_78_for_a_credential_that_cannot_be_had_and_a_check_of_the_settings_says_what_a_start_would(self):
        sandbox, spool = self.unpaced()
        spool.sluice("config", "--check", expect=0)
        self.assertEqual(sandbox.stats()["requests"], 0)
        empty, lines = spool.folder / "empty", spool.folder / "lines"
        empty.write_text(" \n")
        lines.write_text("one\ntwo\n")
        for source, words in (({"env": "SLUICE_TEST_UNSET"}, "is not set in the environment"),
                              ({"credential": "authorization"}, "$CREDENTIALS_DIRECTORY is not set"),
                              ({"file": str(spool.folder / "never-there")}, "No such file"),
                              ({"file": str(spool.folder)}, "is no regular file"),
                              ({"file": str(empty)}, "is empty"),
                              ({"file": str(lines)}, "more than one line")):
            with self.subTest(source):
                spool.configure({"upstream": {"authorization": source}})
                spool.sluice("config", expect=0)
                said = spool.sluice("config", "--check", expect=78).stderr.strip()
                self.assertIn(words, said)
                self.assertNotIn("somebody", said)
                self.assertIn(said, spool.drain(expect=78).stderr)

    def test_78_for_a_database_where_libpq_cannot_be_loaded_and_without_a_database_nobody_asks_for_it(self):
        _, spool = self.unpaced()
        without = {"LD_LIBRARY_PATH": str(spool.folder)}
        library = spool.folder / "libpq.so.5"  # found before the true one
        library.write_bytes(b"")
        spool.drain(expect=0, env=without)
        spool.configure({"spool": str(spool.folder / "another"), "ledger": {"postgresql": "host=/nonexistent dbname=sluice"}})
        spool.sluice("config", "--check", expect=0)
        ours = subprocess.run(["ldd", SLUICE], capture_output=True, text=True, check=True).stdout
        another = pathlib.Path(re.search(r"libutf8proc\S+ => (\S+)", ours)[1]).read_bytes()
        for content, why in ((b"", "too short"), (another, "PQclear")):
            with self.subTest(why):
                library.write_bytes(content)
                said = spool.sluice("config", "--check", expect=78, env=without).stderr.strip()
                self.assertIn(why, said)
                self.assertIn("apt install libpq5", said)
                self.assertIn(said, spool.drain(expect=78, env=without).stderr)

    def test_78_for_a_spool_that_is_no_folder_and_a_damaged_ledger(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", self.refused())
        spool.drain(expect=1)
        ledger = [path for path in (spool.root / "state").iterdir() if path.read_bytes()[:15] == b"SQLite format 3"]
        self.assertEqual(len(ledger), 1)
        data = bytearray(ledger[0].read_bytes())
        data[4096:] = bytes(len(data) - 4096)
        for extra in pathlib.Path(spool.root / "state").glob(ledger[0].name + "-*"):
            extra.unlink()
        ledger[0].write_bytes(data)
        spool.drop("more.csv", self.good())
        said = spool.drain(expect=78)
        self.assertIn("recover", said.stdout + said.stderr)
        self.assertEqual(sandbox.stats()["requests"], 1, "a ledger that fails its check sends nothing")
        spool.configure({"spool": str(spool.credential_file)})
        spool.drain(expect=78)

    def test_status_health_is_0_at_work_1_when_paused_2_when_nothing_runs(self):
        _, spool = self.unpaced()
        spool.drain(expect=0)
        self.assertIn("not running", spool.sluice("status", "--health", expect=2).stdout)
        spool.run_daemon()
        self.assertEqual(spool.sluice("status", "--health", expect=0).stdout, "working\n")
        spool.sluice("pause", expect=0)
        self.assertIn("PAUSED (operator", spool.sluice("status", "--health", expect=1).stdout)

    def test_run_ends_with_0_on_sigterm(self):
        sandbox, spool = self.unpaced("--latency", "30ms", settings={"batch": {"orders": 1}})
        spool.drop("orders.csv", self.good(2000))
        daemon = spool.run_daemon()
        wait_until(lambda: sandbox.stats()["applied_orders"] >= 10, what="orders")
        self.assertEqual(end_process(daemon), 0)
        spool.drain(expect=0)
        self.assertEqual(spool.only_job().counts, {"accepted": 2000}, "what was in flight was finished, not cut")


if __name__ == "__main__":
    unittest.main()

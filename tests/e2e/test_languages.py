"""What a reader of one language sees is in that language alone: help, mistakes, every command, the log, what files say."""

import re
import unittest

import order_files
from harness import EndToEnd, merged
from processes import end_process
from spool_folder import CHINESE, ENGLISH
from two_languages import chinese_in, english_in

MISTAKES = [["frobnicate"], ["--frobnicate"], ["show"], ["show", "x"], ["status", "a"], ["status", "a", "b"], ["drain", "--within", "7"],
            ["drain", "--within"], ["history", "--since", "x"], ["history", "--name", "a", "--name", "b"], ["resolve", "20250101-1"]]
SETTINGS = {"a value without its unit": {"retry": {"first_delay": "6 seconds"}}, "an unknown key": {"rates": {"requests": 1}},
            "a bad address": {"upstream": {"base_url": "ftp://a"}}, "a bad path": {"spool": "spool"}, "a list for a value": {"rate": [1]},
            "a bad choice": {"retry": {"in_doubt": "perhaps"}}, "a bad suffix": {"inbox": {"ready_suffix": "a/b"}},
            "a bad listener": {"control": {"metrics": "nowhere"}}, "a bad credential": {"upstream": {"authorization": {"file": "a"}}}}


class Reader:
    """One who reads one language only, with a file in it: its headers are in that language too."""

    def __init__(self, case, name, environment, setting, headers, foreign):
        self.case, self.environment, self.foreign = case, environment, foreign
        self.api, self.spool = case.unpaced(settings={"language": setting}, name=name)
        self.headers = headers

    def expect_own(self, what, text):
        text = text.replace(str(self.case.folder), "/srv")
        with self.case.subTest(what, environment=self.environment["LC_ALL"]):
            self.case.assertEqual(self.foreign(text), [], text)
            self.case.assertNotRegex(text, r"\{\d|[\x1c-\x1e]")

    def command(self, *words):
        done = self.spool.sluice(*words, env=self.environment)
        self.expect_own("sluice " + " ".join(words), done.stdout + done.stderr)
        return done.stdout + done.stderr

    def csv(self, orders):
        return order_files.as_csv(orders, self.headers)


class Languages(EndToEnd):
    maxDiff = None

    def readers(self):
        yield Reader(self, "english", ENGLISH, "en", None, chinese_in)
        yield Reader(self, "chinese", CHINESE, "zh", order_files.CHINESE, english_in)

    def test_help_and_mistakes_on_the_command_line(self):
        for reader in self.readers():
            for command in re.findall(r"^  ([a-z]+)  ", reader.command("--help"), re.MULTILINE):
                reader.command(command, "--help")
            for mistake in MISTAKES:
                reader.command(*mistake)

    def test_settings_that_are_refused(self):
        for reader in self.readers():
            sound = reader.spool.config.read_text()
            for what, settings in SETTINGS.items():
                reader.spool.configure(settings)
                reader.command("config", "--check")
            for broken in ("rate: {requests: 1\n", "a\tb\n\tc: d\n", "rate：1\n", "rate:\n  per: 1s\n requests: 2\n", "- a\n", "a: b: c\n"):
                reader.spool.config.write_text(broken)
                reader.command("status")
            reader.spool.config.write_text(sound)
            reader.command("config", "--check")

    def test_a_job_from_check_to_find(self):
        for reader in self.readers():
            orders = order_files.create_orders(4)
            content = reader.csv(orders[:3] + [orders[3] | {"source": "?"}])
            path = reader.spool.folder / "orders.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            reader.command("check", str(path))
            reader.spool.drop("orders.csv", content)
            reader.spool.drop("book.csv", b"PK\x03\x04 a workbook")
            reader.command("drain", "--within", "60s")
            job = reader.spool.finished()[0]
            for row in job.results:
                reader.expect_own("results", row["result_message"] + "\n" + row["result_text"])
            for words in (["status"], ["history"], ["show", job.id], ["find", orders[0]["uid"]], ["find", "1234"], ["hold", job.id],
                          ["hold", "20250101-7"], ["resolve", job.id, "--applied"], ["resolve", job.id, "--file", str(path)], ["pause"],
                          ["resume"], ["recover"]):
                reader.command(*words)

    def test_orders_in_doubt_from_the_log_to_recover(self):
        for reader in self.readers():
            reader.spool.configure(merged(reader.spool.settings, {"retry": {"in_doubt": "hold"}}))
            reader.api.set_faults("reset-after")
            reader.spool.drop("orders.csv", reader.csv(order_files.create_orders(2)))
            reader.command("drain", "--within", "60s")
            job = reader.spool.finished()[0]
            for row in job.results:
                reader.expect_own("results", row["result_message"] + "\n" + row["result_text"])
            reader.command("status")
            reader.command("show", job.id)
            reader.command("resolve", job.id, "--file", str(job.in_doubt_path))
            (reader.spool.root / "state/ledger.sqlite").write_bytes(b"no ledger")
            reader.command("status")
            reader.command("recover")
            reader.command("resolve", job.id, "--not-applied")

    def test_the_log_of_a_daemon(self):
        for reader in self.readers():
            daemon = reader.spool.run_daemon(env=reader.environment)
            reader.spool.drop("orders.csv", reader.csv(order_files.create_orders(3)))
            reader.spool.wait_for_jobs(1)
            reader.command("status")
            reader.command("pause")
            reader.command("resume")
            end_process(daemon)
            reader.expect_own("log", daemon.log.read_text())


if __name__ == "__main__":
    unittest.main()

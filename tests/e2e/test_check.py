"""What `sluice check` says to a person, and that it sends nothing."""

import json
import unittest

import order_files
from harness import EndToEnd, merged
from processes import wait_until
from spool_folder import CHINESE


class Check(EndToEnd):
    def check(self, content, name="orders.csv", expect=0, env=None):
        sandbox, spool = self.unpaced()
        path = spool.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = spool.sluice("check", str(path), expect=expect, env=env).stdout
        self.assertEqual(sandbox.stats()["requests"], 0)
        return said

    def test_a_good_file_its_columns_its_requests_and_its_day(self):
        said = self.check(order_files.as_csv(order_files.create_orders(1), order_files.CHINESE))
        for line in ("  create orders, UTF-8, delimited by comma, lines end in CRLF", "  column 抖音号: douyinId",
                     "  1 row: 1 to send, 0 invalid, 0 duplicates"):
            self.assertIn(line, said.splitlines())
        self.assertIn("  1 request of up to 50 orders: about 1 s", said)
        self.assertRegex(said, r"become active on \d{4}-\d\d-\d\d")

    def test_updates_have_no_day_of_activation(self):
        said = self.check(order_files.as_csv([order_files.update_order("17", "1", 1)]))
        self.assertIn("modify orders", said)
        self.assertNotIn("become active", said)

    def test_all_that_is_wrong_with_a_row_at_once(self):
        order = order_files.create_order(1, uid="12x", source="Vodafone", endMonthTime="2019-01")
        said = self.check(order_files.as_csv([order]), expect=1)
        row = next(line for line in said.splitlines() if line.startswith("  line 2: invalid: "))
        for value in ("12x", "Vodafone", "2019-01"):
            self.assertIn(value, row)
        self.assertIn("  nothing would be sent", said.splitlines())

    def test_columns_a_spreadsheet_left_without_a_name_take_one_line(self):
        lines = order_files.as_csv(order_files.create_orders(2)).split("\r\n")
        named_last = "\n".join(line + (",,,memo" if n == 0 else ",,,x") for n, line in enumerate(filter(None, lines)))
        said = self.check(named_last)
        self.assertIn("  2 columns without a name: carried into the results, not sent", said.splitlines())
        self.assertNotIn("column :", said)

    def test_empty_columns_to_the_right_of_the_last_named_one_do_not_count(self):
        lines = order_files.as_csv(order_files.create_orders(2)).split("\r\n")
        said = self.check("\n".join(line + ",,," for line in lines if line))
        self.assertNotIn("without a name", said)
        self.assertIn("2 to send", said)

    def test_a_column_that_is_carried_though_it_seems_to_be_misspelled(self):
        said = self.check(order_files.as_csv(order_files.create_orders(2), {"province": "provnce", "nickname": "memo"}))
        self.assertIn("  column provnce: carried into the results, not sent; did you mean province?", said.splitlines())
        self.assertIn("  column memo: carried into the results, not sent", said.splitlines())

    def test_a_duplicate_by_the_line_of_the_first(self):
        orders = order_files.create_orders(2)
        text = order_files.as_csv(orders + orders[1:], order_files.CHINESE, line_end="\n")
        said = self.check(text.replace("\n", "\n\n", 1))
        self.assertIn("line 5: duplicate: Same order as in line 4", said)
        self.assertIn("3 rows: 2 to send, 0 invalid, 1 duplicate\n", said)

    def test_one_uid_twice_with_two_ends_is_warned_of_by_the_line_of_the_first(self):
        first = order_files.create_order(1)
        said = self.check(order_files.as_csv([first, order_files.create_order(2), first | {"endMonthTime": "2032-03"}]))
        line = next(line for line in said.splitlines() if line.startswith("  line 4: warning: "))
        self.assertIn(f"uid {first['uid']} stands in line 2 too", line)
        self.assertIn("3 to send", said)

    def test_a_totals_row(self):
        said = self.check(order_files.as_csv(order_files.create_orders(1), order_files.CHINESE) + "合计,,1,,,,\r\n", expect=1, env=CHINESE)
        self.assertIn("第 3 行：无效：本行像是表格的合计行", said)

    def test_what_is_refused_whole_in_the_readers_language(self):
        order = json.dumps(order_files.typed(order_files.create_order(1)))
        for content, words in ((b"", ("is empty", "文件是空的")),
                               (b"PK\x03\x04" + bytes(60), (".xlsx", "请先解压")),
                               ("抖音,用户ID\n1,2\n", ("抖音 (抖音号?)", "不认得")),
                               (f"[\n{order},\n]", ("Line 3, column 1: a comma", "多了一个逗号")),
                               (f'[\n{order},\n{{"uid":NaN}}]', ("Line 3, column 8: found 'N'", "不是 JSON"))):
            english, chinese = self.check(content, expect=2), self.check(content, expect=2, env=CHINESE)
            self.assertIn("  would be rejected, nothing of it sent:\n    ", english)
            self.assertIn(words[0], english)
            self.assertIn(words[1], chinese)

    def test_content_that_came_before_is_refused_as_drain_does_it(self):
        sandbox, spool = self.unpaced()
        spool.drop("orders.csv", order_files.as_csv(order_files.create_orders(2)))
        spool.drain(expect=0)
        copy = spool.folder / "copy.csv"
        copy.write_text(order_files.as_csv(order_files.create_orders(2)), newline="")
        said = spool.sluice("check", str(copy), expect=2).stdout
        self.assertIn("  would be rejected, nothing of it sent:\n    The same content was dropped in before, as job "
                      + spool.only_job().id, said)
        spool.drop("copy.csv", copy.read_bytes())
        spool.drain(expect=2)
        spool.configure(merged(spool.settings, {"inbox": {"duplicate_file": "process"}}))
        spool.sluice("check", str(copy), expect=0)
        spool.configure(merged(spool.settings, {"inbox": {"duplicate_file": "reject", "duplicate_window": "1s"}}))
        wait_until(lambda: spool.sluice("check", str(copy)).returncode == 0, what="the end of the window")
        self.assertEqual(sandbox.stats()["requests"], 1)

    def test_a_name_that_is_no_file(self):
        sandbox, spool = self.unpaced()
        self.assertIn("is a folder", spool.sluice("check", str(spool.folder), expect=2).stdout)
        said = spool.sluice("check", str(spool.folder / "never-there.csv"), expect=2).stdout
        self.assertIn("No such file", said)
        self.assertNotIn("somebody", said)


class Escaping(EndToEnd):
    def test_no_name_of_a_file_commands_the_terminal(self):
        sandbox, spool = self.unpaced()
        evil = "a\x1b[2J\n.csv"
        (spool.folder / evil).write_text("{\"\\u001b[2J\":[{}]}")
        for name in (evil, "missing" + evil):
            said = spool.sluice("check", str(spool.folder / name), expect=2)
            self.assertNotIn("\x1b", said.stdout + said.stderr)
            self.assertIn("\\x1B[2J\\x0A.csv", said.stdout + said.stderr)


if __name__ == "__main__":
    unittest.main()

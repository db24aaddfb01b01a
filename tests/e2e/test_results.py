"""A file with everything in it, and the failures file that comes back mended."""

import csv
import io
import unittest

import order_files
from harness import EndToEnd
from spool_folder import CHINESE, RESULT_COLUMNS, decode

REFUSED, BAD_PROVINCE, DAMAGED_UID, DUPLICATE, ORIGINAL = 5, 9, 17, 20, 3  # rows, counted from 1


def thirty_seven():
    """37 rows under Chinese headers, spelled as people do."""
    orders = order_files.create_orders(37)
    spellings = {"联通": ["中国联通", "China Unicom", "CUCC"], "移动": ["中国移动", "CMCC"], "电信": ["电信", "China Telecom"]}
    provinces = {"粤": ["广东", "广东省", "Guangdong", "gd"], "京": ["北京市", "beijing"], "沪": ["上海"], "川": ["四川省"]}
    for n, order in enumerate(orders):
        order["source"] = spellings[order["source"]][n % len(spellings[order["source"]])]
        if order["province"]:
            order["province"] = provinces[order["province"]][n % len(provinces[order["province"]])]
        order["isRenew"] = {"true": ["是", "TRUE", "1"], "false": ["否", "no", "0"]}[order["isRenew"]][n % 3]
        order["endMonthTime"] = ["2099-12", "2099/12", "2099-12-31"][n % 3]
    orders[REFUSED - 1]["nickname"] = "名" * 21
    orders[BAD_PROVINCE - 1]["province"] = "HN"
    orders[DAMAGED_UID - 1]["uid"] = "7.63045E+10"
    # The same order as another one, spelled otherwise.
    orders[DUPLICATE - 1] = {**orders[ORIGINAL - 1], "source": "CTCC", "province": "Shanghai", "isRenew": "否"}
    return orders


class ThirtySevenRows(EndToEnd):
    def setUp(self):
        super().setUp()
        self.api, self.client = self.unpaced()
        self.client.drop("七月.csv", order_files.as_csv(thirty_seven(), headers=order_files.CHINESE))
        self.client.drain(expect=1)
        self.job = self.client.only_job()

    def test_each_gets_its_own_result(self):
        self.job.check_whole(self, 37)
        expected = {REFUSED: "refused", BAD_PROVINCE: "invalid", DAMAGED_UID: "invalid", DUPLICATE: "duplicate"}
        for number, row in enumerate(self.job.results, 1):
            self.assertEqual(row["result"], expected.get(number, "accepted"), (number, row))
            self.assertEqual(row["result_row"], str(number + 1))
        self.assertEqual(self.job.counts, {"accepted": 33, "refused": 1, "invalid": 2, "duplicate": 1})
        self.assertEqual(self.job.summary["exit"], 1)
        self.assertEqual(self.api.stats()["applied_orders"], 33)
        self.assertEqual(self.api.stats()["requests"], 1, "one batch, and nothing of it twice")

    def test_what_goes_out_is_canonical(self):
        for order in self.api.orders():
            self.assertIn(order["source"], ["联通", "移动", "电信"])
            self.assertIn(order["province"], ["粤", "京", "沪", "川", ""])
            self.assertIn(order["endMonthTime"], ["2099-12", "2099-12-31"])

    def test_says_what_is_wrong_in_the_language_of_the_headers(self):
        refused, province, uid = self.job.failures
        self.assertEqual(refused["result_status"], "3")
        self.assertIn("省份", province["result_message"])
        self.assertIn("HN", province["result_message"])
        self.assertIn("湖南", province["result_message"], "the ambiguous one is told apart by name")
        self.assertIn("用户ID", uid["result_message"])
        self.assertIn("7.63045E+10", uid["result_message"])
        self.assertEqual([row["result_attempts"] for row in self.job.failures], ["1", "0", "0"])
        self.assertIn(f" {ORIGINAL + 1} ", self.job.results[DUPLICATE - 1]["result_message"], "names the first one's line")

    def test_the_mended_failures_file_ends_accepted(self):
        name = self.job.failures_path.name
        text, encoding = decode(self.job.failures_path.read_bytes())
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        self.assertEqual(list(rows[0])[-11:], RESULT_COLUMNS)
        rows[0]["昵称"] = "短名"
        rows[1]["省份"] = "湖南"
        rows[2]["用户ID"] = "76304500001"
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        (self.client.root / "outbox" / name).unlink()
        self.client.drop(name, out.getvalue().encode(encoding))
        self.client.drain(expect=0)
        again = self.client.finished()[1]
        again.check_whole(self, 3)
        self.assertEqual(again.counts, {"accepted": 3})
        header = again.results_path.read_text().splitlines()[0]
        self.assertEqual(header.count("result_row"), 1, "old result columns are cut and written anew")
        self.assertEqual([row["result_row"] for row in again.results], ["2", "3", "4"])
        self.assertEqual(self.api.stats()["applied_orders"], 36)
        self.assertEqual(self.api.stats()["applied_more_than_once"], 0)

    def test_the_results_file_dropped_in_by_mistake_is_warned_of(self):
        path = self.job.results_path
        said = self.client.sluice("check", str(path), expect=1).stdout
        for words in ("looks like a results file", "failures file"):
            self.assertIn(words, said)
        self.assertIn("结果文件", self.client.sluice("check", str(path), expect=1, env=CHINESE).stdout)
        self.client.drop("again.csv", path.read_bytes())
        log = self.client.drain(expect=1)
        self.assertIn("looks like a results file", log.stdout + log.stderr)
        again = self.client.finished()[1]
        again.check_whole(self, 37)
        self.assertNotIn("accepted", again.counts, "the API refuses what it has")

    def test_a_failures_file_can_be_dropped_in_as_it_is(self):
        name = self.job.failures_path.name
        self.client.drop(name, self.job.failures_path.read_bytes())
        self.client.drain(expect=1)
        again = self.client.finished()[1]
        again.check_whole(self, 3)
        self.assertEqual(again.counts, {"refused": 1, "invalid": 2})


if __name__ == "__main__":
    unittest.main()

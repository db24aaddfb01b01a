"""The same twelve orders in every form people make them in."""

import csv
import io
import json
import unittest

import order_files
from harness import EndToEnd
from spool_folder import RESULT_COLUMNS

ROWS = 12


def text_forms():
    """Name, bytes, and how its own program would open the results: encoding, delimiter, lines above the header."""
    english, chinese = {}, order_files.CHINESE
    for language, headers in (("english", english), ("chinese", chinese)):
        for shape, delimiter, above in (("commas", ",", ""), ("tabs", "\t", ""), ("semicolons", ";", ""),
                                        ("sep", ";", "sep=;\r\n")):
            for encoding, mark in (("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"),
                                   ("utf-16-be", b"\xfe\xff"), ("gb18030", b"")):
                yield language, headers, shape, delimiter, above, encoding, mark


class TwelveOrders(EndToEnd):
    def orders(self, number):
        return order_files.create_orders(ROWS, first=100 * number)

    def test_as_delimited_text(self):
        sandbox, spool = self.unpaced()
        files = {}
        for number, (language, headers, shape, delimiter, above, encoding, mark) in enumerate(text_forms()):
            name = f"{number:02}-{language}-{shape}-{encoding}{'-bom' if mark else ''}.csv"
            line_end = "\r\n" if number % 2 else "\n"
            text = above + order_files.as_csv(self.orders(number), headers, delimiter, line_end)
            files[name] = (mark + text.encode(encoding), mark, encoding, delimiter, above)
            spool.drop(name, files[name][0])
        spool.drain(expect=0)
        jobs = {job.summary["name"]: job for job in spool.finished()}
        self.assertEqual(sorted(jobs), sorted(files), spool.listing())
        for number, (name, (content, mark, encoding, delimiter, above)) in enumerate(files.items()):
            with self.subTest(name):
                job = jobs[name]
                job.check_whole(self, ROWS)
                self.assertEqual(job.counts, {"accepted": ROWS})
                self.assert_opens_again(job.results_path.read_bytes(), content, mark, encoding, delimiter, above)
        self.assertEqual(sandbox.stats()["applied_orders"], ROWS * len(files))
        names = {order["nickname"] for order in sandbox.orders()}
        self.assertEqual(names, {o["nickname"] for n in range(len(files)) for o in self.orders(n)}, "no mojibake")

    def assert_opens_again(self, results, content, mark, encoding, delimiter, above):
        """Same mark, encoding, delimiter, line ends and order; each row's own bytes untouched."""
        self.assertTrue(results.startswith(mark))
        text = results[len(mark):].decode(encoding)
        original = content[len(mark):].decode(encoding)
        line_end = "\r\n" if "\r\n" in original.removeprefix(above) else "\n"
        self.assertTrue(text.startswith(above))
        lines = text.removeprefix(above).split(line_end)
        before = original.removeprefix(above).split(line_end)
        self.assertEqual(len(lines), len(before))
        self.assertEqual(lines[-1], "", "the last line ends as it did")
        for line, old in zip(lines[:-1], before[:-1]):
            self.assertTrue(line.startswith(old + delimiter), (line, old))
        rows = list(csv.reader(io.StringIO(text.removeprefix(above), newline=""), delimiter=delimiter, strict=True))
        self.assertEqual(rows[0][-11:], RESULT_COLUMNS)
        self.assertEqual({len(row) for row in rows if row}, {len(rows[0])}, "rectangular")

    def test_as_json(self):
        sandbox, spool = self.unpaced()
        def plain(n): return [order_files.typed(order) for order in self.orders(n)]
        chinese = [{order_files.CHINESE[k]: v for k, v in order.items()} for order in plain(3)]
        numbers = [{**order, "uid": int(order["uid"])} for order in plain(4)]
        forms = {
            "array.json": json.dumps(plain(0), ensure_ascii=False),
            "wrapped.json": json.dumps({"packOrder": plain(1)}, ensure_ascii=False, indent=2),
            "lines.jsonl": order_files.as_json_lines(self.orders(2)),
            "chinese.json": json.dumps(chinese),
            "numbers.json": json.dumps(numbers),
            "lines-with-blanks.txt": order_files.as_json_lines(self.orders(5)).replace("\n", "\n\n"),
            "bom.json": "\ufeff" + json.dumps(plain(6), ensure_ascii=False),
        }
        for name, text in forms.items():
            spool.drop(name, text)
        spool.drop("gb.json", json.dumps(plain(7), ensure_ascii=False).encode("gb18030"))
        spool.drop("utf16.jsonl", order_files.as_json_lines(self.orders(8)).encode("utf-16"))
        spool.drain(expect=0)
        jobs = spool.finished()
        self.assertEqual(len(jobs), len(forms) + 2, spool.listing())
        for job in jobs:
            with self.subTest(job.summary["name"]):
                job.check_whole(self, ROWS)
                self.assertEqual(job.counts, {"accepted": ROWS})
        self.assertEqual(sandbox.stats()["applied_orders"], ROWS * len(jobs))

    def test_json_keeps_members_their_order_and_their_literals(self):
        sandbox, spool = self.unpaced()
        order = order_files.create_order(1)
        text = (f'{{"shop":1.50e2,"packOrder":[ {{"uid":{order["uid"]}, "extra":{{"a":[1,2]}},"douyinId":"d1","source":"联通",'
                '"endMonthTime":"2099-12","isRenew":false,"nickname":"\\u540d" } ],"tail":null}')
        spool.drop("one.json", text)
        spool.drain(expect=0)
        written = spool.only_job().results_path.read_text()
        head, tail = text.rsplit('"\\u540d"', 1)
        self.assertTrue(written.startswith(head + '"\\u540d"'), written)
        self.assertTrue(written.rstrip().endswith('],"tail":null}'), written)
        self.assertEqual(json.loads(written)["packOrder"][0]["result"]["outcome"], "accepted")

    def test_as_updates(self):
        known = [f"1787230824580{n:04}" for n in range(ROWS)]
        words = [word for n, order in enumerate(known) for word in ("--known-order", f"{order}:{500 + n}")]
        sandbox, spool = self.unpaced(*words)
        updates = [order_files.update_order(order, str(500 + n), n) for n, order in enumerate(known)]
        spool.drop("变更.csv", order_files.as_csv(updates, order_files.CHINESE, "\t").encode("gb18030"))
        spool.drain(expect=0)
        spool.only_job().check_whole(self, ROWS)
        self.assertEqual({len(order["updates"]) for order in sandbox.orders()}, {1})


class RefusedFiles(EndToEnd):
    GOOD = order_files.as_csv(order_files.create_orders(3), order_files.CHINESE)

    def reason(self, name, content):
        sandbox, spool = self.unpaced()
        spool.drop(name, content)
        spool.drain(expect=2)
        self.assertEqual(sandbox.stats()["requests"], 0, "rejected before anything is sent")
        self.assertEqual(spool.finished(), [])
        rejected = sorted((spool.root / "rejected").iterdir())
        self.assertEqual(len(rejected), 2)
        reason = next(path for path in rejected if path.name.endswith(".reason.txt"))
        original = next(path for path in rejected if path != reason)
        self.assertEqual(original.read_bytes(), content if isinstance(content, bytes) else content.encode())
        text = reason.read_text()
        self.assertGreater(len(text), 20)
        return text

    def test_an_undecodable_byte_names_its_line(self):
        data = bytearray(self.GOOD.encode())
        spot = data.index("主播2".encode())
        data[spot:spot + 1] = b"\xff"
        self.assertIn("4", self.reason("bad.csv", bytes(data)))

    def test_a_quote_that_never_closes_names_its_line(self):
        self.assertIn("3", self.reason("bad.csv", self.GOOD.replace("主播1", '"主播1', 1)))

    def test_broken_json_names_its_line(self):
        good = json.dumps(order_files.typed(order_files.create_order(1)))
        self.assertIn("Line 3", self.reason("bad.json", f'[\n{good},\n{{"uid" "2"}}]'))

    def test_no_usable_header(self):
        self.reason("bad.csv", "a,b,c\n1,2,3\n")

    def test_two_columns_for_one_field(self):
        self.assertIn("主播UID", self.reason("bad.csv", self.GOOD.replace("昵称", "主播UID", 1)))

    def test_a_header_that_means_something_else(self):
        rows = order_files.as_csv([order_files.update_order("17", "1", 1)], {"executeTime": "生效日期"})
        self.assertIn("生效日期", self.reason("bad.csv", rows))

    def test_json_is_told_by_the_columns_of_its_orders_not_by_its_wrapper(self):
        create = order_files.typed(order_files.create_order(1))
        update = order_files.update_order("17", "1", 1)
        without = {name: value for name, value in create.items() if name != "source"}
        files = {"neither": ({"packOrder": [without, without]}, "Missing, by service: create: ISP(source);"),
                 "creates": ({"modifyOrders": [create]}, 'Put them into "packOrder"'),
                 "updates": ({"packOrder": [update]}, 'Put them into "modifyOrders"'),
                 "both": ([create, update], "several services at once (create, modify)")}
        sandbox, spool = self.unpaced()
        for name, (content, _) in files.items():
            spool.drop(name + ".json", json.dumps(content))
        spool.drain(expect=2)
        self.assertEqual(sandbox.stats()["requests"], 0, "rejected before anything is sent")
        for name, (_, words) in files.items():
            [reason] = (spool.root / "rejected").glob(f"{name}.*.reason.txt")
            self.assertIn(words, reason.read_text())

    def test_no_row(self):
        self.reason("bad.csv", self.GOOD.splitlines()[0] + "\r\n")

    def test_an_excel_workbook_comes_with_advice(self):
        self.assertIn("CSV", self.reason("book.xlsx", b"PK\x03\x04\x14\x00\x06\x00" + bytes(200)))

    def test_a_bad_row_does_not_condemn_a_sound_file(self):
        sandbox, spool = self.unpaced()
        lines = self.GOOD.split("\r\n")
        lines.insert(2, "合计,,,,,,")
        lines.insert(4, "only,two")
        lines.insert(5, lines[1].replace("yan0hi5380", "other") + ",more,cells")
        spool.drop("mixed.csv", "\r\n".join(lines))
        spool.drain(expect=1)
        job = spool.only_job()
        job.check_whole(self, 6)
        self.assertEqual([row["result"] for row in job.results],
                         ["accepted", "invalid", "accepted", "invalid", "invalid", "accepted"])
        self.assertIn("more", job.results[4]["result_message"], "cells left out are named")


if __name__ == "__main__":
    unittest.main()

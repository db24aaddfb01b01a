"""Random files: whatever is dropped, each row ends exactly once, and what failed can be mended and dropped in again."""

import csv
import io
import os
import random
import unittest

import order_files
from harness import EndToEnd
from spool_folder import FAILED, decode

SEED = int(os.environ.get("SLUICE_SEED", random.SystemRandom().randrange(1 << 30)))
FILES = 12

# What may be wrong with a row, and how a person mends it: the field, a bad value, a good one.
MISTAKES = [
    ("province", "HN", "湖南"), ("province", "Atlantis", ""), ("source", "广电", "移动"), ("source", "", "联通"),
    ("isRenew", "maybe", "是"), ("endMonthTime", "Feb-24", "2099-11"), ("endMonthTime", "45323", "2099-11-30"),
    ("endMonthTime", "2001-01", "2099-01"), ("uid", "7.63E+10", None), ("uid", "", None), ("douyinId", "", "mended"),
    ("nickname", "长" * 21, "短"),
]
NICKNAMES = ["名", 'quo"te', "com,ma", "semi;colon", "in ner", "<b>&amp;", "=1+1", "'quoted", "𝕌𠀀", "", "sep=;"]
# Of a column that is only carried, where anything may stand.
REMARKS = ["", "line\nbreak", "crlf\r\nbreak", " space ", "tab\there", '"', '""', ",;\t", "尾"]


class RandomFiles(EndToEnd):
    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)
        self.next_uid = 0

    def order(self):
        self.next_uid += 1
        order = order_files.create_order(self.next_uid, nickname=self.random.choice(NICKNAMES))
        order["备注"] = self.random.choice(REMARKS)
        return order

    def file(self):
        """Rows, and for each what it must come to; a bad row carries its mended form."""
        rows, expected, mended = [], [], []
        for _ in range(self.random.randrange(1, 60)):
            kind = self.random.random()
            order = self.order()
            if kind < 0.15 and "accepted" in expected:
                twin = self.random.choice([n for n, what in enumerate(expected) if what == "accepted"])
                order = dict(rows[twin])
                expected.append("duplicate")
            elif kind < 0.4:
                field, bad, good = self.random.choice(MISTAKES)
                mended.append({**order, field: order[field] if good is None else good})
                order[field] = bad
                expected.append("refused" if field == "nickname" else "invalid")
            else:
                expected.append("accepted")
            rows.append(order)
        return rows, expected, mended

    def test_each_row_ends_once_and_the_mended_failures_end_accepted(self):
        sandbox, spool = self.unpaced()
        files = {}
        for number in range(FILES):
            rows, expected, mended = self.file()
            headers = self.random.choice([{}, order_files.CHINESE])
            encoding = self.random.choice(["utf-8", "utf-8-sig", "utf-16", "gb18030"])
            delimiter = self.random.choice(",;\t")
            line_end = self.random.choice(["\n", "\r\n"])
            text = order_files.as_csv(rows, headers, delimiter, line_end)
            name = f"{number}.csv"
            files[name] = (rows, expected, mended, headers, delimiter, encoding)
            spool.drop(name, text.encode(encoding))
        spool.drain()
        jobs = {job.summary["name"]: job for job in spool.finished()}
        self.assertEqual(sorted(jobs), sorted(files), f"seed {SEED}")
        again = 0
        for name, (rows, expected, mended, headers, delimiter, encoding) in files.items():
            with self.subTest(name, seed=SEED):
                job = jobs[name]
                job.check_whole(self, len(expected))
                self.assertEqual([row["result"] for row in job.results], expected)
                self.assertEqual([row["备注"] for row in job.results], [row["备注"] for row in rows])
                failed = [n for n, what in enumerate(expected) if what in FAILED]
                self.assertEqual(len(job.failures), len(failed))
                if mended:
                    again += len(mended)
                    spool.drop(f"mended-{name}", self.mend(job, mended, headers, delimiter).encode(encoding))
        spool.drain(expect=0)
        later = [job for job in spool.finished() if job.summary["name"].startswith("mended-")]
        self.assertEqual(sum(job.counts.get("accepted", 0) for job in later), again, f"seed {SEED}")
        accepted = sum(what == "accepted" for _, expected, *_ in files.values() for what in expected)
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (accepted + again, 0), f"seed {SEED}")

    def mend(self, job, mended, headers, delimiter):
        """The failures file, its cells put right as a person would."""
        text, _ = decode(job.failures_path.read_bytes())
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = list(reader)
        for row, order in zip(rows, mended, strict=True):
            for field, value in order.items():
                row[headers.get(field, field)] = value
        out = io.StringIO()
        writer = csv.DictWriter(out, reader.fieldnames, delimiter=delimiter, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue()

    def test_nicknames_arrive_as_they_were_written(self):
        sandbox, spool = self.unpaced()
        names = [name for name in NICKNAMES if name]
        orders = [order_files.create_order(n, nickname=name) for n, name in enumerate(names)]
        spool.drop("names.csv", order_files.as_csv(orders))
        spool.drain(expect=0)
        self.assertEqual([order["nickname"] for order in sandbox.orders()], names)


if __name__ == "__main__":
    unittest.main()

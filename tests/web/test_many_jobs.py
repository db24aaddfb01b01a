"""Ten thousand jobs: a page shows a hundred of them, at the price of a hundred."""

import unittest

from browser import InBrowser
from fake_daemon import FakeDaemon, counts, job
from test_live import MEASURE, report

ALL = 10_000
PAGE = 100
MOST_MEMORY = 32 << 20  # bytes of JavaScript's heap after a collection; a page of ten jobs takes about 2 MiB


class ManyJobs(InBrowser):
    def setUp(self):
        super().setUp()
        self.fake = FakeDaemon()
        self.addCleanup(self.fake.stop)
        running = [job(ALL - n, f"orders {ALL - n:05}.csv", "sending", rows=1000, counts=counts(accepted=n)) for n in range(100)]
        self.fake.jobs = running + [job(n, f"orders {n:05}.csv") for n in range(ALL - 100, 0, -1)]
        self.fake.status.update(jobs=running[::-1], jobs_total=100)

    def heap(self, browser):
        browser.driver.execute_cdp_cmd("HeapProfiler.enable", {})
        browser.driver.execute_cdp_cmd("HeapProfiler.collectGarbage", {})
        browser.driver.execute_cdp_cmd("Performance.enable", {})
        metrics = browser.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
        return {one["name"]: one["value"] for one in metrics}

    def test_every_page_is_reached_and_nothing_piles_up(self):
        browser = self.browser()
        browser.before_each_page(MEASURE)
        browser.open(self.fake.url + "#/jobs")
        browser.until_text("20261127-10000 to 20261127-9901")
        browser.until(lambda: browser.run("return painted.length") > 0, "a paint")
        for n in range(20):  # every row of the page changes
            for one in self.fake.status["jobs"]:
                one["counts"]["accepted"] = n
            self.fake.push(requests=n)
            browser.until(lambda n=n: browser.run("return updates.length") >= n + 2, "an update")
        report("a hundred bars at once", browser.run("return updates.slice(1)"))
        before = self.heap(browser)
        for page in range(2, ALL // PAGE + 1):
            browser.run("[...document.querySelectorAll('main .buttons button')].at(-1).click()")
            browser.until(lambda page=page: f"Page {page}:" in browser.text("#where"), f"page {page}")
        self.assertEqual(browser.run("return document.querySelectorAll('main table tbody tr').length"), PAGE)
        self.assertIn("20261127-100 to 20261127-1.", browser.text("#where"))
        self.assertFalse(browser.all("main .buttons button")[-1].is_displayed(), "there is none after the last")
        after = self.heap(browser)
        print(f"heap {before['JSHeapUsedSize'] / 1e6:.1f} MB, after 100 pages {after['JSHeapUsedSize'] / 1e6:.1f} MB; "
              f"nodes {before['Nodes']:.0f}, {after['Nodes']:.0f}; first paint {browser.run('return painted[0].at'):.0f} ms", flush=True)
        self.assertLess(after["JSHeapUsedSize"], MOST_MEMORY)
        self.assertLess(after["Nodes"], 3 * before["Nodes"] + 5000)

    def test_a_name_finds_its_job_among_them(self):
        browser = self.browser()
        browser.open(self.fake.url + "#/jobs")
        browser.until_text("20261127-10000")
        browser.one("#name").send_keys("orders 00042")
        browser.click(".filter button")
        browser.until_text("Page 1: 1 job, 20261127-42 to 20261127-42.")

    def test_the_focus_stays_on_a_job_while_others_change(self):
        browser = self.browser()
        browser.open(self.fake.url + "#/jobs")
        browser.until_text("20261127-10000 to 20261127-9901")
        browser.run("document.querySelectorAll('main tbody a')[5].focus()")
        self.fake.jobs.insert(0, job(ALL + 1, "another.csv", "sending"))
        self.fake.push(jobs=[*self.fake.status["jobs"][1:], self.fake.jobs[0]])
        browser.until_text("another.csv")
        self.assertEqual(browser.run("return document.activeElement.textContent"), "orders 09995.csv")


if __name__ == "__main__":
    unittest.main()

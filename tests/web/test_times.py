"""How soon something is seen, with the real daemon. Times are printed and not judged: beside a compiler all takes longer."""

import unittest

from real_page import RealPage
from test_live import MEASURE, report

from order_files import as_csv, create_orders


class Times(RealPage):
    def test_the_first_view_and_what_a_job_changes_are_measured(self):
        browser = self.signed_in()
        browser.before_each_page(MEASURE)
        views = []
        for _ in range(5):
            browser.open(f"http://127.0.0.1:{self.web_port}/")
            browser.until(lambda: browser.run("return painted.some((one) => one.kind === 'element')"), "the first view painted")
            views.append(browser.run("return painted.find((one) => one.kind === 'element').at"))
        self.spool.drop("many.csv", as_csv(create_orders(2000)))
        browser.until(lambda: browser.run("return updates.length") > 1, "an update")
        self.spool.wait_for_jobs(1)
        print(f"first view: {', '.join(f'{one:.0f}' for one in sorted(views))} ms", flush=True)
        report("an update", browser.run("return updates"))


if __name__ == "__main__":
    unittest.main()

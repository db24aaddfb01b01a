"""What the tests of disks share: waiting for words, and counting that nothing was lost or doubled over it."""

import order_files
from harness import EndToEnd
from processes import wait_until


def orders(count, first=0):
    return order_files.as_csv(order_files.create_orders(count, first))


class OnABadDisk(EndToEnd):
    def wait_for_quiet(self, sandbox):
        """Half a second without a request: fifty would have had their turn."""
        def quiet():
            stats = sandbox.stats()
            return stats["now_us"] - stats["arrivals_us"][-1] > 500_000
        wait_until(quiet, what="stillness")

    def wait_for_words(self, spool, words, each_time=lambda: None):
        """In the live picture, wherever it says them."""
        shown = ""

        def said():
            nonlocal shown
            each_time()
            shown = spool.sluice("status", expect=0).stdout
            return words in shown
        try:
            wait_until(said, within=30, what=f"'{words}' in `sluice status`")
        except AssertionError as error:
            raise AssertionError(f"{error}; it says\n{shown}{spool.listing()}") from None
        return shown

    def assert_all_once(self, sandbox, job, count):
        """Each order sent once, applied once and reported so: no answer was lost over it."""
        job.check_whole(self, count)
        self.assertEqual(job.counts, {"accepted": count})
        stats = sandbox.stats()
        self.assertEqual((stats["applied_orders"], stats["applied_more_than_once"]), (count, 0))
        self.assertEqual(stats["orders_received"], count, "nothing was sent a second time")

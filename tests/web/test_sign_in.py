"""Signing in and out, and the daemon that ends and comes back."""

import signal
import unittest

from real_page import RealPage, end_process


class SignIn(RealPage):
    def test_without_a_sign_in_the_page_says_what_to_do(self):
        browser = self.browser()
        browser.open(f"http://127.0.0.1:{self.web_port}/")
        browser.until_text("sluice web")
        self.assertEqual(browser.all("nav"), [])

    def test_a_link_signs_in_once_and_leaves_nothing_in_the_address(self):
        link = self.link()
        first = self.browser()
        first.open(link)
        first.until(lambda: first.all("nav a"), "signed in")
        self.assertEqual(first.run("return location.pathname + location.hash"), "/#/line")
        self.assertEqual(first.run("return document.cookie"), "", "no script can read the cookie")
        second = self.browser()
        second.open(link)
        second.until_text("This link signs nobody in")
        first.open(link)
        first.until(lambda: first.all("nav a"), "still signed in: no harm to who is")

    def test_a_daemon_that_was_killed_and_is_back_asks_for_a_new_link(self):
        browser = self.signed_in()
        browser.until_text("Requests a second")
        end_process(self.daemon, signal.SIGKILL)
        browser.until_text("Not connected", "#away")
        self.spool.run_daemon()
        browser.until_text("You are not signed in any more")
        browser.open(self.link())
        browser.until(lambda: browser.all("nav a"), "signed in again")

    def test_signed_out_in_one_tab_is_signed_out_in_the_other(self):
        browser = self.signed_in()
        first = browser.driver.current_window_handle
        browser.driver.switch_to.new_window("tab")
        browser.open(f"http://127.0.0.1:{self.web_port}/#/jobs")
        browser.until(lambda: browser.all("#sign-out"), "signed in here, too")
        browser.click("#sign-out")
        browser.until_text("You are signed out")
        browser.driver.switch_to.window(first)
        browser.until_text("You are signed out")
        browser.driver.refresh()
        browser.until_text("sluice web")


if __name__ == "__main__":
    unittest.main()

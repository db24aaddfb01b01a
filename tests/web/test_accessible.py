"""Whoever can't see it, or has no mouse: axe-core's rules on every view, light and dark; the order of the focus."""

import os
import pathlib
import unittest

from browser import PHONE, InBrowser
from selenium.webdriver.common.keys import Keys
from pictures import VIEWS, everything, is_drawn

AXE = pathlib.Path(os.environ.get("SLUICE_AXE", pathlib.Path(__file__).parents[2] / "build" / "web" / "node_modules" / "axe-core" / "axe.min.js"))
WITHOUT_AXE = f"axe-core is not there ({AXE}): the npm registry can't be reached, or ./dev test --web did not fetch it"
RULES = """
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ['violations'] }).then((found) => done(found.violations.map(
  (one) => `${one.id}: ${one.help}: ${one.nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`)));
"""


class Accessible(InBrowser):
    def setUp(self):
        super().setUp()
        self.fake = everything()
        self.addCleanup(self.fake.stop)

    def assert_no_violation(self, browser, what):
        if not browser.run("return typeof axe === 'object'"):
            browser.run(AXE.read_text() + "; window.axe = axe;")
        found = browser.driver.execute_async_script(RULES)
        self.assertEqual(found, [], what)

    def upload(self, browser):
        file = self.folder / "orders.csv"
        file.write_text("uid\n1\n")
        browser.one("#file").send_keys(str(file))
        browser.until(lambda: browser.all("#place"), "the check's report")

    @unittest.skipUnless(AXE.is_file(), WITHOUT_AXE)
    def test_no_view_breaks_a_rule_of_axe_in_light_or_dark(self):
        for language in ("en-US", "zh-CN"):
            browser = self.browser(language)
            browser.open(self.fake.url)
            for view in VIEWS:
                browser.run("location.hash = arguments[0]", view)
                browser.until(lambda view=view: is_drawn(browser, view), view)
                if view == "#/drop":
                    self.upload(browser)
                browser.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
                for scheme in ("light", "dark"):
                    browser.prefer(prefers_color_scheme=scheme)
                    with self.subTest(view=view, scheme=scheme, language=language):
                        self.assert_no_violation(browser, f"{view}, {scheme}, {language}")

    @unittest.skipUnless(AXE.is_file(), WITHOUT_AXE)
    def test_neither_does_the_sign_in_page_nor_a_question_nor_a_phone(self):
        browser = self.browser(size=PHONE)
        browser.open(self.fake.url + "#/jobs/20261127-4")
        browser.click("[data-deed=cancel]")
        browser.until(lambda: browser.all("dialog[open]"), "the question")
        self.assert_no_violation(browser, "a question")
        browser.click("dialog button")
        browser.run("location.hash = '#/jobs'")
        browser.until_text("big.csv")
        self.assert_no_violation(browser, "jobs on a phone")
        self.fake.end_session()
        browser.until_text("sluice web")
        self.assert_no_violation(browser, "signing in")

    def focused(self, browser):
        return browser.run("const e = document.activeElement; return e.id || e.dataset.view || e.className || e.tagName;")

    def test_the_keyboard_reaches_everything_in_the_order_that_is_read_and_leaves_again(self):
        browser = self.browser()
        browser.open(self.fake.url + "#/drop")
        browser.until(lambda: browser.all("#file"), "the view")
        browser.run("document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex');")
        seen = []
        for _ in range(20):
            browser.driver.switch_to.active_element.send_keys(Keys.TAB)
            seen.append(self.focused(browser))
            if seen[-1] == "file":
                break
        self.assertEqual(seen, ["skip", "brand", "line", "jobs", "drop", "find", "language", "sign-out", "file"])
        self.assertEqual(browser.run("return getComputedStyle(document.activeElement).outlineStyle"), "solid", "the focus is seen")

    def test_the_skip_link_leads_to_the_content(self):
        browser = self.browser()
        browser.open(self.fake.url + "#/jobs")
        browser.until_text("big.csv")
        browser.run("document.querySelector('.skip').focus()")
        browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
        browser.until(lambda: self.focused(browser) == "main", "the focus on the content")
        self.assertEqual(browser.run("return location.hash"), "#/jobs", "and the view stays")

    def test_a_question_keeps_the_focus_and_escape_answers_no(self):
        browser = self.browser()
        browser.open(self.fake.url + "#/jobs/20261127-4")
        browser.click("[data-deed=hold]")
        browser.until(lambda: browser.all("dialog[open]"), "the question")
        self.assertEqual(browser.run("return document.activeElement.textContent"), "Leave it")
        for _ in range(5):
            browser.driver.switch_to.active_element.send_keys(Keys.TAB)
            self.assertFalse(browser.run("return document.querySelector('main').contains(document.activeElement)"))
        browser.one("dialog button").send_keys(Keys.ESCAPE)
        browser.until(lambda: not browser.all("dialog"), "the question is gone")
        self.assertEqual(browser.run("return document.activeElement.dataset.deed"), "hold", "back where it was")
        self.assertNotIn(("POST", "/v1/jobs/20261127-4/hold"), self.fake.asked)

    def test_what_changes_all_the_time_is_not_read_out(self):
        browser = self.browser()
        browser.open(self.fake.url)
        browser.until(lambda: is_drawn(browser, "#/line"), "the line")
        browser.run("""window.told = [];
            new MutationObserver(() => told.push(document.getElementById('news').textContent))
              .observe(document.getElementById('news'), { childList: true, characterData: true, subtree: true });""")
        for n in range(5):
            self.fake.push(requests=5000 + n, recent_rate=9.0 + n / 10)
        browser.until_text("5,004")
        self.assertEqual(browser.run("return told"), [])
        self.fake.push(pause="none", pause_words="", pause_words_zh="")
        browser.until(lambda: browser.text("#news") or browser.run("return document.getElementById('news').textContent"), "a word")
        self.assertEqual(browser.run("return told.filter(Boolean)"), ["The line goes on."])
        live = browser.run("""return [...document.querySelectorAll('main [role=status], main [role=alert], main [aria-live]')]
            .map((one) => one.textContent).filter(Boolean)""")
        self.assertEqual(live, [], "no number of the line stands in a live region")


if __name__ == "__main__":
    unittest.main()

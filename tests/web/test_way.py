"""A person's way with the page alone: a file with three faults is dropped, its failures are mended, all are accepted."""

import csv
import unittest

from browser import DESK, PHONE
from order_files import CHINESE as HEADERS, as_csv, create_orders
from real_page import RealPage
from selenium.webdriver.common.keys import Keys

ROWS = 8
LONG = "很长的昵称" * 8  # more than the API takes
WORDS = {
    "en-US": {"place": "Place {} orders", "in_the_file": "Orders in the file", "done": "done", "accepted": "{} accepted",
              "invalid": "2: not sent"},
    "zh-CN": {"place": "下单 {} 笔", "in_the_file": "文件中的订单", "done": "已完成", "accepted": "已接受：{}", "invalid": "2：不发送"},
}


def with_three_faults():
    """Two that are seen here, and one that only the API knows of."""
    rows = create_orders(ROWS)
    rows[2]["uid"] = "94x"
    rows[4]["nickname"] = LONG
    rows[6]["source"] = "没有的"
    return rows


def mended(text):
    """What a person does to the failures file in a spreadsheet."""
    lines = list(csv.reader(text.splitlines()))
    for number, line in enumerate(lines[1:], 1):
        lines[number] = ["7630445" if cell == "94x" else "短名" if cell == LONG else "联通" if cell == "没有的" else cell for cell in line]
    return "".join(",".join(line) + "\r\n" for line in lines)


class Way(RealPage):
    def choose(self, browser, name, text):
        file = self.folder / name
        file.write_text(text, newline="")
        browser.until(lambda: browser.one("#file").send_keys(str(file)) is None, "a file chosen")
        browser.until(lambda: browser.all("#place"), "what the check says")

    def wait_for_end(self, browser, words):
        browser.until(lambda: browser.run("return location.hash").startswith("#/jobs/"), "the page following to the job")
        browser.until(lambda: f"· {words['done']} ·" in browser.text("main"), "the job's end")
        browser.until(lambda: browser.all(".files li"), "its files")

    def download(self, browser):
        browser.click('.files a[href$="/failures"]')

        def whole():
            return next((one for one in browser.downloads.iterdir() if one.name.endswith(".failures.csv")), None)
        return browser.until(whole, "the failures file on the disk").read_bytes().decode("utf-8-sig")

    def mend_with_the_page(self, language, size):
        words = WORDS[language]
        browser = self.signed_in(language=language, size=size)
        browser.click("nav a[data-view=drop]")
        self.choose(browser, "june.csv", as_csv(with_three_faults(), HEADERS))
        self.assertEqual(browser.text("#place"), words["place"].format(6))
        self.assertIn(words["invalid"], browser.text("main"))
        self.assertIn("94x", browser.text("main"))
        self.assertEqual(self.sandbox.orders(), [], "nothing is sent by a check")

        browser.click("#place")
        self.wait_for_end(browser, words)
        self.assertIn(words["accepted"].format(5), browser.text(".progress"))
        browser.until_text("抖音昵称格式错误")
        failures = self.download(browser)
        self.assertEqual(failures.count("\n"), 4, "a header and three rows")

        browser.click("nav a[data-view=drop]")
        self.choose(browser, "june mended.csv", mended(failures))
        self.assertEqual(browser.text("#place"), words["place"].format(3))
        browser.click("#place")
        self.wait_for_end(browser, words)
        browser.until_text(words["accepted"].format(3), ".progress")
        self.assertEqual(len(self.sandbox.orders()), ROWS, "each was placed, once")
        self.assertEqual(browser.run("return document.documentElement.scrollWidth"), size[0], "and nothing hung over")
        self.assertEqual(browser.console(), [])

    def test_in_english_at_a_desk(self):
        self.mend_with_the_page("en-US", DESK)

    def test_in_chinese_at_a_desk(self):
        self.mend_with_the_page("zh-CN", DESK)

    def test_in_english_on_a_phone(self):
        self.mend_with_the_page("en-US", PHONE)

    def test_in_chinese_on_a_phone(self):
        self.mend_with_the_page("zh-CN", PHONE)


class ByKeyboard(Way):
    """Tab, Enter and Space. (The dialog in which a file is chosen is the system's: its path is typed.)"""

    test_in_english_at_a_desk = test_in_chinese_at_a_desk = test_in_english_on_a_phone = test_in_chinese_on_a_phone = None

    def press(self, browser, *keys):
        browser.driver.switch_to.active_element.send_keys(*keys)

    def tab_to(self, browser, selector):
        browser.until(lambda: browser.all(selector), selector)
        for _ in range(60):
            if browser.run("return document.activeElement.matches(arguments[0])", selector):
                return
            self.press(browser, Keys.TAB)
        self.fail(f"the keyboard does not reach {selector}")

    def test_the_whole_way_and_back(self):
        browser = self.signed_in()
        self.tab_to(browser, "nav a[data-view=drop]")
        self.press(browser, Keys.ENTER)
        self.tab_to(browser, "#file")
        self.choose(browser, "june.csv", as_csv(with_three_faults(), HEADERS))
        browser.until(lambda: browser.run("return document.activeElement.id") == "checked", "the focus on what the check says")
        self.tab_to(browser, "#place")
        self.press(browser, Keys.ENTER)
        self.wait_for_end(browser, WORDS["en-US"])
        self.tab_to(browser, '.files a[href$="/failures"]')
        self.press(browser, Keys.ENTER)
        failures = browser.until(lambda: next((one for one in browser.downloads.iterdir() if one.name.endswith(".failures.csv")), None),
                                 "the failures file").read_bytes().decode("utf-8-sig")
        self.tab_to(browser, 'main a[href="#/drop"]')
        self.press(browser, Keys.ENTER)
        self.tab_to(browser, "#file")
        self.choose(browser, "june mended.csv", mended(failures))
        self.tab_to(browser, "#place")
        self.press(browser, Keys.SPACE)
        self.wait_for_end(browser, WORDS["en-US"])
        browser.until_text("3 accepted", ".progress")
        self.assertEqual(len(self.sandbox.orders()), ROWS)


class Dropped(RealPage):
    def test_a_file_let_fall_anywhere_is_checked_and_can_be_put_away(self):
        browser = self.signed_in()
        browser.run("""const files = new DataTransfer(); files.items.add(new File([arguments[0]], 'fell.csv'));
            document.querySelector('h1').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));""",
                    as_csv(create_orders(3), HEADERS))
        browser.until(lambda: browser.text("#place") == "Place 3 orders", "the check")
        browser.run("[...document.querySelectorAll('.buttons button')].at(-1).click()")
        browser.until(lambda: browser.one("#file").is_displayed(), "room for another")
        inbox = self.spool.root / "inbox"
        browser.until(lambda: not list(inbox.iterdir()), "nothing left of it")

    def test_a_file_that_would_be_rejected_says_why_and_offers_nothing(self):
        browser = self.signed_in()
        browser.click("nav a[data-view=drop]")
        file = self.folder / "notes.txt"
        file.write_text("this is\nno file of orders\n")
        browser.until(lambda: browser.one("#file").send_keys(str(file)) is None, "a file chosen")
        browser.until_text("It would be rejected as a whole")
        self.assertEqual(browser.all("#place"), [])

    def test_an_order_s_story_is_found(self):
        browser = self.signed_in()
        orders = create_orders(2)
        self.spool.drop("two.csv", as_csv(orders, HEADERS))
        self.spool.wait_for_jobs(1)
        browser.click("nav a[data-view=find]")
        browser.until(lambda: browser.one("#order").send_keys(orders[1]["uid"] + Keys.ENTER) is None, "an id")
        browser.until_text("two.csv")
        self.assertIn("order 2", browser.text(".stories"))

    def test_orders_in_doubt_are_said_one_by_one(self):
        self.sandbox.set_faults("status77@1")
        browser = self.signed_in()
        self.spool.drop("doubt.csv", as_csv(create_orders(3), HEADERS))
        job, = self.spool.wait_for_jobs(1)
        browser.run("location.hash = arguments[0]", f"#/jobs/{job.id}")
        browser.until_text("“Say what I found” (sluice resolve")
        self.assertFalse(browser.one("[data-deed=resolve]").is_enabled(), "nothing is said yet")
        for row, answer in ((0, "applied"), (2, "not_applied")):
            browser.run("""const one = document.querySelectorAll('select[data-order]')[arguments[0]]; one.value = arguments[1];
                one.dispatchEvent(new Event('change', { bubbles: true }));""", row, answer)
        browser.click("[data-deed=resolve]")
        browser.until_text("1 placed: not sent again for 30 days. 1 not placed", "dialog")
        browser.click("dialog .danger")
        browser.until(lambda: browser.run("return [...document.querySelectorAll('select[data-order]')].map((one) => one.dataset.was)")
                      == ["", "applied", "not_applied"], "what was said of each, and what is open first")
        self.assertEqual(browser.console(), [])

    def test_hold_release_and_cancel_ask_first_and_say_what_was_done(self):
        self.spool.sluice("pause", expect=0)
        browser = self.signed_in()
        self.spool.drop("held.csv", as_csv(create_orders(3), HEADERS))
        browser.until_text("held.csv")
        browser.until_text("PAUSED (operator)")
        browser.until_text("“Resume sending” (sluice resume) goes on")
        browser.click(".work a")
        browser.click("[data-deed=hold]")
        browser.until_text("nothing of the rest is charged", "dialog")
        browser.click("dialog .main")
        browser.click("[data-deed=release]")
        browser.click("dialog .main")
        browser.click("[data-deed=cancel]")
        browser.until_text("can’t be undone", "dialog")
        browser.click("dialog .danger")
        browser.until_text("3 not sent", ".progress")
        self.assertEqual(self.sandbox.orders(), [])
        browser.run("location.hash = '#/line'")
        browser.until_text("Resume sending")
        browser.run("document.querySelector('section .buttons button').click()")
        browser.click("dialog .main")
        browser.until(lambda: "PAUSED" not in browser.text("main"), "the line going on")


if __name__ == "__main__":
    unittest.main()

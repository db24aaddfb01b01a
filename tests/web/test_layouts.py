"""Every view at a phone's width, at a desk's and on a wall, in both languages: nothing hangs over, nothing is complained of."""

from browser import DESK, PHONE, InBrowser
from pictures import VIEWS, everything, is_drawn

WALL = (2560, 1440)


class Layouts(InBrowser):
    def setUp(self):
        super().setUp()
        self.fake = everything()
        self.addCleanup(self.fake.stop)

    def see_all(self, browser):
        browser.open(self.fake.url)
        browser.until(lambda: is_drawn(browser, "#/line"), "the line")
        for view in VIEWS:
            browser.run("location.hash = arguments[0]", view)
            browser.until(lambda view=view: is_drawn(browser, view), view)
            for size in (PHONE, DESK, WALL):
                with self.subTest(view=view, size=size):
                    browser.resize(size)
                    wide = browser.run("return [document.documentElement.scrollWidth, innerWidth]")
                    self.assertLessEqual(wide[0], size[0], f"{view} hangs over at {size}")
        self.assertEqual(browser.console(), [], "neither errors nor a breach of the policy")

    def test_in_english_nothing_hangs_over(self):
        browser = self.browser("en-US")
        self.see_all(browser)
        self.assertEqual(browser.run("return document.documentElement.lang"), "en-GB")

    def test_in_chinese_nothing_hangs_over(self):
        browser = self.browser("zh-CN")
        self.see_all(browser)
        self.assertEqual(browser.run("return document.documentElement.lang"), "zh-CN")

    def test_the_language_can_be_switched_and_is_remembered(self):
        browser = self.browser("en-US")
        browser.open(self.fake.url)
        browser.until_text("Requests a second")
        browser.click("#language")
        browser.until_text("每秒请求数")
        self.assertIn("接口不接受该凭据", browser.text("main"), "the daemon's own words, too")
        browser.open(self.fake.url + "#/jobs")
        browser.driver.refresh()
        browser.until_text("文件名包含")

    def test_a_time_is_the_readers_and_its_zone_is_said(self):
        browser = self.browser()
        browser.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Shanghai"})
        browser.open(self.fake.url + "#/jobs")
        browser.until_text("june.csv")
        self.assertIn("09:00:12", browser.text("main table"), "01:00:12 UTC")
        self.assertIn("UTC+8 (Asia/Shanghai)", browser.text("footer"))

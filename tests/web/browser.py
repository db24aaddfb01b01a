"""A Chromium of its own for each test: headless, a fresh profile, ended with the test."""

import pathlib
import shutil
import sys
import tempfile
import unittest

from selenium import webdriver
from selenium.common.exceptions import (ElementClickInterceptedException, ElementNotInteractableException,
                                        NoSuchElementException, StaleElementReferenceException)
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

PATIENCE = 120  # no test is about how fast a machine is that compiles beside
PHONE = (375, 800)
DESK = (1440, 900)


class Browser:
    def __init__(self, folder, language="en-US", size=DESK, downloads=None):
        options = webdriver.ChromeOptions()
        for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     f"--user-data-dir={folder}", f"--lang={language}", f"--window-size={size[0]},{size[1]}"):
            options.add_argument(word)
        options.add_experimental_option("prefs", {
            "intl.accept_languages": language, "download.default_directory": str(downloads or folder),
            "download.prompt_for_download": False})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        options.binary_location = "/usr/bin/chromium"
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_page_load_timeout(PATIENCE)
        self.driver.set_script_timeout(PATIENCE)
        self.resize(size)

    def resize(self, size):
        """Windows are not narrower than 500 pixels; what is shown in them may be."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 500})

    def prefer(self, **features):
        """Media features: prefers_color_scheme="dark"."""
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]})

    def before_each_page(self, script):
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": script})

    def open(self, url):
        self.driver.get(url)

    def run(self, script, *values):
        return self.driver.execute_script(script, *values)

    def one(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector="body"):
        """What a person sees there; nothing where there is no such element."""
        return self.run("const e = document.querySelector(arguments[0]); return e ? e.innerText : '';", selector)

    def until(self, holds, what):
        """Waits for a state of the page; a page that is being drawn anew is looked at again."""
        def looks(_):
            try:
                return holds()
            except (ElementClickInterceptedException, ElementNotInteractableException, NoSuchElementException,
                    StaleElementReferenceException):
                return False
        try:
            return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(looks)
        except Exception as error:
            raise AssertionError(f"no sign of {what}; the page says\n{self.text()}\n{self.console()}") from error

    def until_text(self, words, selector="main"):
        return self.until(lambda: words in self.text(selector), f"{words!r} in {selector}")

    def click(self, selector):
        """Scrolled to and pressed, once it is there and may be."""
        self.until(lambda: self.one(selector).is_displayed() and self.one(selector).is_enabled(), selector)
        self.until(lambda: self.one(selector).click() is None, f"a click on {selector}")

    def console(self):
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def quit(self):
        self.driver.quit()


class InBrowser(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-web-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def browser(self, language="en-US", size=DESK):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="profile-", dir=self.folder))
        downloads = folder.with_suffix(".downloads")
        downloads.mkdir()
        browser = Browser(folder, language, size, downloads)
        browser.downloads = downloads
        self.addCleanup(browser.quit)
        return browser

"""The page of a real daemon, with the sandbox behind it."""

import re

from browser import InBrowser
from harness import UNPACED, merged
from processes import Sandbox, a_port, end_process
from spool_folder import CHINESE, ENGLISH, Spool


class RealPage(InBrowser):
    def setUp(self):
        super().setUp()
        self.web_port = a_port()
        sandbox_folder = self.folder / "sandbox"
        sandbox_folder.mkdir()
        self.sandbox = Sandbox(sandbox_folder, "--rate", "0")
        self.addCleanup(self.sandbox.stop)
        client = self.folder / "client"
        client.mkdir()
        self.spool = Spool(client, self.sandbox, merged(UNPACED, {"control": {"web": f"127.0.0.1:{self.web_port}"}}))
        self.addCleanup(self.spool.end_all)
        self.daemon = self.spool.run_daemon()

    def link(self, language="en-US"):
        said = self.spool.sluice("web", expect=0, env=CHINESE if language.startswith("zh") else ENGLISH).stdout
        return re.search(r"http://\S+", said)[0]

    def signed_in(self, **options):
        browser = self.browser(**options)
        browser.open(self.link(options.get("language", "en-US")))
        browser.until(lambda: browser.all("nav a"), "the views of somebody who is signed in")
        return browser


__all__ = ["RealPage", "end_process"]

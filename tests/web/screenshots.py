"""Pictures of every view for the README, of a daemon with something of everything: screenshots.py FOLDER."""

import pathlib
import shutil
import sys
import tempfile

from browser import Browser, DESK, PHONE
from pictures import DONE, everything, is_drawn

MOST_BYTES = 150 << 10
TALL = (DESK[0], 1000)
SHOTS = [("line", "#/line", "en-US", TALL, "light"), ("jobs", "#/jobs", "en-US", DESK, "light"),
         ("job", f"#/jobs/{DONE}", "en-US", TALL, "light"), ("drop", "#/drop", "en-US", TALL, "light"),
         ("find", "#/find/94", "en-US", (DESK[0], 600), "light"), ("sign-in", "", "en-US", (DESK[0], 600), "light"),
         ("line.zh-CN", "#/line", "zh-CN", TALL, "dark"), ("job.zh-CN", f"#/jobs/{DONE}", "zh-CN", TALL, "light"),
         ("drop.zh-CN", "#/drop", "zh-CN", TALL, "light"), ("jobs.zh-CN", "#/jobs", "zh-CN", DESK, "light"),
         ("find.zh-CN", "#/find/94", "zh-CN", (DESK[0], 600), "light"),
         ("sign-in.zh-CN", "", "zh-CN", (DESK[0], 600), "light"), ("phone.zh-CN", f"#/jobs/{DONE}", "zh-CN", PHONE, "light"),
         ("phone", "#/jobs", "en-US", PHONE, "dark")]


def shoot(to, name, view, language, size, scheme):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-web-"))
    fake = everything()
    browser = None
    try:
        fake.signed_in = bool(view)
        if view != "#/line":
            fake.status.update(pause="none", pause_words="", pause_words_zh="")
        browser = Browser(folder / "profile", language, size)
        browser.driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Shanghai"})
        browser.prefer(prefers_color_scheme=scheme)
        browser.open(fake.url + view)
        if not view:
            browser.until_text("sluice web")
        elif view == "#/drop":
            (folder / "orders.csv").write_text("uid\n1\n")
            browser.until(lambda: browser.one("#file").send_keys(str(folder / "orders.csv")) is None, "a file chosen")
            browser.until(lambda: browser.all("#place"), "its check")
        else:
            browser.until(lambda: is_drawn(browser, view), view)
        browser.run("document.activeElement.blur(); scrollTo(0, 0);")
        file = to / f"page-{name}.png"
        browser.driver.save_screenshot(str(file))
        if file.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{file}: {file.stat().st_size} bytes, more than {MOST_BYTES}")
    finally:
        if browser:
            browser.quit()
        fake.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for shot in SHOTS:
        shoot(target, *shot)

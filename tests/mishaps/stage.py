"""What a user sees of a mishap: from the program's words alone, in English and in Chinese."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "e2e"))

import order_files  # noqa: E402
from harness import EndToEnd, merged  # noqa: E402
from processes import wait_until  # noqa: E402
from spool_folder import CHINESE, ENGLISH  # noqa: E402

LANGUAGES = {"English": ENGLISH, "Chinese": CHINESE}


class Stage(EndToEnd):
    """A fresh sandbox and spool for one mishap, and what was seen of it by language."""

    def runTest(self):
        """Not a test of its own: a place for one."""

    def open(self, *options, settings=None):
        self.api, self.client = self.unpaced(*options, settings=settings)
        self.seen = {language: [] for language in LANGUAGES}
        return self.client

    def note(self, language, what, words):
        words = words.replace(str(self.folder), "/srv").strip()
        if words:
            self.seen[language].append(f"{what}:\n{words}")

    def command(self, *words, env=None):
        """What a command prints, in each language."""
        for language, locale in LANGUAGES.items():
            done = self.client.sluice(*words, env={**locale, **(env or {})})
            self.note(language, "$ sluice " + " ".join(words), done.stdout + done.stderr)

    def drop(self, orders, name="orders"):
        """The same orders as two files, one with English and one with Chinese headers."""
        self.client.drop(f"{name}.csv", order_files.as_csv(orders))
        self.client.drop(f"{name}-zh.csv", order_files.as_csv([again(o) for o in orders], order_files.CHINESE))

    def check(self, english, chinese=None):
        """`check` of a file, as each language's user may have made it."""
        for language, content in (("English", english), ("Chinese", chinese or english)):
            path = self.client.folder / "orders.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            done = self.client.sluice("check", str(path), env=LANGUAGES[language])
            self.note(language, "$ sluice check orders.csv", done.stdout + done.stderr)

    def rows(self):
        """result and result_message of what is finished; a job's language is that of its file."""
        for job in self.client.finished():
            language = "Chinese" if "-zh" in job.summary["name"] else "English"
            for row in job.results[:3]:
                self.note(language, job.results_path.name, f"{row['result']}: {row['result_message']}")

    def reasons(self):
        for path in (self.client.root / "rejected").glob("*.reason.txt"):
            name, english, chinese = path.read_text().splitlines()[:3]
            self.note("English", path.name, f"{name}\n{english}")
            self.note("Chinese", path.name, f"{name}\n{chinese}")

    def until_paused(self, *kinds):
        wait_until(lambda: self.client.status()["pause"] in kinds, 60, f"a pause: {kinds}")


def again(order):
    """Another order of the same kind."""
    return order | {"uid": order["uid"][:-4] + str(9999 - int(order["uid"][-4:])).zfill(4)} if "uid" in order else order


def play(mishap):
    """What is seen of one mishap: {language: text}."""
    stage = Stage()
    stage.setUp()
    try:
        mishap(stage)
        return {language: "\n".join(texts) for language, texts in stage.seen.items()}
    finally:
        stage.doCleanups()


__all__ = ["LANGUAGES", "Stage", "again", "merged", "order_files", "play", "wait_until"]

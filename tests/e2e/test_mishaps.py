"""Each mishap of tests/mishaps is told in its reader's language, and says whether money was spent."""

import pathlib
import re
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "mishaps"))

from faults import FAULTS  # noqa: E402
from inputs import INPUTS  # noqa: E402
from stage import play  # noqa: E402

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# What the test itself wrote, or the API said: names of files, headers, values.
QUOTED = re.compile(r'"[^"]*"|“[^”]*”|\$ sluice .*|/srv\S*|HTTP \d+, code \d+: \S+')
# Commands, keys, names and places keep their letters; four English words in a row are a sentence.
SENTENCE = re.compile(r"[A-Za-z']{2,}(?: [A-Za-z'`]{2,}){3,}")
NAMES = re.compile(r"sluice [a-z-]+(?: [A-Z]+| \d{8}-\d+)?(?: --[a-z-]+)*|CSV UTF-8|systemctl [a-z]+ sluice|chown \S+ \S+|chmod \S+ \S+")


def english_in(text):
    return [found.group() for found in SENTENCE.finditer(NAMES.sub("…", QUOTED.sub("…", text)))]


class Mishaps(unittest.TestCase):
    maxDiff = None

    def assert_told(self, mishaps):
        for title, mishap in mishaps.items():
            with self.subTest(title):
                seen = play(mishap)
                for language, text in seen.items():
                    self.assertTrue(text, f"{language}: nothing was said")
                    self.assertNotRegex(text, r"\{\d|[\x1c-\x1e]")
                self.assertEqual(english_in(seen["Chinese"]), [], seen["Chinese"])
                left = [line for line in QUOTED.sub("", seen["English"]).splitlines() if HAN.search(line)]
                self.assertEqual([line for line in left if "column" not in line], [])

    def test_wrong_inputs(self):
        self.assert_told(INPUTS)

    def test_faults(self):
        self.assert_told(FAULTS)


if __name__ == "__main__":
    unittest.main()

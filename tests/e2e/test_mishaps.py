"""Each mishap of tests/mishaps is told in its reader's language, and says whether money was spent."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "mishaps"))

from faults import FAULTS  # noqa: E402
from inputs import INPUTS  # noqa: E402
from stage import play  # noqa: E402
from two_languages import chinese_in, english_in  # noqa: E402


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
                left = chinese_in(seen["English"])
                self.assertEqual([line for line in left if "column" not in line], [])

    def test_wrong_inputs(self):
        self.assert_told(INPUTS)

    def test_faults(self):
        self.assert_told(FAULTS)


if __name__ == "__main__":
    unittest.main()

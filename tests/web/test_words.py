"""The two modules of words say the same things."""

import re
import unittest

from fake_daemon import ASSETS

WORD = re.compile(r"^  (\w+): '((?:[^'\\]|\\.)*)',$", re.MULTILINE)
VALUE = re.compile(r"\{(\w+)")


def words(language):
    return dict(WORD.findall((ASSETS / f"words.{language}.js").read_text()))


class Words(unittest.TestCase):
    def test_both_languages_have_the_same_names_and_values(self):
        en, zh = words("en"), words("zh")
        self.assertGreater(len(en), 200)
        self.assertEqual(list(en), list(zh), "in the same order, too")
        for name in en:
            with self.subTest(name):
                self.assertEqual(set(VALUE.findall(en[name])), set(VALUE.findall(zh[name])))

    def test_every_line_of_a_module_is_one_of_its_words(self):
        for language in ("en", "zh"):
            lines = [line for line in (ASSETS / f"words.{language}.js").read_text().splitlines()
                     if line.strip() and not line.strip().startswith("//")]
            self.assertEqual(lines[0], "export default {")
            self.assertEqual(lines[-1], "};")
            self.assertEqual(len(lines) - 2, len(words(language)), language)

    def test_what_a_module_says_by_name_is_there(self):
        en = words("en")
        for file in sorted(ASSETS.glob("*.js")):
            for name in re.findall(r"\bt\('(\w+)'", file.read_text()):
                self.assertIn(name, en, file.name)

    def test_no_sentence_stands_elsewhere(self):
        """Text nodes come from words and the daemon: a literal of two words in another module is one that was forgotten."""
        for file in sorted(ASSETS.glob("*.js")):
            if file.name.startswith("words."):
                continue
            code = re.sub(r"//.*|/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
            for text in re.findall(r"el\('(?:p|h1|h2|h3|dt|dd|button|summary|th|label|option)', [^']*?'([^']* [^']*)'", code):
                self.fail(f"{file.name}: {text!r}")


if __name__ == "__main__":
    unittest.main()

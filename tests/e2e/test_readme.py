"""The Chinese README says the same as the English one: its commands, its tables' fixed words, its sections."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]


def page(name):
    return (ROOT / name).read_text()


def blocks(text):
    return re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)


def in_code(text):
    """What stands between backticks outside of blocks."""
    return set(re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL).replace("\n", " ")))


def first_cells(text):
    """Of every table row, what stands in code in its first cell."""
    rows = re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
    return [re.findall(r"`([^`]*)`", row) or [row] for row in rows if not row.startswith("-")]


class BothLanguages(unittest.TestCase):
    def setUp(self):
        self.english, self.chinese = page("README.md"), page("README.zh-CN.md")

    def test_commands_examples_and_folders_are_the_same_bytes(self):
        self.assertEqual(blocks(self.english), blocks(self.chinese))

    def test_every_command_setting_and_place_of_one_stands_in_the_other(self):
        english, chinese = (in_code(text) for text in (self.english, self.chinese))
        self.assertEqual(english - chinese, set())

    def test_there_are_as_many_sections_in_the_same_depth(self):
        depth = [re.findall(r"^(#+) ", text, re.MULTILINE) for text in (self.english, self.chinese)]
        self.assertEqual(*depth)

    def test_the_tables_have_the_same_rows(self):
        english, chinese = (first_cells(text) for text in (self.english, self.chinese))
        fixed = lambda rows: [row for row in rows if row != ["command"] and row != ["命令"]]
        self.assertEqual(fixed(english), fixed(chinese))

    def test_the_pages_that_one_names_the_other_names_too(self):
        links = [sorted({link.replace(".zh-CN.", ".") for link in re.findall(r"\]\(([^)]+)\)", text)} - {"README.md"})
                 for text in (self.english, self.chinese)]
        self.assertEqual(*links)


if __name__ == "__main__":
    unittest.main()

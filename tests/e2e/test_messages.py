"""docs/messages.md is the tables of texts (include/sluice/text/words.def and words/), for people."""

import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
WORD = re.compile(r'WORD\((\w+), "((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\)')
SENTENCE = re.compile(r'inline constexpr Sentence<\d> (\w+)\{"((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\};')
TABLE = "| name | English | 中文 |\n|---|---|---|\n"
HEAD = """# Messages

<!-- Generated from include/sluice/text/words.def and the headers in include/sluice/text/words/: change them there. -->

Each text tells what happened, what was expected and what to do. `{0}`, `{1}` … stand for what was found, `{0:order|orders}`
for the noun that goes with a number.

What stands in `result_message` and in reasons comes first, by who says it, in the language of the file; then what
commands, status and the log say, in that of their reader (the setting `language`).
"""


def messages():
    page = [HEAD]
    for line in (ROOT / "include/sluice/text/words.def").read_text().splitlines():
        if group := re.fullmatch(r"// (\w+: .*)", line):
            page.append(f"\n## {group[1]}\n\n{TABLE}")
        elif line.startswith("WORD("):
            page.append(row(WORD, line))
    for speaker in sorted((ROOT / "include/sluice/text/words").glob("*.hpp")):
        lines = speaker.read_text().splitlines()
        about = " ".join(line[3:] for line in lines[:lines.index("#pragma once")])
        page.append(f"\n## {speaker.stem}\n\n{about}\n\n{TABLE}")
        page += [row(SENTENCE, line) for line in lines if line.startswith("inline constexpr")]
    return "".join(page)


def row(pattern, line):
    name, *texts = (part.replace('\\"', '"').replace("\\\\", "\\").replace("|", "\\|") for part in pattern.fullmatch(line).groups())
    return f"| `{name}` | {texts[0]} | {texts[1]} |\n"


class Messages(unittest.TestCase):
    def test_the_page_is_what_the_table_of_texts_says(self):
        fresh = pathlib.Path(os.environ["SLUICE_BINARY_DIR"]) / "texts"
        fresh.write_text(messages())
        same = (ROOT / "docs/messages.md").read_text() == messages()
        self.assertTrue(same, f"take the page just written: cp {fresh} {ROOT}/docs/messages.md")


if __name__ == "__main__":
    unittest.main()

"""docs/messages.md is the table of texts (include/sluice/text/words.def), for people."""

import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).parents[2]
WORD = re.compile(r'WORD\((\w+), "((?:[^"\\]|\\.)*)", "((?:[^"\\]|\\.)*)"\)')
HEAD = """# Messages about rows and files

<!-- Generated from include/sluice/text/words.def: change it there. -->

What stands in `result_message`, in reasons and in what `sluice check` says: each text tells what is wrong, what was
expected and what to do. `{0}`, `{1}` … stand for what was found. Results and reasons speak the language of their file.
"""


def messages():
    page = [HEAD]
    for line in (ROOT / "include/sluice/text/words.def").read_text().splitlines():
        if group := re.fullmatch(r"// (\w+: .*)", line):
            page.append(f"\n## {group[1]}\n\n| name | English | 中文 |\n|---|---|---|\n")
        elif line.startswith("WORD("):
            name, *texts = (part.replace('\\"', '"').replace("\\\\", "\\").replace("|", "\\|") for part in WORD.fullmatch(line).groups())
            page.append(f"| `{name}` | {texts[0]} | {texts[1]} |\n")
    return "".join(page)


class Messages(unittest.TestCase):
    def test_the_page_is_what_the_table_of_texts_says(self):
        fresh = pathlib.Path(os.environ["SLUICE_BINARY_DIR"]) / "texts"
        fresh.write_text(messages())
        same = (ROOT / "docs/messages.md").read_text() == messages()
        self.assertTrue(same, f"take the page just written: cp {fresh} {ROOT}/docs/messages.md")


if __name__ == "__main__":
    unittest.main()

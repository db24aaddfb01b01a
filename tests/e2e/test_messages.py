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

NOTE = re.compile(r"// log: (.+) \| (.+)")
SAID = re.compile(r"spdlog::(warn|error|critical)\((.*?)\);", re.DOTALL)
LOG = """
## What the log warns of

Every warning and error that the daemon, a drain or a command logs, by its name in the tables below, which have its text
in both languages. `journalctl -u sluice -p warning` shows them alone, `SLUICE_JOB=JOB` those of one job.

| name | level | text | means | what to do |
|---|---|---|---|---|
"""


def noted():
    """Each sentence with a note above it, `// log: what it means | what to do`: name, text, and the note's parts."""
    for speaker in sorted((ROOT / "include/sluice/text/words").glob("*.hpp")):
        lines = speaker.read_text().splitlines()
        for above, line in zip(lines, lines[1:]):
            note, sentence = NOTE.fullmatch(above), SENTENCE.fullmatch(line)
            if note and sentence:
                yield sentence[1], row(SENTENCE, line).split(" | ")[1], *note.groups()


def logged(names):
    """The level at which the sources log each of these sentences."""
    levels = {}
    for source in sorted((ROOT / "src").rglob("*.cpp")):
        for level, said in SAID.findall(source.read_text()):
            known = [name for name in re.findall(r"words::(\w+)\(", said) if name in names]
            if not known:
                raise AssertionError(f"{source}: a warning without a note `// log: means | what to do` above its "
                                     f"sentence in include/sluice/text/words/: {said}")
            levels.update(dict.fromkeys(known, "error" if level == "critical" else level))
    return levels


def log_table():
    notes = {name: rest for name, *rest in noted()}
    levels = logged(notes)
    if unused := notes.keys() - levels.keys():
        raise AssertionError(f"noted for the log, and nothing logs it: {sorted(unused)}")
    return LOG + "".join(f"| `{name}` | {levels[name]} | {text} | {means} | {remedy} |\n"
                         for name, (text, means, remedy) in notes.items())


def messages():
    page = [HEAD, log_table()]
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

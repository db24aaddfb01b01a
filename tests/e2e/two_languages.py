"""Whether a text for people keeps to one language."""

import re

HAN = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# What the test itself wrote, or the API said: names of files, headers, values.
QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|\$ sluice .*|/srv\S*|HTTP \d+, code \d+: \S+')
# Commands, keys, names and places keep their letters; four English words in a row are a sentence.
SENTENCE = re.compile(r"[A-Za-z']{2,}(?: [A-Za-z'`]{2,}){3,}")
NAMES = re.compile(r"sluice [a-z-]+(?: [A-Z]+| \d{8}-\d+)?(?: --[a-z-]+)*|CSV UTF-8|systemctl [a-z]+ sluice|chown \S+ \S+|chmod \S+ \S+")


def english_in(text):
    """The English sentences in what should be Chinese."""
    return [found.group() for found in SENTENCE.finditer(NAMES.sub("…", QUOTED.sub("…", text)))]


def chinese_in(text):
    """The lines with Chinese signs in what should be English."""
    return [line for line in QUOTED.sub("…", text).splitlines() if HAN.search(line)]

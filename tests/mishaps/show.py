#!/usr/bin/env python3
"""Prints what a user sees of each mishap, in English and in Chinese: SLUICE_BINARY_DIR=build/release show.py [PART…]"""

import sys

from faults import FAULTS
from inputs import INPUTS
from stage import play

if __name__ == "__main__":
    for title, mishap in (INPUTS | FAULTS).items():
        if len(sys.argv) > 1 and not any(part in title for part in sys.argv[1:]):
            continue
        print(f"======== {title}")
        for language, text in play(mishap).items():
            print(f"---- {language}\n{text}\n", flush=True)

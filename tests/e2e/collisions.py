"""Texts that meet in FNV-1a with 64 bits, as whoever knows its weakness makes them: thousands within a second."""

import itertools
import random
import string

MASK = (1 << 64) - 1
PRIME = 0x100000001B3
START = 0xCBF29CE484222325
ALPHABET = (string.ascii_letters + string.digits).encode()
# A short vector of the lattice of all whose sum below is 0: two texts whose characters change the state by values that
# differ so much, one after the other, end in the same state.
DIFFERENCES = (-5, 0, 2, -8, 3, 0, 7, 7, 2, -2, -8, -4, -5, -1, 6, 2)
assert sum(d * pow(PRIME, len(DIFFERENCES) - i, 1 << 64) for i, d in enumerate(DIFFERENCES)) & MASK == 0


def fnv(text, state=START):
    for byte in text:
        state = (state ^ byte) * PRIME & MASK
    return state


def pair(state, chance):
    """Two texts of letters and digits that lead from this state to one."""
    def further(one, other, first, second):
        if len(first) == len(DIFFERENCES):
            return first, second
        low, other_low = one & 255, other & 255
        for byte in chance.sample(ALPHABET, len(ALPHABET)):
            reached = other_low + (low ^ byte) - low + DIFFERENCES[len(first)]
            if not 0 <= reached <= 255 or reached ^ other_low not in ALPHABET:
                continue
            found = further((one ^ byte) * PRIME & MASK, (other ^ reached ^ other_low) * PRIME & MASK,
                            first + bytes([byte]), second + bytes([reached ^ other_low]))
            if found:
                return found
        return None
    return further(state, state, b"", b"")


def meeting(before, count, seed=1):
    """As many different texts, each of which behind `before` gives the same hash, whatever follows."""
    chance = random.Random(seed)
    state, pairs = fnv(before), []
    while 2 ** len(pairs) < count:
        pairs.append(pair(state, chance))
        state = fnv(pairs[-1][0], state)
    texts = [b"".join(parts) for parts in itertools.islice(itertools.product(*pairs), count)]
    assert {fnv(before + text) for text in texts} == {state} and len(set(texts)) == count
    return texts

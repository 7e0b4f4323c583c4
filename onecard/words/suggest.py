"""What a person may have meant: the nearest of the known words, and lists that break off politely."""

from collections.abc import Iterable
from difflib import get_close_matches

# Below this likeness (difflib's ratio) a suggestion puzzles more than it helps.
LIKENESS = 0.3


def nearest(word: str, known: Iterable[str], most: int = 3) -> list[str]:
    """At most `most` of the known words, the most alike first; none when nothing is alike."""
    return get_close_matches(word, sorted(known), n=most, cutoff=LIKENESS)


def few(words: Iterable[str], most: int = 8) -> str:
    """The first of many words, and how many there are; a dash for none."""
    every = list(words)
    return (", ".join(every[:most]) or "—") + (f" … ({len(every)})" if len(every) > most else "")

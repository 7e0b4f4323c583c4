"""What people read, in Chinese and in English: a pair of texts that is written once and spoken in the language its reader chose."""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["zh", "en", "both"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
VARIABLE = "ONECARD_LANG"


@dataclass(frozen=True)
class Text:
    """One sentence in both languages. It has no language of its own: whoever shows it asks for one.

    `str()` gives both, Chinese first: what is stored, logged or part of a release is the same whatever the terminal speaks.
    """

    zh: str
    en: str

    def spoken(self, language: Language, between: str = " ") -> str:
        """The text in one language, or in both with `between` between them; what is alike in both is said once."""
        if language == "zh":
            return self.zh
        if language == "en" or self.zh == self.en:
            return self.en
        return between.join(part for part in (self.zh, self.en) if part)

    def __str__(self) -> str:
        return self.spoken("both")

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def __contains__(self, part: str) -> bool:
        return part in str(self)

    def __add__(self, other: "Text | str") -> "Text":
        return Text(self.zh + in_language(other, "zh"), self.en + in_language(other, "en"))

    def __radd__(self, other: str) -> "Text":
        return Text(other + self.zh, other + self.en)


Words = Text | str
# Chinese up to its last character, then English, which has none.
_STORED = re.compile(r"(?P<zh>.*[⺀-￯]\S*)\s+(?P<en>[^⺀-￯]+)", re.DOTALL)

# Between the members of a list, between clauses of one sentence, and after what the rest is about.
COMMA = Text("、", ", ")
SEMICOLON = Text("；", "; ")
COLON = Text("：", ": ")


def in_language(words: object, language: Language, between: str = " ") -> str:
    """Anything as text: a pair in the language, what has none as it is."""
    return words.spoken(language, between) if isinstance(words, Text) else str(words)


def joined(separator: Words, words: Iterable[Words]) -> Text:
    """Several texts as one."""
    every = list(words)
    zh = in_language(separator, "zh").join(in_language(text, "zh") for text in every)
    return Text(zh, in_language(separator, "en").join(in_language(text, "en") for text in every))


def stored(words: Words) -> str | dict[str, str]:
    """Words as JSON keeps them: a pair as an object of both languages, whatever the terminal speaks."""
    return {"zh": words.zh, "en": words.en} if isinstance(words, Text) else words


def restored(content: str | dict[str, str]) -> Words:
    """The inverse of `stored`."""
    return Text(content["zh"], content["en"]) if isinstance(content, dict) else content


def parted(kept: str) -> Text:
    """The pair that a stored text was made of: `第2字同音 second character sounds the same`, or `…按先进先出 · first in, first out…`.

    A text that is in one language alone, or cannot be parted, is the same in both.
    """
    zh, dot, en = kept.partition(" · ")
    if dot:
        return Text(zh.strip(), en.strip())
    found = _STORED.fullmatch(kept)
    return Text(found["zh"], found["en"]) if found else Text(kept, kept)


def chosen_language(option: str | None = None) -> Language:
    """What the reader chose: the option, else `ONECARD_LANG`, else the locale; both where nothing says (a bare server's C locale)."""
    for choice in (option, os.environ.get(VARIABLE)):
        for language in LANGUAGES:
            if choice == language:
                return language
    name = _locale()
    if name.startswith("zh"):
        return "zh"
    return "both" if name in ("", "c", "posix") else "en"


def _locale() -> str:
    """Language of the locale in the order in which POSIX reads the variables, lower case: `zh_cn`, `c`."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value.partition(".")[0].lower()
    return ""

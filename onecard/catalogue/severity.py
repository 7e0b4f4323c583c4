"""How grave a finding or a failed check is: the grades in order, in words, and what Great Expectations calls them."""

from typing import Literal, get_args

from onecard.words.language import Text

Severity = Literal["high", "medium", "low", "warning"]
# The gravest first.
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
TITLES: dict[Severity, Text] = {
    "high": Text("高", "high"),
    "medium": Text("中", "medium"),
    "low": Text("低", "low"),
    "warning": Text("提示", "notice"),
}
# Great Expectations has three grades.
IN_GREAT_EXPECTATIONS: dict[Severity, str] = {"high": "critical", "medium": "warning", "low": "info", "warning": "info"}

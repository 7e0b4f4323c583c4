"""What the suites found, as plain data, and the verdict of the gate over it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from onecard.catalogue.titles import OUTCOMES
from onecard.words.language import Words, in_language, restored, stored
from onecard.words.money import format_yuan

Status = Literal["passed", "found", "failed", "error"]


@dataclass(frozen=True)
class CheckResult:
    """One expectation's outcome; counts and sums only, never a value of a row.

    `status`: passed; found (a rule found leads: work for people, never a reason to refuse); failed (the data is not as it must be);
    error (the expectation could not be evaluated: says nothing about the data).
    `observed`: rows that contradict the expectation, or the figure observed (a sum, a day); `cases`: findings of a rule;
    `not_judged`: cases that it could not judge for want of a file;
    `fen`: money of the contradicting rows or findings, None where rows carry none. `expectation`: Great Expectations' name of it.
    """

    name: str
    title_zh: str
    title_en: str
    expectation: str
    relation: str
    severity: str
    blocking: bool
    status: Status
    observed: int | str | None = None
    cases: int | None = None
    not_judged: int | None = None
    fen: int | None = None
    note: Words = ""
    rule: str | None = None

    @property
    def passed(self) -> bool:
        return self.status == "passed"

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "note": stored(self.note)}

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> "CheckResult":
        """The inverse of `as_dict`."""
        return cls(**{**content, "note": restored(content["note"])})


@dataclass(frozen=True)
class SuiteResult:
    """One suite's outcome. `kind`: gate, findings or source."""

    name: str
    title_zh: str
    title_en: str
    kind: str
    checks: tuple[CheckResult, ...]

    @property
    def blocking(self) -> bool:
        """Whether anything in this suite can refuse a release."""
        return any(check.blocking for check in self.checks)

    @property
    def status(self) -> Status:
        """The gravest status among the checks."""
        return max((check.status for check in self.checks), key=_GRAVITY.index, default="passed")

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "checks": [check.as_dict() for check in self.checks], "status": self.status}

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> "SuiteResult":
        """The inverse of `as_dict`."""
        fields = {name: content[name] for name in ("name", "title_zh", "title_en", "kind")}
        return cls(**fields, checks=tuple(map(CheckResult.from_dict, content["checks"])))


_GRAVITY: list[Status] = ["passed", "found", "failed", "error"]


@dataclass(frozen=True)
class Reason:
    """Why a release is refused (or what a reader must know although it is not): one check, in words."""

    suite: str
    check: str
    status: Status
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """Whether the release may become current. `reasons` refuse it; `warnings` do not, but belong before a reader's eyes."""

    publishable: bool
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, content: dict[str, Any]) -> "Verdict":
        """The inverse of `as_dict`."""
        reasons, warnings = (tuple(Reason(**item) for item in content[name]) for name in ("reasons", "warnings"))
        return cls(publishable=content["publishable"], reasons=reasons, warnings=warnings)


def verdict(results: Iterable[SuiteResult]) -> Verdict:
    """Refuses for a blocking check that failed and for a technical error in a suite with blocking checks.

    Findings never refuse. No result at all refuses: nothing was checked. A technical error elsewhere is a warning.
    """
    refusing: list[Reason] = []
    warnings: list[Reason] = []
    blocking_checks = 0
    for suite in results:
        for check in suite.checks:
            blocking_checks += check.blocking
            if check.status == "error":
                (refusing if suite.blocking else warnings).append(_reason(suite, check))
            elif check.status == "failed":
                (refusing if check.blocking else warnings).append(_reason(suite, check))
            elif check.status == "found" and check.blocking:
                # A catalogue that marks a rule as blocking is wrong; a lead must never stop the money's account.
                warnings.append(_reason(suite, replace(check, note="blocking ignored")))
    if not blocking_checks:
        refusing.append(Reason("", "", "error", "没有执行任何阻断性校验", "no blocking check was run"))
    return Verdict(not refusing, tuple(refusing), tuple(warnings))


def _reason(suite: SuiteResult, check: CheckResult) -> Reason:
    zh, en = "", ""
    if check.observed is not None:
        zh, en = f"，观测 {check.observed}", f", observed {check.observed}"
    if check.fen is not None:
        zh, en = f"{zh}，涉及 {format_yuan(check.fen)} 元", f"{en}, {format_yuan(check.fen)} yuan"
    if check.note:
        zh, en = f"{zh}，{in_language(check.note, 'zh')}", f"{en}, {in_language(check.note, 'en')}"
    return Reason(
        suite.name,
        check.name,
        check.status,
        f"{suite.title_zh} · {check.title_zh}：{OUTCOMES[check.status].zh}{zh}",
        f"{suite.title_en} · {check.title_en}: {OUTCOMES[check.status].en}{en}",
    )

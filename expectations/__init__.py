"""Great Expectations suites over sources and marts, the verdict of the gate, and the report people read."""

from expectations.catalogue import Check, Suite, suite_catalogue
from expectations.report import render_report
from expectations.results import CheckResult, Reason, SuiteResult, Verdict, verdict
from expectations.runner import run_suites

__all__ = ["Check", "CheckResult", "Reason", "Suite", "SuiteResult", "Verdict", "render_report", "run_suites", "suite_catalogue", "verdict"]

"""Delivered files in, lake or quarantine out: every row accounted for, no personal data in clear."""

from ingestion.pipeline import IngestSummary, ingest
from ingestion.quarantine import quarantine_report, set_aside
from ingestion.receiving import PartlyReceived, Received, receive, receive_inbox

__all__ = ["IngestSummary", "PartlyReceived", "Received", "ingest", "quarantine_report", "receive", "receive_inbox", "set_aside"]

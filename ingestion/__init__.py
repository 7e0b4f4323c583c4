"""Delivered files in, lake or quarantine out: every row accounted for, no personal data in clear."""

from ingestion.pipeline import IngestSummary, ingest
from ingestion.quarantine import quarantine_report
from ingestion.receiving import Received, receive, receive_inbox

__all__ = ["IngestSummary", "Received", "ingest", "quarantine_report", "receive", "receive_inbox"]

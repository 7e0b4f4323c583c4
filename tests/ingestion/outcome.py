"""What became of one file, read in this process: landed rows, quarantined rows, facts, or the refusal."""

import hashlib
from dataclasses import dataclass, field

import pyarrow as pa

from ingestion.parsing import RAW, parse
from onecard.store.landing import Delivery
from onecard.words.language import Words


@dataclass
class Outcome:
    """Tables in clear by lake table; `refused` is the reason code of a file not taken."""

    landed: dict[str, pa.Table] = field(default_factory=dict)
    quarantined: list[dict[str, object]] = field(default_factory=list)
    raw: list[dict[str, object]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    refused: str | None = None
    detail: Words = ""

    def column(self, table: str, name: str) -> list[object]:
        return self.landed[table][name].to_pylist() if table in self.landed else []

    @property
    def reasons(self) -> list[object]:
        return [row["reason"] for row in self.quarantined]


def read(file_name: str, data: bytes | str, encoding: str = "gb18030", **facts: str) -> Outcome:
    """Parse a file as its child process would."""
    content = data if isinstance(data, bytes) else data.encode(encoding)
    digest = hashlib.sha256(content).hexdigest()
    delivery = Delivery(int(digest[:15], 16), digest, file_name, len(content), "2018-03-10T00:00:00+00:00", **facts)
    outcome = Outcome()
    for message in parse(delivery, content):
        if message.kind == "landed":
            before = outcome.landed.get(message.name)
            outcome.landed[message.name] = message.table if before is None else pa.concat_tables([before, message.table])
        elif message.kind == "quarantined":
            (outcome.raw if message.name == RAW else outcome.quarantined).extend(message.table.to_pylist())
        elif message.kind == "refused":
            outcome.refused, outcome.detail = message.facts["reason"], message.facts["detail"]
        else:
            outcome.facts = message.facts
    return outcome

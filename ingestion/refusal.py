"""A whole file that cannot be taken: the reason, the place in the file and what to ask the sender."""

from onecard.catalogue.quarantine_reasons import Reason
from onecard.words.language import Words


class FileRefused(Exception):
    """Raised while a file is read; `detail` names columns, sheets and counts, never a value of a person."""

    def __init__(self, reason: Reason, detail: Words = "") -> None:
        super().__init__(reason.value, str(detail))
        self.reason, self.detail = reason, detail

    def __reduce__(self) -> tuple[type, tuple[Reason, Words]]:
        return FileRefused, (self.reason, self.detail)

"""Whose file it is and of what: by what was stated, its name as it was, its header; and whatever of this is known of a rejected one."""

import re
from contextlib import suppress
from typing import Any

from ingestion.delivery_facts import stated_period
from ingestion.derive import Facts, resolve_sender
from ingestion.formats.headers import plain
from ingestion.formats.text_decoding import encoding_of
from ingestion.formats.workbook_safety import is_workbook
from ingestion.refusal import FileRefused
from onecard.catalogue.quarantine_reasons import Reason
from onecard.catalogue.seed_lookup import find_programme, programmes
from onecard.catalogue.shown_names import readable
from onecard.catalogue.sources import Contract, load_contracts, name_without_extension
from onecard.store.landing import Delivery
from onecard.words.divisions import find_division, find_sender
from onecard.words.national_id import id_status
from onecard.words.offices import find_office

_PARTS = re.compile(r"[_\-—()\s+·、]+")
_FILLED_BY = re.compile(r"(?:填报|报送|编制|制表|填表|发放)单位(?:\([^)]*\))?:(?P<office>[一-龥]+?)(?:\(|$|单位|[0-9])")


def identify(delivery: Delivery, name: str, contracts: dict[str, Contract], data: bytes) -> tuple[Contract, Facts]:
    """Contract and facts of a file: what was stated, then its name as it was, then its header. Raises FileRefused when none fits."""
    candidates = [contracts[delivery.source]] if delivery.source in contracts else list(contracts.values())
    whole = ((contract, contract.match_file(readable(name))) for contract in candidates)
    chosen, named = next(((contract, groups) for contract, groups in whole if groups is not None), (None, {}))
    if chosen is None:
        # A name that ends otherwise than agreed says whose file it is all the same, and its reader what is the matter with it.
        chosen, named = _by_name(delivery, name)
    if chosen is None:
        chosen = _by_header(contracts, data)
    if chosen is None:
        raise FileRefused(Reason.UNKNOWN_SOURCE)
    sender = resolve_sender(chosen, delivery.sender or named.get("sender"))
    period = _period(delivery, named)
    if period is None and "period" in chosen.scope:
        raise FileRefused(Reason.UNKNOWN_PERIOD)
    office = _office(delivery.sender, named.get("sender"), readable(name)) if chosen.sender == "division" else None
    return chosen, Facts(sender, period, named, office)


def _office(stated: str | None, named: str | None, name: str) -> str | None:
    """The office that sends: by what was stated, the sender in the file's name, or a part behind it (渭源县…名单_201804_清源镇)."""
    parts = _PARTS.split(name_without_extension(name))[1:]
    found = (find_sender(stated)[1], find_sender(named)[1], *(find_office(part) or find_sender(part)[1] for part in parts))
    return next((office for office in found if office), None)


def office_above(text: str) -> str | None:
    """The office that a cell above a table says fills it in (填报单位:元谋县民政局)."""
    found = _FILLED_BY.search(text)
    return (find_office(found["office"]) or find_sender(found["office"])[1]) if found else None


def _period(delivery: Delivery, named: dict[str, str]) -> str | None:
    if "year" in named and "month" in named:
        named["period"] = f"{named['year']}{int(named['month']):02d}"
    return stated_period(delivery.period or named.get("period") or "")


def _by_header(contracts: dict[str, Contract], data: bytes) -> Contract | None:
    """The one contract whose required headers all stand in the first lines of a text file; workbooks go by their name."""
    if is_workbook(data):
        return None
    head = plain(data[:8192].decode(encoding_of(data), "replace"))
    fits = []
    for contract in contracts.values():
        required = [column for column in contract.columns if column.must_exist]
        if required and all(any(plain(alias) in head for alias in column.headers) for column in required):
            fits.append(contract)
    return fits[0] if len(fits) == 1 else None


def scope_of(contract: Contract, facts: Facts, delivery: Delivery) -> str:
    """Name of the series the delivery belongs to; spellings of one programme (农村低保, 农村低保金) are one series."""
    parts = _parts_of_scope(contract, facts.sender, facts.period, facts.named, "+".join(sorted(facts.programmes)) or None)
    return "|".join([contract.source, *(part or delivery.sha256[:16] for part in parts)])


def _parts_of_scope(
    contract: Contract, sender: str | None, period: str | None, named: dict[str, str], programme: str | None
) -> list[str | None]:
    known = {"sender": sender, "period": period, "programme": programme, "batch_no": named.get("batch_no")}
    return [known.get(name) for name in contract.scope]


def recognised(delivery: Delivery, name: str, read: tuple[Contract, Facts] | None = None) -> dict[str, Any]:
    """What is known of a rejected file, null where nothing is: by as much of it as was `read`, else as stated and by its name.

    A name is known without its extension, too: what we cannot take is still what the office sent.
    """
    contract, named = (read[0], read[1].named) if read else _by_name(delivery, name)
    if contract is None:
        return {}
    period = read[1].period if read else _period(delivery, named)
    sender = read[1].sender if read else _sender(contract, delivery.sender or named.get("sender"))
    month = named.get("batch_month") or (period if period and len(period) == 6 else None)
    batch_no = _harmless(named.get("batch_no"))
    programme = (read and "+".join(sorted(read[1].programmes))) or find_programme(named.get("programme"))
    scope = _parts_of_scope(contract, sender, period, named | {"batch_no": batch_no or ""}, programme)
    return {
        "source": contract.source,
        "sender_division": sender if contract.sender == "division" else None,
        "sender_bank": sender if contract.sender == "bank" else None,
        "programme_code": named.get("batch_programme") or (programme if programme in programmes() else None),
        "period": period,
        "month": int(month) if month else None,
        "scope": "|".join([contract.source, *map(str, scope)]) if all(scope) else None,
        "batch_no": batch_no,
    }


def _harmless(batch_no: str | None) -> str | None:
    """A number that may stand in a record, which is no row that was checked: a person's name or number may stand in its place."""
    fits = re.fullmatch(r"(?=.*[0-9])[A-Za-z0-9-]+", batch_no or "") and not id_status(batch_no or "").startswith("valid")
    return batch_no if fits else None


def _by_name(delivery: Delivery, name: str) -> tuple[Contract | None, dict[str, str]]:
    contracts = load_contracts()
    stem = name_without_extension(readable(name))
    stated = contracts.get(delivery.source or "")
    for contract in [stated] if stated else contracts.values():
        for pattern in contract.name_patterns:
            # A roll's name may leave the programme to its title.
            if found := re.search(pattern.replace("(?P<programme>.+?)", "(?P<programme>.*?)"), stem):
                return contract, {key: value for key, value in found.groupdict().items() if value}
    return stated, {}


def _sender(contract: Contract, text: str | None) -> str | None:
    """The sender; of an office nobody knows (漳县某办公室) the place it is of."""
    with suppress(FileRefused):
        return resolve_sender(contract, text)
    if contract.sender == "bank":
        return None
    places = (find_division(text[:end]) for end in range(len(text or ""), 1, -1)) if text else ()
    return next((place.code for place in places if place), None)

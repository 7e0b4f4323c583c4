"""Names of what a release holds by code: divisions, programmes, banks; and codes of what people name."""

from onecard.words.divisions import divisions
from onecard.words.language import Text
from onecard.words.reference_data import seed_names, seed_rows


def division_name(code: str | None) -> str | None:
    """Name of a division; its code when the reference list does not know it, None for none."""
    return divisions()[code].name if code in divisions() else code


def programme_name(code: str) -> Text:
    """Name of a programme; its code when the reference list does not know it."""
    return seed_names("programmes", "programme_code").get(code, Text(code, code))


def bank_name(code: str) -> Text:
    """Name of an agent bank; its code when the reference list does not know it."""
    return seed_names("agent_banks", "bank_code").get(code, Text(code, code))


def find_bank(text: str) -> str:
    """Code of a bank from its code in either case, or from a name of it; the text itself when it is none."""
    wanted = text.strip().casefold()
    for row in seed_rows("agent_banks"):
        if wanted in {name.casefold() for name in (row["bank_code"], row["name_zh"], row["name_en"], *row["aliases"].split("|"))}:
            return row["bank_code"]
    return text

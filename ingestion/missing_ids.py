"""People without papers: what stands in the column of their number (无证, 不详, 000) is nobody's number and must not join them."""

import pyarrow as pa
import pyarrow.compute as pc

from onecard.catalogue.seed_lookup import compact
from onecard.words.name_writing import normalise_name
from onecard.words.national_id import NO_PAPERS, is_placeholder_id_array

_NOBODY = pa.scalar(None, pa.string())


def without_placeholders(columns: dict[str, pa.Array], *fields: str) -> dict[str, pa.Array]:
    """The columns, with null where a number only says that there is none."""
    return columns | {field: pc.if_else(is_placeholder_id_array(columns[field]), _NOBODY, columns[field]) for field in fields}


def with_stand_ins(columns: dict[str, pa.Array], division: str) -> dict[str, pa.Array]:
    """Rolls and registers: who has no number is told by place and name instead, alike in all lists of the county.

    People of one name in one village are told apart by their household: the number of its head, else the head's name. Two of one
    name in one household cannot be told apart by anything these lists hold. A head without number and name cannot be told from
    another, so the row is a household of its own.
    """
    own, heads = is_placeholder_id_array(columns["person_key"]), is_placeholder_id_array(columns["head_person_key"])
    if not (pc.any(own).as_py() or pc.any(heads).as_py()):
        return columns
    head = pc.if_else(heads, _stand_ins(columns, "head_name_key", heads, division), columns["head_person_key"])
    person = pc.if_else(own, _with_household(_stand_ins(columns, "name_key", own, division), head), columns["person_key"])
    return columns | {"person_key": person, "head_person_key": pc.coalesce(head, person)}


def _stand_ins(columns: dict[str, pa.Array], name: str, wanted: pa.Array, division: str) -> pa.Array:
    rows = zip(*(columns[field].to_pylist() for field in ("township", "village", name)), wanted.to_pylist(), strict=True)
    return pa.array([_stand_in(division, *row[:3]) if row[3] else None for row in rows], pa.string())


def _with_household(stand_ins: pa.Array, heads: pa.Array) -> pa.Array:
    """Stand-ins with the household's head behind them; a head's own is left alone, so that head and household stay one."""
    behind = pc.binary_join_element_wise(stand_ins, heads, "|")
    return pc.if_else(pc.fill_null(pc.not_equal(stand_ins, heads), False), behind, stand_ins)


def _stand_in(division: str, township: str | None, village: str | None, name: str | None) -> str | None:
    """One text per place and name; null without a name."""
    return f"{NO_PAPERS}|{division}|{compact(township or '')}|{compact(village or '')}|{normalise_name(name)}" if name else None

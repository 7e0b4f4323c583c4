"""Clear identifiers become keys: hashed once per distinct value, collisions checked, masks made, names that meet compared once."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onecard.catalogue.lake_tables import modelled_tables
from onecard.catalogue.sources import name_number_pairs
from onecard.store.lake import MODELLED_TABLES, Lake, read
from onecard.store.vault import Vault
from onecard.store.workspace import Workspace
from onecard.words.bank_card import card_status_array
from onecard.words.errors import InternalFault
from onecard.words.language import Text
from onecard.words.masks import mask_card, mask_id, mask_name
from onecard.words.names import compare_names
from onecard.words.national_id import birth_date_array, id_status_array

DIMENSIONS = {"person": "persons", "name": "names", "card": "cards"}


class Keyring:
    """Keys of everything seen so far, per domain; new values are hashed, checked and noted for vault and lake.

    `anew`: the lake knows none of what the vault knows.
    """

    def __init__(self, vault: Vault, anew: bool = False) -> None:
        self._vault = vault
        self._anew = anew
        self._values: dict[str, pa.Array] = {}
        self._keys: dict[str, pa.Array] = {}
        self._fresh: dict[str, list[tuple[pa.Array, pa.Array, pa.Array]]] = {}
        for domain in ("person", "name", "card", "household"):
            values, keys = vault.known_values(domain)
            self._values[domain], self._keys[domain] = (values[:0], keys[:0]) if anew else (values, keys)
            self._fresh[domain] = []

    def keys(self, domain: str, texts: pa.Array | pa.ChunkedArray) -> pa.Array:
        """int64 keys of clear values, null for null."""
        if isinstance(texts, pa.ChunkedArray):
            texts = texts.combine_chunks()
        coded = texts.dictionary_encode()
        places = pc.index_in(coded.dictionary, value_set=self._values[domain])
        unknown = coded.dictionary.filter(places.is_null())
        if len(unknown):
            key, check = self._vault.pseudonyms.keys(domain, unknown)
            self._fresh[domain].append((unknown, key, check))
            self._values[domain] = pa.concat_arrays([self._values[domain], unknown])
            self._keys[domain] = pa.concat_arrays([self._keys[domain], key])
            places = pc.index_in(coded.dictionary, value_set=self._values[domain])
        return self._keys[domain].take(places).take(coded.indices)

    def known(self, domain: str) -> tuple[pa.Array, pa.Array]:
        """(clear value, key) of everything seen so far in a domain."""
        return self._values[domain], self._keys[domain]

    def clear(self, domain: str, keys: np.ndarray) -> dict[int, str]:
        """Clear values of the given keys."""
        wanted = pc.is_in(self._keys[domain], value_set=pa.array(keys, pa.int64()))
        values, known = self._values[domain].filter(wanted), self._keys[domain].filter(wanted)
        return dict(zip(known.to_pylist(), values.to_pylist(), strict=True))

    def store(self, lake: Lake) -> None:
        """Write what is new: clear values to the vault, masks and validity to the lake. Raises InternalFault on a collision."""
        for domain, fresh in self._fresh.items():
            if len(self._keys[domain]) != len(pc.unique(self._keys[domain])):
                raise InternalFault(
                    code="OC-ID-001",
                    what=Text("假名冲突", "two values share one pseudonym"),
                    where=domain,
                    why=Text("63 位假名相撞，概率约为 10^-7", "a collision of 63-bit keys, about one in ten million cities"),
                    remedy=Text("换一把保险库密钥后重建工作区", "rebuild the workspace with another vault key"),
                )
            if not fresh:
                continue
            values, keys, checks = (pa.concat_arrays(list(parts)) for parts in zip(*fresh, strict=True))
            rows = pa.table({"value": values, "key": keys, "check": checks})
            if self._anew:
                rows = rows.filter(pc.invert(pc.is_in(values, value_set=self._vault.known_values(domain)[0])))
            self._vault.write(f"values-{domain}", rows)
            if domain in DIMENSIONS:
                lake.append(DIMENSIONS[domain], _dimension(domain, values, keys, checks))


def _dimension(domain: str, values: pa.Array, keys: pa.Array, checks: pa.Array) -> pa.Table:
    if domain == "person":
        masked = pa.array([mask_id(value) for value in values.to_pylist()])
        born = birth_date_array(values)
        return pa.table(
            {
                "person_key": keys,
                "key_check": checks,
                "id_status": id_status_array(values),
                "id_masked": masked,
                "born_month": pc.add(pc.multiply(pc.year(born), 100), pc.month(born)),
            }
        )
    if domain == "name":
        return pa.table({"name_key": keys, "key_check": checks, "name_masked": [mask_name(value) for value in values.to_pylist()]})
    masked = pa.array([mask_card(value) for value in values.to_pylist()])
    return pa.table({"card_key": keys, "key_check": checks, "card_masked": masked, "card_status": card_status_array(values)})


def keyed(table: pa.Table, name: str, keyring: Keyring) -> pa.Table:
    """A table in clear as the rows of table `name` of the lake or of what was set aside."""
    domains = modelled_tables()[name].domains
    columns: dict[str, pa.Array] = {}
    for field in MODELLED_TABLES[name]:
        column = table[field.name]
        is_clear = field.name in domains and column.type == pa.string()
        columns[field.name] = keyring.keys(domains[field.name], column) if is_clear else column
    return pa.table(columns)


def compare_new_names(ws: Workspace, vault: Vault, lake: Lake) -> int:
    """Grade every pair of names that met on one ID or card and was never compared; returns how many were new."""
    pairs = pa.concat_tables([_pairs(ws, *meeting) for meeting in name_number_pairs()]).group_by(["owner", "name"]).aggregate([])
    met = _names_that_met(pairs["owner"].to_numpy(), pairs["name"].to_numpy())
    done = read(ws, "name_comparisons", ["name_key_a", "name_key_b"])
    known = set(zip(done["name_key_a"].to_pylist(), done["name_key_b"].to_pylist(), strict=True))
    fresh = sorted(met - known)
    if not fresh:
        return 0
    clear = vault.names(pa.array(sorted({key for pair in fresh for key in pair}), pa.int64()))
    grades = [compare_names(clear[a], clear[b]) for a, b in fresh]
    lake.append(
        "name_comparisons",
        pa.table(
            {
                "name_key_a": pa.array([a for a, _ in fresh], pa.int64()),
                "name_key_b": pa.array([b for _, b in fresh], pa.int64()),
                "grade": [item.grade for item in grades],
                "reason": [f"{item.reason_zh} {item.reason_en}" for item in grades],
            }
        ),
    )
    return len(fresh)


def _pairs(ws: Workspace, table: str, owner: str, name: str) -> pa.Table:
    rows = read(ws, table, [owner, name]).rename_columns(["owner", "name"]).drop_null()
    return rows.group_by(["owner", "name"]).aggregate([]).select(["owner", "name"])


def _names_that_met(owners: np.ndarray, names: np.ndarray) -> set[tuple[int, int]]:
    """Unordered pairs of different names under one owner; nearly every owner has one name and is passed over at once."""
    order = np.lexsort((names, owners))
    owners, names = owners[order], names[order]
    starts = np.flatnonzero(np.r_[True, owners[1:] != owners[:-1]]) if len(owners) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(owners)])
    return {
        pair for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True) for pair in _two_by_two(names[start : start + size])
    }


def _two_by_two(names: np.ndarray) -> Iterator[tuple[int, int]]:
    for index, a in enumerate(names):
        for b in names[index + 1 :]:
            yield int(a), int(b)

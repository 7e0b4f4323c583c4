"""Staff who handle assistance at the county bureau and in the townships, and those of their relatives whom they name."""

import numpy as np

from simulation.people.columns import Columns
from simulation.people.numbers import birth_year

FILED = ("否", "是", "")
NOT_FILED, IS_FILED, UNSAID = range(len(FILED))
_AT_THE_BUREAU = ("社会救助股股长", "低保中心主任", "社会救助股经办员", "财务股会计")
_IN_A_TOWNSHIP = ("社会事务办主任", "民政专干")
# A poor person's job for the public good: no office, no money in hand, and no bar to assistance.
PUBLIC_SERVICE = "公益性岗位保洁员"
_RECEIVING_SHARE = 0.2  # of staff, who have a relative that receives assistance
_GENERATION = 18  # years


def number_of_staff(townships: int) -> int:
    return len(_AT_THE_BUREAU) + len(_IN_A_TOWNSHIP) * townships


def appoint(
    rng: np.random.Generator, county: str, townships: list[str], persons: Columns, ents: Columns, staff: np.ndarray, kin: np.ndarray
) -> Columns:
    """Rows of the list of staff and relatives: person, unit, position (str), relative (person or -1), relation (str), filed.

    Who of the relatives receives assistance was filed; of the others (`kin`) not everybody was. Takes family names on.
    One of those who receive assistance has a job for the public good.
    """
    units = [f"{county}民政局"] * len(_AT_THE_BUREAU) + [f"{name}人民政府" for name in townships for _ in _IN_A_TOWNSHIP]
    positions = [*_AT_THE_BUREAU, *(_IN_A_TOWNSHIP * len(townships))]
    # Nobody's proxy, and not in a household of several: nothing but the filing tells of them.
    single = np.bincount(persons["household"], minlength=len(persons))[ents["person"]] == 1
    receiving = rng.permutation(np.unique(ents["person"][single & (ents["payee"] == ents["person"]) & (ents["size"] == 1)]))
    helper, receiving = receiving[0], receiving[1 : 1 + max(2, int(len(staff) * _RECEIVING_SHARE))]
    rows = [(index % len(staff), int(person), IS_FILED) for index, person in enumerate(receiving)]
    rows += [(int(rng.integers(0, len(staff))), int(person), int(rng.random() < 0.8)) for person in kin]
    named = {index for index, _, _ in rows}
    rows += [(index, -1, UNSAID) for index in range(len(staff)) if index not in named]
    rows.sort()
    year = birth_year(persons["born"])
    for index, relative, _ in rows:
        # A relative that receives keeps the name; staff and other relatives stand in no other file.
        if relative >= 0 and relative in receiving and "·" not in persons["name"][relative]:
            _rename(persons, int(staff[index]), persons["name"][relative][0])
    relations = []
    for index, relative, _ in rows:
        relation = _relation(persons, year, int(staff[index]), relative) if relative >= 0 else ""
        if relation in ("父亲", "子", "女", "兄弟", "姐妹") and relative not in receiving:
            _rename(persons, relative, persons["name"][staff[index]][0])
        relations.append(relation)
    return Columns(
        person=np.array([*(staff[index] for index, _, _ in rows), helper]),
        unit=np.array([*(units[index] for index, _, _ in rows), units[-1]], object),
        position=np.array([*(positions[index] for index, _, _ in rows), PUBLIC_SERVICE], object),
        relative=np.array([*(relative for _, relative, _ in rows), -1]),
        relation=np.array([*relations, ""], object),
        filed=np.array([*(filed for _, _, filed in rows), UNSAID]),
    )


def _rename(persons: Columns, person: int, surname: str) -> None:
    if "·" not in persons["name"][person]:
        persons["name"][person] = persons["bank_name"][person] = surname + persons["name"][person][1:]


def _relation(persons: Columns, year: np.ndarray, staff: int, relative: int) -> str:
    male, older = bool(persons["male"][relative]), int(year[staff] - year[relative])
    if older >= _GENERATION:
        return "父亲" if male else "母亲"
    if older <= -_GENERATION:
        return "子" if male else "女"
    if persons["male"][staff] != male and abs(older) <= 6 and persons["name"][staff][0] != persons["name"][relative][0]:
        return "配偶"
    return "兄弟" if male else "姐妹"

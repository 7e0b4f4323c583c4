"""Simulates a city: one county after another is built, paid and written; then the documents that paid for it."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from simulation import canaries as canary_persons
from simulation import habits, plants
from simulation.canaries import Canary
from simulation.files.bank_files import write_bank_files
from simulation.files.budget_lists import write_budget_lists
from simulation.files.cards import CardLists
from simulation.files.clear_values import ClearValues
from simulation.files.deaths import write_deaths
from simulation.files.delivery import Inbox, Truth
from simulation.files.persons import person_texts
from simulation.files.registers import write_registers
from simulation.files.rolls import write_rolls
from simulation.files.staff import write_staff
from simulation.files.treasury import write_treasury
from simulation.files.withdrawals import WithdrawalLists
from simulation.ledger.budget import Budget, build_budget, name_documents
from simulation.ledger.deaths import add_deaths
from simulation.ledger.payments import Voucher, add_vouchers, build_payments, list_members, settle_failures
from simulation.ledger.withdrawals import build_withdrawals
from simulation.people.county import build_county
from simulation.plan import Plan, make_plan
from simulation.summary import SimulationSummary


def simulate(
    out: Path, size: str = "tiny", seed: int = 1, plant: bool = False, rows: int | None = None, canaries: Sequence[Canary] = ()
) -> SimulationSummary:
    """Write the files of a simulated city to `out/inbox` and what is true of them to `out/truth`.

    size: tiny (2 counties, 3 months, about 20,000 bank rows), county (1, 12, 1.5 million), city (7, 12, 10 million);
    `rows` bank rows instead. `plant` puts known problems in. The same arguments give the same bytes.
    Raises InputRefused for an unknown size, or for too few rows.
    """
    plan = make_plan(size, seed, rows)
    truth = Truth()
    book = plants.CaseBook(truth) if plant else None
    inbox = Inbox(out / "inbox", truth)
    (out / "truth").mkdir(parents=True, exist_ok=True)
    cards, withdrawals = CardLists(plan, inbox), WithdrawalLists(plan, inbox)
    vouchers: dict[str, list[Voucher]] = {}
    with ClearValues(out / "truth" / "persons.parquet") as clear:
        for index in range(len(plan.counties)):
            local = list(canaries) if index == 0 else []
            code, vouchers[code] = _county(plan, index, inbox, cards, withdrawals, clear, local, book)
    budget = Budget()
    build_budget(plan, vouchers, budget)
    if book is not None:
        plants.plant_documents(plan, vouchers, budget, book)
    write_budget_lists(plan, budget, inbox)
    for index, county in enumerate(plan.counties):
        if habits.names_documents(index):
            name_documents(county.code, vouchers[county.code], budget)
        write_treasury(plan, index, vouchers[county.code], inbox)
    cards.close()
    withdrawals.close()
    inbox.close()
    _write_truth(out / "truth", truth, book)
    planted = Counter(rule for rule, *_ in truth.found)
    return SimulationSummary(out, plan.size, seed, plan.business_date, dict(sorted(inbox.counts.items())), dict(sorted(planted.items())))


def _county(
    plan: Plan,
    index: int,
    inbox: Inbox,
    cards: CardLists,
    withdrawals: WithdrawalLists,
    clear: ClearValues,
    canaries: list[Canary],
    book: plants.CaseBook | None,
) -> tuple[str, list[Voucher]]:
    """Build, pay and write one county; its code and vouchers."""
    county = build_county(plan, index)
    canary_persons.place(county, canaries)
    payments = build_payments(plan, county)
    untouched = None
    if book is None:
        settle_failures(plan, county, payments)
        add_vouchers(payments, county)
    else:
        scene = plants.plant_county(plan, county, payments, book, [canary.id_no for canary in canaries])
        settle_failures(plan, county, payments, frozenset(scene.left))
        add_vouchers(payments, county)
        plants.note_vouchers(scene)
        untouched = scene.supply.untouched
    add_deaths(plan, county, payments)
    list_members(plan, county, payments, untouched)
    persons = person_texts(county)
    write_rolls(plan, county, payments, persons, inbox)
    write_registers(plan, county, persons, inbox)
    write_bank_files(county, payments, persons, inbox)
    cards.add(county, persons)
    withdrawals.add(county, persons, build_withdrawals(plan, county, payments))
    write_deaths(plan, county, persons, inbox)
    write_staff(plan, county, persons, inbox)
    clear.add(persons)
    return county.code, payments.vouchers


def _write_truth(folder: Path, truth: Truth, book: plants.CaseBook | None) -> None:
    assert truth.wanted.keys() == truth.places.keys(), "every planted row was written"
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["rule_code", "file", "sheet_no", "row_no", "note"])
        writer.writerows(sorted(truth.found))
    (folder / "cases.json").write_text(json.dumps(book.as_list() if book else [], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

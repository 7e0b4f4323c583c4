"""Typed questions to a release and a workspace: what commands, notebooks and pages may call (docs/python-api.md). Nothing here prints.

- `release_selection.choose_release`: the folder of a release, from its id or the beginning of it
- `status.answer`, `status.read`: rows, money by level, findings by rule
- `trace.by_document`, `trace.by_credit`, `trace.by_person`, `trace.by_place`: where money is, and whose money a credit was
- `trace_workbook.write`: the answer of a trace as a workbook
- `diff.compare`: what changed between two releases
- `review.pairs`, `review.find`, `review.with_latest`, `review.pair_of`, `review.code_of`: pairs for a person to judge
- `deliveries.deliveries`, `deliveries.find`, `deliveries.with_latest`: what became of every file, which are held as a question
- `doc_numbers.find`: the document that a number means as people write it
- `names.division_name`, `names.programme_name`, `names.bank_name`: names of codes

All else in these modules may change without notice.
"""

"""Imported once by the fork server: what every parser process would otherwise load again for its one file (1 s each, measured)."""

import pandas  # noqa: F401  pyarrow imports it at the first conversion
import pyarrow as pa

from ingestion import parsing
from onecard.catalogue.seed_lookup import trade_vocabulary
from onecard.catalogue.shown_names import shown_sheet
from onecard.store.landing import Delivery
from onecard.words.divisions import last_birth_years
from onecard.words.masks import scrub
from onecard.words.name_writing import normalise_name

pa.set_cpu_count(1)
pa.set_io_thread_count(1)
last_birth_years()
normalise_name("")
scrub("", trade_vocabulary())
shown_sheet("")
# One small file through the text path warms contracts, patterns and seed tables.
_SAMPLE = "卡号,户名,证件号码,状态\n1,1,1,正常\n".encode("gb18030")
WARM = list(parsing.parse(Delivery(0, "0" * 64, "RCU_一卡通账户清单_201801.csv", len(_SAMPLE), "2018-01-01T00:00:00+00:00"), _SAMPLE))

"""What to type after `make demo`: three lines to copy, with the workspace and a document that exists in it."""

import shlex
import sys
from pathlib import Path

from onecard.store.releases import open_release
from onecard.store.workspace import Workspace
from onecard.words.language import Text, chosen_language, in_language

# The document whose money made most stops: the one with most to see.
DOCUMENT = """
    select province_doc_no from mart_trace where province_doc_no is not null
    group by all order by count(*) desc, province_doc_no limit 1
"""


def next_steps(home: Path) -> list[str]:
    """Commands to look at the current release of a workspace."""
    with open_release(Workspace(home)) as con:
        found = con.execute(DOCUMENT).fetchone()
    onecard = f".venv/bin/onecard --home {shlex.quote(str(home))}"
    trace = [f"{onecard} trace --doc {shlex.quote(found[0])}"] if found else []
    return [f"{onecard} status", *trace, f"make notebook ONECARD_HOME={shlex.quote(str(home.resolve()))}"]


if __name__ == "__main__":
    print(f"{in_language(Text('接下来', 'next'), chosen_language())}:")
    for line in next_steps(Path(sys.argv[1])):
        print(f"  {line}")

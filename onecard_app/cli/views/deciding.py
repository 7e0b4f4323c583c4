"""What every decision of a person shares on the command line: who is at the keyboard, when it was decided, and how that is shown."""

import datetime as dt
import os
import pwd

from onecard.words.errors import InputRefused
from onecard.words.language import Text
from onecard.words.months import SHANGHAI


def login() -> str:
    """The account, by the kernel's word and not by a variable that anybody may set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def moment_of(at: dt.datetime | None, code: str, what: Text) -> dt.datetime:
    """The moment of a decision, in Shanghai; now when none is given. Raises InputRefused for one that is still to come."""
    now = dt.datetime.now(SHANGHAI)
    moment = at.replace(tzinfo=SHANGHAI) if at is not None else now
    if moment > now:
        raise InputRefused(
            code=code,
            what=what,
            where="--at",
            why=Text("所写时刻在将来", "the moment is in the future"),
            remedy=Text("写实际决定的时刻", "give the moment of the decision"),
        )
    return moment


def local(moment: dt.datetime) -> str:
    """A moment as people in China read it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")

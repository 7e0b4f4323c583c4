"""The `onecard` command: its options, its exit codes, and how errors reach a person."""

import os
import shlex
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from onecard.store.settings import Settings
from onecard.store.workspace import Workspace
from onecard.words.errors import OnecardError
from onecard.words.safe_errors import without_values
from onecard.words.system_faults import machine_fault
from onecard_app.cli.output import Output

EXIT_CODES = """
\b
退出码 exit codes
   0  完成 done
   2  命令用法有误 wrong usage
  65  输入被拒 input refused (file, unit, columns …)
  66  找不到 not found (release, rule …)
  70  程序内部错误 internal fault
  75  另一个运行持有工作区 another run holds the workspace, try later
  76  闸门拒绝发布 the gate refused the release
  78  配置或机器有误 configuration or machine (disk full, read-only …)
 130  被中断 interrupted (Ctrl-C)，可重跑 run again
"""

EXAMPLES = """
\b
例 examples
  onecard simulate demo-city --plant        造一座带问题的模拟城市 make a city with known problems
  onecard receive demo-city/inbox/*         收件 receive files
  onecard run --as-of 2018-06-30            收件到发布一次跑完 inbox to published release
  onecard status                            资金、行数、疑点一览 rows, money, findings
  onecard trace --doc 甘财社〔2018〕5号     这份文件的钱现在在哪里 where a document's money is now
  onecard diff 2018-03-31 current           两个发布之间变了什么 what changed between two releases
  onecard review                            待人工复核的姓名和证件号 doubtful names and IDs for a person to judge
  onecard explain FS02                      一条规则的依据和阈值 a rule, its law and threshold
"""


class Door:
    """What every command gets: settings, the workspace and a way to speak."""

    def __init__(self, home: Path | None, as_json: bool) -> None:
        self.settings = Settings.load(**({"home": home} if home else {}))
        self.ws = Workspace(self.settings.home)
        self.out = Output(as_json)

    @property
    def command(self) -> str:
        """The command as it must be typed to speak to this workspace."""
        home = self.settings.home
        return "onecard" if home == Settings.model_fields["home"].default else f"onecard --home {shlex.quote(str(home))}"


pass_door = click.make_pass_decorator(Door)


class House(click.Group):
    """The group of commands; what fails in the machine is told with the workspace it failed in."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (OnecardError, click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            home = context.obj.ws.home if context.obj is not None else Path()
            if os.environ.get("ONECARD_DEBUG") or (fault := machine_fault(error, home)) is None:
                raise
            raise fault from None


@click.group(cls=House, epilog=EXAMPLES + EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--home", type=click.Path(path_type=Path), envvar="ONECARD_HOME", help="工作区 workspace [./onecard-home]")
@click.option("--json", "as_json", is_flag=True, help="机器可读输出 machine-readable output")
@click.version_option(package_name="onecard")
@click.pass_context
def cli(context: click.Context, home: Path | None, as_json: bool) -> None:
    """一卡通资金对账湖仓 — follow social-assistance money from allocation document to card, and reconcile every fen."""
    context.obj = Door(home, as_json)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--json` after the command's name too, where people write it."""

    def turn_on(context: click.Context, _param: click.Parameter, value: bool) -> None:
        if value and context.obj is not None:
            context.obj.out = Output(True)

    return click.option("--json", is_flag=True, expose_value=False, callback=turn_on, help="机器可读输出 as JSON")(command)


def whole_cli() -> click.Group:
    """The command with all its subcommands, which register themselves when their modules are loaded."""
    from onecard_app.cli import diff, look, review, trace, work  # noqa: F401  registers the commands

    return cli


def main() -> None:
    """Entry point; expected errors leave in four lines and with their exit code, never as a traceback."""
    # What people read here is Chinese; a C locale would make every line an encoding error.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    as_json = "--json" in sys.argv
    # While a step runs, Dagster sends what is written to standard error through a file; this one stays the terminal's.
    terminal = os.dup(2)
    try:
        whole_cli()
        cli.main(standalone_mode=False)
    except OnecardError as error:
        _leave(error, as_json)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _interrupted(terminal)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        if os.environ.get("ONECARD_DEBUG"):
            raise
        _leave(without_values("onecard", error), as_json)


def _interrupted(terminal: int) -> NoReturn:
    show_cursor = "\x1b[?25h" if os.isatty(terminal) else ""  # a spinner had hidden it
    os.write(terminal, f"{show_cursor}已中断，未丢失，可重跑 interrupted, nothing lost, run again\n".encode())
    _end_children(os.getpid())
    # Libraries that are torn down at the end of an interrupted process print tracebacks of their own.
    os._exit(130)


def _end_children(parent: int) -> None:
    """Kill what this process started (dbt, parsers); what they left unfinished, the next run undoes."""
    for listed in Path(f"/proc/{parent}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, listed.read_text(encoding="ascii").split()):
                _end_children(child)
                os.kill(child, signal.SIGKILL)


def _leave(error: OnecardError, as_json: bool) -> None:
    Output(as_json).error(error)
    sys.exit(error.exit_code)

"""The `onecard` command: its exit codes, the table of its commands, and how errors reach a person.

Nothing heavy is loaded here: a command's module is found by its name in `commands/` and loaded when it is asked for, and what it needs
is loaded when it runs.
"""

import importlib
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click

from onecard.words.errors import OnecardError
from onecard.words.language import Language, Text, Words, chosen_language, in_language
from onecard.words.suggest import nearest
from onecard_app.cli.context import AppContext, Option, Spoken, UsageProblem, option, reader_language, speaking_options

COMMANDS = Path(__file__).with_name("commands")
EXITS = (
    (0, Text("完成", "done")),
    (2, Text("命令用法有误", "wrong usage")),
    (65, Text("输入不被接受（文件、单位、列……）", "input rejected (file, unit, columns …)")),
    (66, Text("找不到（发布、规则……）", "not found (release, rule …)")),
    (70, Text("程序内部错误", "internal error")),
    (75, Text("另一个运行占用工作区，稍后再试", "another run holds the workspace, try later")),
    (76, Text("闸门未通过，未发布", "the gate rejected the release")),
    (78, Text("配置或机器有误（磁盘满、只读……）", "configuration or machine (disk full, read-only …)")),
    (130, Text("被中断（Ctrl-C），可重跑", "interrupted (Ctrl-C), run again")),
)
EXAMPLES = (
    ("onecard simulate demo-city --plant", Text("造一座带已知问题的模拟城市", "Make a city with known problems.")),
    ("onecard receive demo-city/inbox/*", Text("收件", "Receive files.")),
    ("onecard run --as-of 2018-06-30", Text("收件到发布一次跑完", "From inbox to published release in one go.")),
    ("onecard status", Text("资金、行数、疑点一览", "Money, rows and findings at a glance.")),
    ("onecard trace --doc 甘财社〔2018〕5号", Text("这份文件的钱现在在哪里", "Where the money of a document is now.")),
    ("onecard diff 2018-03-31 current", Text("两个发布之间变了什么", "What changed between two releases.")),
    ("onecard review", Text("待人工复核的姓名和证件号", "Doubtful names and IDs for a person to judge.")),
    ("onecard explain FS02", Text("一条规则的依据和阈值", "A rule, its law and threshold.")),
)


class Commands(Spoken, click.Group):
    """The commands of the folder `commands`, one file a command, loaded by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(path.stem for path in COMMANDS.glob("[a-z]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = importlib.import_module(f"onecard_app.cli.commands.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            near = ", ".join(nearest(args[0], known) or known)
            raise UsageProblem(Text(f"没有命令 {args[0]}，相近的有：{near}", f"no command {args[0]}; nearest: {near}"), ctx)
        return super().resolve_command(ctx, args)

    def make_context(self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any) -> click.Context:
        # Help is printed while options are read: what language it has must be known before.
        extra.setdefault("obj", AppContext(_language_asked(args), as_json="--json" in args))
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what fails in the machine is told with the workspace it failed in."""
        try:
            return super().invoke(ctx)
        except (OnecardError, click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            from onecard.words.system_faults import machine_fault

            if os.environ.get("ONECARD_DEBUG") or (fault := machine_fault(error, ctx.obj.ws.home)) is None:
                raise
            raise fault from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(in_language(Text("命令", "Commands"), reader_language())):
            formatter.write_dl([(name, self.get_command(ctx, name).get_short_help_str()) for name in self.list_commands(ctx)])  # type: ignore[union-attr]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Spoken.format_options(self, ctx, formatter)
        self.format_commands(ctx, formatter)


def _language_asked(args: list[str]) -> Language:
    """The language that the words of a call ask for, before click has read them."""
    value = None
    for at, word in enumerate(args):
        if word.startswith("--lang="):
            value = word.removeprefix("--lang=")
        elif word == "--lang" and at + 1 < len(args):
            value = args[at + 1]
    return chosen_language(value)


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"onecard, version {version('onecard')}")
        ctx.exit()


@click.group(
    cls=Commands,
    name="onecard",
    help=Text(
        "一卡通资金对账湖仓：跟着社会救助资金从指标文走到一卡通，逐分对账。",
        "Follow social-assistance money from the allocation document to the card, and reconcile every fen.",
    ),
    examples=EXAMPLES,
    exits=EXITS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@option("--home", type=click.Path(path_type=Path), envvar="ONECARD_HOME", help=Text("工作区", "workspace") + " [./onecard-home]")
@speaking_options
@click.option("--version", cls=Option, is_flag=True, is_eager=True, expose_value=False, callback=_version, help=Text("版本", "version"))
@click.pass_obj
def cli(app: AppContext, home: Path | None) -> None:
    """Take what holds for every command."""
    app.home = home


def main() -> None:
    """Entry point; expected errors leave in four lines and with their exit code, never as a traceback."""
    # What people read here is Chinese; a C locale would make every line an encoding error.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    # While a step runs, Dagster sends what is written to standard error through a file; this one stays the terminal's.
    terminal = os.dup(2)
    try:
        cli.main(standalone_mode=False)
    except OnecardError as error:
        _leave(error)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        _leave_usage(error)
    except (KeyboardInterrupt, click.Abort):
        _interrupted(terminal)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
    except Exception as error:
        if os.environ.get("ONECARD_DEBUG"):
            raise
        from onecard.words.safe_errors import without_values

        _leave(without_values("onecard", error))


def _leave(error: OnecardError) -> NoReturn:
    from onecard_app.cli.output import Output

    Output("--json" in sys.argv, _language_asked(sys.argv)).error(error)
    sys.exit(error.exit_code)


def _leave_usage(error: click.ClickException) -> NoReturn:
    """How the command is meant, what was wrong with the call, and where to read on."""
    language = _language_asked(sys.argv)
    context = getattr(error, "ctx", None)
    if context is not None:
        click.echo(context.get_usage(), err=True)
        more = Text("详见", "See")
        click.echo(f"{in_language(more, language)}: {context.command_path} --help\n", err=True)
    click.echo(f"{in_language(Text('用法有误', 'Error'), language)}: {in_language(_usage_problem(error), language)}", err=True)
    sys.exit(error.exit_code)


def _usage_problem(error: click.ClickException) -> Words:
    """click's words in both languages; a message of ours is a pair already."""
    if isinstance(error, UsageProblem):
        return error.text
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(sorted(error.possibilities or ()))
        more = Text(f"，是否指 {near}", f"; did you mean {near}") if near else Text("", "")
        return Text(f"没有选项 {error.option_name}", f"no such option: {error.option_name}") + more
    param, context = getattr(error, "param", None), getattr(error, "ctx", None)
    name = param.get_error_hint(context) if param is not None and context is not None else ""
    if isinstance(error, click.MissingParameter):
        return Text(f"缺少 {name}", f"missing {name}")
    if isinstance(error, click.BadParameter):
        if isinstance(getattr(param, "type", None), click.Choice):
            choices = ", ".join(map(str, param.type.choices))  # type: ignore[union-attr]
            return Text(f"{name} 的值只能是：{choices}", f"{name} must be one of: {choices}")
        return Text(f"{name} 的值有误：{error.message}", f"invalid value for {name}: {error.message}")
    return error.format_message()


def _interrupted(terminal: int) -> NoReturn:
    show_cursor = "\x1b[?25h" if os.isatty(terminal) else ""  # a spinner had hidden it
    told = in_language(Text("已中断，未丢失，可重跑", "interrupted, nothing lost, run again"), _language_asked(sys.argv))
    os.write(terminal, f"{show_cursor}{told}\n".encode())
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

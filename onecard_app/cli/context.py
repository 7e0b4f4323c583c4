"""What every command shares: settings and workspace, a way to speak, and click's commands and options in the reader's language."""

import shlex
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from onecard.words.language import LANGUAGES, VARIABLE, Language, Text, Words, chosen_language, in_language
from onecard_app.cli.help_format import HelpFormatter

if TYPE_CHECKING:
    from pathlib import Path

    from onecard.store.settings import Settings
    from onecard.store.workspace import Workspace
    from onecard_app.cli.output import Output


class AppContext:
    """Settings, workspace and output of one call; each is made when a command first asks for it."""

    def __init__(self, language: Language, as_json: bool = False, home: "Path | None" = None) -> None:
        self.language, self.as_json, self.home = language, as_json, home

    @cached_property
    def settings(self) -> "Settings":
        from onecard.store.settings import Settings

        return Settings.load(**({"home": self.home} if self.home else {}))

    @cached_property
    def ws(self) -> "Workspace":
        from onecard.store.workspace import Workspace

        return Workspace(self.settings.home)

    @cached_property
    def out(self) -> "Output":
        from onecard_app.cli.output import Output

        return Output(self.as_json, self.language)

    @property
    def command(self) -> str:
        """The command as it must be typed to speak to this workspace."""
        from onecard.store.settings import Settings

        home = self.settings.home
        return "onecard" if home == Settings.model_fields["home"].default else f"onecard --home {shlex.quote(str(home))}"


pass_context = click.make_pass_decorator(AppContext)


def reader_language() -> Language:
    """The language of the call that is under way."""
    context = click.get_current_context(silent=True)
    app = context.find_object(AppContext) if context is not None else None
    return app.language if app is not None else chosen_language()


class UsageProblem(click.UsageError):
    """A call that cannot be meant, told in both languages."""

    def __init__(self, text: Words, context: click.Context | None = None) -> None:
        super().__init__(str(text), context)
        self.text = text


class Option(click.Option):
    """An option whose help is a pair of texts."""

    def __init__(self, *args: Any, help: Words = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"help": str(help)})
        self._text = help

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        self.help = in_language(self._text, reader_language())
        return super().get_help_record(ctx)


class Spoken(click.Command):
    """A command whose help is in the reader's language: what it does, notes, examples (`(line to type, what it does)`)."""

    def __init__(
        self,
        *args: Any,
        help: Words = "",
        notes: Sequence[Words] = (),
        examples: Sequence[tuple[str, Words]] = (),
        exits: Sequence[tuple[int, Words]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs | {"help": str(help)})
        self._text, self._notes, self._examples, self._exits = help, notes, examples, exits

    def get_short_help_str(self, limit: int = 45) -> str:
        """The whole sentence: a line that breaks off says nothing."""
        return in_language(self._text, reader_language(), "\n")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = in_language(Text("显示本说明", "Show this message."), reader_language())
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        prefix = in_language(Text("用法", "Usage"), reader_language()) + ": "
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for text in (self._text, *self._notes):
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(in_language(text, reader_language(), "\n"))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = (param for param in self.get_params(ctx) if isinstance(param, click.Option))
        records = [record for param in options if (record := param.get_help_record(ctx)) is not None]
        with formatter.section(in_language(Text("选项", "Options"), reader_language())):
            formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        language = reader_language()
        if self._examples:
            with formatter.section(in_language(Text("例", "Examples"), language)):
                for typed, text in self._examples:
                    formatter.write_text(in_language(text, language))
                    with formatter.indentation():
                        formatter.write(f"{'':>{formatter.current_indent}}{typed}\n")
        if self._exits:
            with formatter.section(in_language(Text("退出码", "Exit codes"), language)):
                formatter.write_dl([(f"{code:>3}", in_language(text, language)) for code, text in self._exits])


click.Context.formatter_class = HelpFormatter


def _json_chosen(context: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and (app := context.find_object(AppContext)) is not None:
        app.as_json = True


def speaking_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--json` and `--lang`, before and after the name of a command: people write them in both places."""
    for decorate in (
        click.option(
            # Checked here; which language it is was known before click read the words (the AppContext of the call).
            "--lang", cls=Option, type=click.Choice(LANGUAGES), envvar=VARIABLE, expose_value=False, is_eager=True,
            help=Text("语言，缺省随系统区域设置", "language; by the locale when left out"),
        ),
        click.option(
            "--json", cls=Option, is_flag=True, expose_value=False, callback=_json_chosen,
            help=Text("机器可读输出", "machine-readable output"),
        ),
    ):  # fmt: skip
        command = decorate(command)
    return command


def option(*declarations: str, help: Words, **attributes: Any) -> Callable[..., Any]:
    """`click.option` with a help text in both languages."""
    return click.option(*declarations, cls=Option, help=help, **attributes)


def onecard_command(
    help: Words, *, notes: Sequence[Words] = (), examples: Sequence[tuple[str, Words]] = (), exits: Sequence[tuple[int, Words]] = ()
) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a command of `onecard`: it is handed the AppContext first, and understands `--json` and `--lang`."""

    def made(function: Callable[..., Any]) -> click.Command:
        spoken = speaking_options(pass_context(function))
        name = function.__module__.rpartition(".")[2]  # one file a command: the file's name is the command's
        return click.command(cls=Spoken, name=name, help=help, notes=notes, examples=examples, exits=exits)(spoken)

    return made

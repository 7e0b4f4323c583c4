"""One language at a time: texts are pairs, and a terminal speaks the one its reader chose, in lines that fit."""

import re
from collections.abc import Iterator

import click
import pytest
from rich.cells import cell_len

from onecard.words.language import LANGUAGES, Language, Text, chosen_language, joined, parted
from onecard_app.cli.app import Commands, cli
from onecard_app.cli.help_format import wrapped
from onecard_app.cli.output import Output

CHINESE = re.compile("[一-龥]")
NAMES = sorted(cli.list_commands(click.Context(cli)))


def help_of(*words: str, language: str, width: int = 80) -> str:
    """What `onecard … --help` prints on a terminal of a width."""
    context = cli.make_context("onecard", ["--lang", language, *words], resilient_parsing=True, terminal_width=width)
    with context.scope(cleanup=False):
        command = cli.get_command(context, words[0]) if words else cli
        assert command is not None
        inner = click.Context(command, parent=context, info_name=words[0], terminal_width=width) if words else context
        with inner.scope(cleanup=False):
            return command.get_help(inner)


def spoken(said: str) -> Iterator[str]:
    """Lines of prose: what is typed and the names of options are the same in every language."""
    for line in said.splitlines():
        if not re.match(r"\s*(onecard |-|[a-z]+  |Usage|用法)", line):
            yield line


@pytest.mark.parametrize("command", [(), *((name,) for name in NAMES)])
def test_help_speaks_the_language_asked_for(command: tuple[str, ...]) -> None:
    english = help_of(*command, language="en")
    assert not [line for line in spoken(english) if CHINESE.search(line)]
    chinese = help_of(*command, language="zh")
    assert "选项:" in chinese and "Options" not in chinese and "例:" in chinese
    both = help_of(*command, language="both")
    assert "选项 Options:" in both


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", [(), *((name,) for name in NAMES)])
def test_no_line_of_help_is_cut_or_too_wide(command: tuple[str, ...], language: str) -> None:
    said = help_of(*command, language=language)
    assert "..." not in said.replace("[ARGS]...", "").replace("FILES...", "")
    wide = [line for line in said.splitlines() if cell_len(line) > 80 and not line.strip().startswith("onecard ")]
    assert wide == []


def test_every_file_of_the_folder_is_a_command() -> None:
    context = click.Context(cli)
    assert isinstance(cli, Commands) and len(NAMES) >= 11
    for name in NAMES:
        command = cli.get_command(context, name)
        assert command is not None and command.name == name


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "both"),
        ({"LANG": "C.UTF-8"}, "both"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "ONECARD_LANG": "en"}, "en"),
        ({"LANG": "en_US.UTF-8", "ONECARD_LANG": "both"}, "both"),
        ({"LANG": "zh_CN.UTF-8", "ONECARD_LANG": "klingon"}, "zh"),
    ],
)
def test_the_language_follows_option_variable_and_locale(
    environment: dict[str, str], language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ONECARD_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert chosen_language() == language
    assert chosen_language("zh") == "zh"


def test_a_pair_is_spoken_in_one_language_or_both_and_stored_in_both() -> None:
    text = Text("磁盘已满", "the disk is full")
    assert (text.spoken("zh"), text.spoken("en"), text.spoken("both")) == ("磁盘已满", "the disk is full", "磁盘已满 the disk is full")
    assert str(text) == "磁盘已满 the disk is full" and "disk" in text
    assert text + ": /home" == Text("磁盘已满: /home", "the disk is full: /home")
    assert joined("; ", [text, "x"]) == Text("磁盘已满; x", "the disk is full; x")
    assert Text("J1", "J1").spoken("both") == "J1"


@pytest.mark.parametrize(
    ("stored", "zh", "en"),
    [
        ("第2字同音不同字 second character sounds the same", "第2字同音不同字", "second character sounds the same"),
        ("同一户发到多人；见 CD01 · one household; see CD01", "同一户发到多人；见 CD01", "one household; see CD01"),
        ("日（每月） day of the month", "日（每月）", "day of the month"),
        ("预算法(2018) 第52条", "预算法(2018) 第52条", "预算法(2018) 第52条"),
        ("GB 11643-1999", "GB 11643-1999", "GB 11643-1999"),
        ("", "", ""),
    ],
)
def test_a_stored_text_is_parted_into_its_languages(stored: str, zh: str, en: str) -> None:
    assert parted(stored) == Text(zh, en)


def test_lines_are_as_wide_as_asked() -> None:
    lines = wrapped("低保资金停留超过六十日，县级国库应在三十日内下达，逾期须说明原因。Money at rest must be explained.", 20)
    assert all(cell_len(line) <= 20 for line in lines)
    assert not any(line[:1] in "，。、" for line in lines)
    assert wrapped("a\n\nb", 20) == ["a", "", "b"]
    assert wrapped("金额变动（元）", 10) == ["金额变动", "（元）"]


def test_a_table_folds_words_and_never_cuts_a_number(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    amounts = ["1,234,567,890.00"] * 4
    for width in (40, 80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        heads: list[Text] = [Text("级次", "level"), *[Text("拨付代发银行", "paid to agent banks")] * 4]
        Output(False, "both").table(Text("资金", "Money"), heads, [[Text("县", "county"), *amounts]], {1, 2, 3, 4})
        said = capsys.readouterr().out
        assert said.count(amounts[0]) == 4 and "county" in said
        assert width < 80 or max(map(cell_len, said.splitlines())) <= max(width, 84)

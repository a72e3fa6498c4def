"""Every text that a person reads is in the catalogues, in English and in Chinese, and is said in the reader's language."""

from __future__ import annotations

import ast
import importlib.util
import json
import pickle
import re
import shutil
import string
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer
from command_line import QIANFA, TRACEBACK, Desk, environment, run, seated
from story import NEWS, begin

from review.cli import app
from review.cli.help_pages import columns, folded
from review.cli.language import speak, told
from review.messages import both, either, listed, t

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")
ZH = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "zh_CN.UTF-8"}


@pytest.fixture(autouse=True)
def english_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Leave this process as it was found: other tests read English."""
    yield
    monkeypatch.setenv("LC_ALL", "C")
    speak()


# -- the catalogues ------------------------------------------------------------------------------------------------


@pytest.fixture
def catalogues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The program that keeps the catalogues, with a copy of them to spoil."""
    spec = importlib.util.spec_from_file_location("catalogues", ROOT / "scripts/catalogues.py")
    if spec is None or spec.loader is None:
        raise ImportError("scripts/catalogues.py")
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    shutil.copytree(program.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(program, "LOCALE", tmp_path / "locale")
    return program


@cache
def translations() -> dict[str, str]:
    """The Chinese catalogue, read by hand: message to its words."""
    text = (ROOT / "review/locale/zh/LC_MESSAGES/qianfa.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid ((?:".*"\n)+)msgstr ((?:".*"\n)+)', text, re.MULTILINE)
    read = ["".join(ast.literal_eval(line) for line in part.splitlines()) for pair in pairs for part in pair]
    return {message: words for message, words in zip(read[::2], read[1::2], strict=True) if message}


def test_both_catalogues_have_every_message_and_nothing_else(catalogues: ModuleType) -> None:
    assert list(catalogues.problems()) == []
    assert len(translations()) == len(catalogues.wanted()) > 500


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('msgid "check the clock"', 'msgid "check a clock"', "zh: missing: check the clock"),
        ('msgid "check the clock"', 'msgid "check a clock"', "zh: no longer used: check a clock"),
        ('msgid "check the clock"\nmsgstr ".*"', 'msgid "check the clock"\nmsgstr ""', "zh: missing: check the clock"),
        ('(msgid "no commit is called {revision}"\nmsgstr )".*"', r'\1"{commit}"', "zh: other fields: no commit is "),
        ('(msgid "no commit is called {revision}"\nmsgstr )".*"', r'\1"没有"', "zh: other fields: no commit is "),
    ],
)
def test_the_check_tells_what_is_missing_stale_empty_or_has_other_fields(
    catalogues: ModuleType, old: str, new: str, complaint: str
) -> None:
    file = catalogues.place("zh")
    text, count = re.subn(old, new, file.read_text(encoding="utf-8"))
    assert count == 1
    file.write_text(text, encoding="utf-8")
    assert any(one.startswith(complaint) for one in catalogues.problems())


GIT = (
    "add|checkout|config|diff|fetch|fsck|init|log|pull|push|remote|reset|show|sparse-checkout|stash|status|switch|"
    "update-index"
)
"""What texts tell people to run; what else follows "git" is prose."""


@cache
def untouched() -> re.Pattern[str]:
    """What a translation must not touch: commands, options, names of files, fields."""
    own = "|".join(names[0] for names in commands(typer.main.get_command(app)) if names)
    return re.compile(
        rf"(?<![\w-])--[a-z][a-z-]*|\bqianfa (?:{own})\b|\bgit (?:{GIT})(?![\w-])|\b[a-z]+\.(?:yaml|conf|py|pub)\b|{{[^{{}}]+}}"
    )


def kept(text: str) -> set[str]:
    """Return all of this in a text."""
    return set(untouched().findall(text))


def test_translations_keep_commands_options_files_and_fields_as_they_are() -> None:
    lost = {message: gone for message, words in translations().items() if (gone := kept(message) - kept(words))}
    assert lost == {}


def test_every_translation_is_chinese_unless_it_is_made_of_commands_and_fields_alone() -> None:
    for message, words in translations().items():
        plain = re.sub(r"\{[^{}]*\}|^\s*(?:cd|export|qianfa) .*$|sign-offs\[|SHA-256", "", message)
        if re.search("[A-Za-z]{2}", plain):
            assert CHINESE.search(words), message


def test_translations_are_set_as_chinese_text_is() -> None:
    """No half-width comma, semicolon or parenthesis between Chinese characters, no space before a full-width mark."""
    wrong = re.compile(
        "[\u4e00-\u9fff][,;:!?()][\u4e00-\u9fff]| [，。；：！？（）]|[，。；：！？（）] [\u4e00-\u9fff]|[。；，：]{2}"
    )
    assert {message: words for message, words in translations().items() if wrong.search(words)} == {}


# -- the sources ---------------------------------------------------------------------------------------------------

WORDS = re.compile(r"[A-Za-z][a-z']+[,;:]? (?:[a-z][a-z']*|[A-Z])\b")
"""Two words in a row: the beginning of something to read."""

CODE = re.compile("[a-z]+(?:-[a-z]+)*")
"""What a `say` of another kind is given first: the code of a change."""

COMMAND_ALONE = re.compile(r"\s*qianfa [a-z]+(?: (?:[a-z]+|\{\}))*")

SAYING = ("complain", "finding", "say")
"""Calls beside errors whose first text people read: it must not be a literal at all, be it a single word."""

NOT_SAID: dict[str, tuple[str, ...]] = {
    "formats/active_content.py": (
        "htm ",
        "js ",
        "xml ",
        "gz ",
        "pdf ",
        "txt ",
        "jpg ",
        "mp4 ",
        "{} {} {} {} zip ",
    ),  # endings of file names
    "formats/plain_xml.py": ("svg ", "text ", "linearGradient "),  # elements of drawings
    "model/media.py": ("a variant is ",),  # a fault of the program
    "render/head.py": ("noindex, ",),
    "render/pages.py": ("pages of ",),  # a fault of the program
    "render/search.py": ("<!doctype ",),
    "render/sitemaps.py": ("<?xml ", "{}<urlset ", "{}<sitemapindex "),
    "render/structured_data.py": ("required ",),
    "actions/missing.py": ("git checkout ",),  # a command, said within a message
    "actions/founding.py": ("# ", "  # Who runs the site"),  # comments of files that are made
    "actions/import_templates.py": ("<img ",),
    "actions/policy_edits_columns.py": ("Closed columns ",),  # a title in a people.yaml that is changed
    "cli/changes_text.py": ("red ", "green "),  # colours
    "cli/policy_text.py": ("git add ",),  # a command
    "cli/usage.py": (
        "(.+)",
        "Option ",
        "Got ",
        "Value ",
        "Input ",
    ),  # what the library says, to be found and said otherwise
    "render/terminal_text.py": ("p h1 ", "hr li "),  # names of tags
    "formats/schema.py": (" is a ",),
    "formats/text_tags.py": ("p div ", "a abbr ", "table ", "img "),  # names of tags
    "history/merging.py": ("tree ", "bring in ", "invalid path", "gnoring path"),  # commits, and what git says of them
    "history/objects.py": ("ref: ", "the object store is not open"),
    "history/remotes.py": ("find ", "hook ", "fatal: "),  # what git says
    "ways/hooks.py": ("# ", "#!/bin/sh"),  # scripts, whose words are given to them
    "release/swap.py": ("This folder was written by Qianfa",),  # a file for whoever finds it
    "render/feeds.py": ("<p><img ",),
    "render/markup.py": ("<a", "<div ", "noopener "),
    "render/rendering.py": ("\nimport ",),  # a program
    "render/serving.py": ("text/html; ",),
    "render/site_data.py": ("the live post {} has no text ",),  # a fault in the program
    "render/worker_words.py": ("the picture cannot be read",),  # a line of the renderer's
    "render/worker.py": ("no reason given",),  # what another process writes into its log, in English
    "views/form_words.py": ("",),  # a printed form, which is in the site's language and not in the reader's
    "views/reminders.py": ("$site: ", "$site："),  # a mail, in the site's language
}
"""Beginnings of texts that nobody reads as the program's own. Errors and findings count everywhere."""


def modules() -> list[Path]:
    return sorted((ROOT / "review").rglob("*.py"))


def called(node: ast.AST) -> str:
    """Return the name of what is called; empty where nothing is."""
    function = node.func if isinstance(node, ast.Call) else None
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def text_of(node: ast.AST) -> str | None:
    """Return a literal's text, with {} for what is filled in; None for anything else."""
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def unsaid(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield what is no text of the program's: docstrings, messages, help texts, types, patterns, parts of f-strings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif called(node) == "t" and isinstance(node, ast.Call):
            yield from (node.args[0], *ast.walk(node.args[0]))
        elif called(node) in ("compile", "TypeVar", "cast") and isinstance(node, ast.Call):
            yield from (below for one in node.args for below in ast.walk(one))
        elif called(node) in ("Option", "Argument", "Typer", "add_typer") and isinstance(node, ast.Call):
            yield from (below for one in node.keywords if one.arg == "help" for below in ast.walk(one.value))
        elif isinstance(node, ast.AnnAssign):
            is_type = ast.unparse(node.annotation) == "TypeAlias"
            yield from (*ast.walk(node.annotation), *(ast.walk(node.value) if is_type and node.value else ()))
        if isinstance(node, ast.JoinedStr):
            yield from node.values


def untranslated(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of everything in a module's source that reads like a text for people and is no message."""
    tree = ast.parse(source)
    skipped = {id(node) for node in unsaid(tree)}
    for node in ast.walk(tree):
        text = "" if id(node) in skipped else text_of(node) or ""
        if WORDS.search(text) and not COMMAND_ALONE.fullmatch(text):
            yield node.lineno, text  # type: ignore[attr-defined]  # every literal has a line


@cache
def saying() -> frozenset[str]:
    """Return the names of everything whose first text people read: what says it, and every error of ours."""
    bases = {
        one.name: {base.id for base in one.bases if isinstance(base, ast.Name)}
        for path in modules()
        for one in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(one, ast.ClassDef)
    }
    errors = {"QianfaError"}
    while more := {name for name, above in bases.items() if above & errors} - errors:
        errors |= more
    return frozenset(errors.union(SAYING))


def said_without_translation(source: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of every literal that is given to what speaks, and every error turned into a plain string."""
    for call in ast.walk(ast.parse(source)):
        if called(call) not in saying() or not isinstance(call, ast.Call):
            continue
        given = call.args[1:2] if called(call) == "finding" else call.args[:1]
        given += [one.value for one in call.keywords if one.arg in ("what", "hint", "message")]
        for value in given:
            for one in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
                text = text_of(one) or ""
                if re.search("[A-Za-z]", text.replace("{}", "")) and not (
                    called(call) == "say" and CODE.fullmatch(text)
                ):
                    yield one.lineno, text
                if called(one) == "str":
                    yield one.lineno, ast.unparse(one)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT / "review").as_posix()


def test_no_module_has_a_text_for_people_that_is_no_message() -> None:
    found = {}
    for path in modules():
        source = path.read_text(encoding="utf-8")
        known = NOT_SAID.get(name_of(path), ())
        texts = [text for _, text in untranslated(source) if not text.startswith(known)]
        found[name_of(path)] = [*texts, *said_without_translation(source)]
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_errors_are_known_by_the_classes_there_are() -> None:
    assert {"Refused", "UnusableSite", "FormatError", "RenderingFailed"} < saying()


def test_every_exception_is_still_needed() -> None:
    unused = {
        (name, beginning)
        for name, beginnings in NOT_SAID.items()
        if (path := ROOT / "review" / name).exists()
        for beginning in beginnings
        if not any(text.startswith(beginning) for _, text in untranslated(path.read_text(encoding="utf-8")))
    }
    assert unused == set()


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused(f"{person} drafts for {units}")',
        'raise Refused(t("no"), hint="ask the administrators")',
        "raise FormatError(str(error), line=1)",
        'return finding("policy-invalid", str(error), item=POLICY)',
        'say(f"{note.what}; see {note.action}")',
        'complain(UnusableSite("empty"))',
        'notes.add("text", 1, what, "imported all the same")',
        'problem = "a continued line where a header was expected"',
        '_HEADINGS = {"scheduled": "Signed, online later"}',
        'return f"the key {name} is not one of a post\'s; " + near',
        'what = "a link to a folder" if linked else "no regular file"',
        'raise Refused(t("x") if one else "nobody yet")',
    ],
)
def test_a_text_that_nobody_could_translate_is_found_wherever_it_stands(source: str) -> None:
    """As assigned, returned, put into a mapping, chosen between, or given to what speaks."""
    code = source if not source.startswith("return") else f"def f():\n    {source}"
    assert [*untranslated(code), *said_without_translation(code)]


def test_templates_are_literals_whose_fields_are_all_given() -> None:
    wrong = []
    for path in modules():
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if called(call) == "t" and isinstance(call, ast.Call):
                template = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
                given = {one.arg for one in call.keywords}
                if not isinstance(template, str) or (fields(template) != given and None not in given):
                    wrong.append((name_of(path), call.lineno, template))
    assert wrong == []


def fields(template: str) -> set[str]:
    """Return the names of a template's fields."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.fixture
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader of Chinese sits in front of this process."""
    for name, value in (ZH | {"LANGUAGE": ""}).items():
        monkeypatch.setenv(name, value)
    speak()


@pytest.mark.usefixtures("chinese")
def test_a_message_is_said_with_all_that_goes_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages inside messages are translated too; names and other values stay as they are."""
    message = t("{where}: {what}", where="check the clock", what=t("the tree {name} is malformed", name="{name}"))
    assert told(message) == "check the clock：目录树 {name} 格式有误"
    assert str(message) == "check the clock: the tree {name} is malformed"
    monkeypatch.setenv("LANG", "C")
    speak()
    assert told(message) == str(message)


@pytest.mark.usefixtures("chinese")
def test_names_in_a_row_are_parted_as_the_language_parts_them() -> None:
    message = t("ask one of: {people}", people=listed(["a", "b", "c"]))
    assert (str(message), told(message)) == ("ask one of: a, b, c", "可联系：a、b、c")
    assert (str(either(["a", "b"])), told(either(["a", "b"]))) == ("a or b", "a 或 b")
    assert (str(both(["a", "b"])), told(both(["a", "b"]))) == ("a and b", "a 和 b")
    assert not listed([])
    assert told(listed([t("nobody yet"), "x"])) == "暂无人、x"


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize(
    ("person", "said"),
    [("a", "a 已签批第 2 版"), ("示例（一）", "示例（一）已签批第 2 版"), ("a b", "a b 已签批第 2 版")],
)
def test_full_width_marks_bring_their_own_space(person: str, said: str) -> None:
    assert told(t("{person} has signed version {number} already", person=person, number=2)) == said


@pytest.mark.usefixtures("chinese")
def test_messages_and_lists_travel_to_other_processes_whole() -> None:
    message = t("ask one of: {people}", people=listed(["a", t("nobody yet")]))
    again = pickle.loads(pickle.dumps(message))  # our own bytes
    assert (again, told(again)) == (message, "可联系：a、暂无人")


# -- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk_once(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A site about which the gate has much to say. Nobody changes it."""
    folder = tmp_path_factory.mktemp("language")
    story = begin(folder / "site")
    story.publish(NEWS)
    story.post("content/news/b.md")
    story.chain("content/news/b.md", ("draft", "officer-fx"))
    story.post("content/news/c.md")
    story.chain("content/news/c.md", ("draft", "officer-fx"))
    story.sign("content/news/c.md", "head", "head-fx", decision="return", note="请补充时间")
    story.post("content/news/d.md", text="Title: 甲\nSave_as: x.html\nTitel: 乙\n\n文\n", classified="yes")
    story.post("content/nowhere/e.md", text="\ufeff没有头\n")
    story.post("content/news/f.md")
    story.sign("content/news/f.md", "draft", "officer-fx", signed=False)
    story.sign("content/news/f.md", "head", "head-fx", key=story.key("stranger"))
    story.sign("content/news/f.md", "publicity", "reviewer-1", key=story.key("leader-1"))
    story.post("content/news/g.md", text="没有元数据\n", kind="opera", unit="none")
    story.write("content/news/notes.txt", b"")
    story.write("content/news/h.review.yaml", b"record: 1\nkind: [\n")
    story.write("content/news/con .md", b"Title: x\n\ny\n", "100755")
    story.write("people.yaml", b"administrators: {needs: 9, people: [nobody]}\nunits: {}\npeople: {}\nmore: x\n")
    story.commit()
    return seated(story, folder)


@pytest.mark.parametrize(
    "env",
    [
        ZH,
        {"LC_ALL": "zh_CN.UTF-8"},
        {"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_GB.UTF-8"},
        {"LC_ALL": "", "LANG": "en_GB.UTF-8", "LANGUAGE": "zh_CN:en"},
        {"LC_ALL": "zh_TW.UTF-8"},
        {"LC_ALL": "zh_HK"},
        {"LC_ALL": "zh_SG.UTF-8"},
        {"LC_ALL": "zh"},
        {"LC_ALL": "zh_CN.GB18030"},
        {"LC_ALL": "zh_CN.UTF-8@pinyin"},
    ],
    ids=str,
)
def test_whoever_has_a_chinese_locale_reads_chinese(desk_once: Desk, env: dict[str, str]) -> None:
    helped = desk_once.qianfa("gate", "--help", env=env)
    judged = desk_once.qianfa("gate", env=env)
    refused = desk_once.qianfa("gate", "--trust", "1234", env=env)
    unknown = desk_once.qianfa("gate", "--none", env=env)
    assert helped.out.startswith("用法：qianfa gate [选项]")
    assert "示例：qianfa gate --trust" in helped.out
    assert "不予通过（" in judged.out
    assert judged.status == 1
    assert refused.err.startswith("qianfa: --trust：'1234' 不是清单摘要；填写 sha256: ")
    assert unknown.err.startswith("qianfa: 没有选项 --none")


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "", "LANG": ""},
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX"},
        {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"},
        {"LC_ALL": "C", "LANGUAGE": "zh_CN:zh"},
        {"LC_ALL": "en_GB.UTF-8"},
        {"LC_ALL": "de_DE.UTF-8"},
        {"LC_ALL": "", "LANG": "zh_CN.UTF-8", "LANGUAGE": "en_GB:zh_CN"},
        {"LC_ALL": "no such locale"},
    ],
    ids=str,
)
def test_everyone_else_reads_english(desk_once: Desk, env: dict[str, str]) -> None:
    helped = desk_once.qianfa("gate", "--help", env=env)
    judged = desk_once.qianfa("gate", env=env)
    refused = desk_once.qianfa("gate", "--trust", "1234", env=env)
    plain = desk_once.qianfa("gate", env={"LC_ALL": "C.UTF-8"})
    assert helped.out.startswith("Usage: qianfa gate [OPTIONS]")
    assert judged == plain
    assert "Some of it is refused." in judged.out
    assert refused.err.startswith("qianfa: --trust: '1234' is not a manifest digest; give sha256: ")


@pytest.mark.parametrize(
    "command",
    [
        ("gate", "--format", "json"),
        ("queue", "--all", "--json"),
        ("status", "--all", "--json"),
        ("calendar", "--json"),
        ("show", NEWS, "--json"),
        ("audit", NEWS, "--json"),
        ("who", "news", "--json"),
        ("log", "--json"),
        ("log", "--format", "csv"),
        ("policy", "diff", "--json"),
        ("policy", "log", "--json"),
        ("check", "content/news/d.md", "--json"),
    ],
    ids=" ".join,
)
def test_answers_for_programs_are_the_same_bytes_in_every_language(desk_once: Desk, command: tuple[str, ...]) -> None:
    english, chinese = (desk_once.qianfa(*command, env=env) for env in ({"LC_ALL": "C.UTF-8"}, ZH))
    assert "csv" in command or json.loads(english.out)
    assert english.out
    assert (english.status, english.out, english.err) == (chinese.status, chinese.out, "")


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "zh_CN.GBK", "PYTHONIOENCODING": "gbk"},
        {"LC_ALL": "zh_CN.UTF-8", "PYTHONIOENCODING": "ascii"},
    ],
    ids=str,
)
def test_a_terminal_of_another_encoding_stops_nothing(desk_once: Desk, env: dict[str, str]) -> None:
    """What it can show is shown; the rest is written as escapes. JSON is UTF-8 everywhere."""
    given = environment(desk_once.home, QIANFA_TRUST=desk_once.pin, **env)
    ran = run(QIANFA, "gate", "--now", desk_once.now, cwd=desk_once.path, env=given)
    told = run(QIANFA, "gate", "--format", "json", "--now", desk_once.now, cwd=desk_once.path, env=given)
    assert (ran.status, ran.err) == (1, "")
    assert NEWS in ran.out
    assert json.loads(told.out)["report"] == 1


def test_a_gbk_terminal_gets_chinese_in_its_own_bytes(desk_once: Desk) -> None:
    env = environment(desk_once.home, LC_ALL="zh_CN.GBK", PYTHONIOENCODING="gbk")
    shell = f"{QIANFA} gate --help >{desk_once.home}/help.txt"
    assert run("sh", "-c", shell, cwd=desk_once.path, env=env).status == 0
    assert (desk_once.home / "help.txt").read_bytes().decode("gbk").startswith("用法：qianfa gate")


# -- nothing is left over ------------------------------------------------------------------------------------------

COMMAND = re.compile(r"\b(?:qianfa|git|gpg|ssh-keygen|pip|scripts/\w+|cd|export)(?: [\x21-\x7e]+)+")
QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|\[[^\]\n]*\]|\([^)\n]*\)|<[^>\n]*>")
LEFT_OVER = re.compile(r"[A-Za-z][a-z]+(?: [A-Za-z]?[a-z]+){2,}")
"""Three words of English in a row."""


def left_over(text: str) -> list[str]:
    """Return what of a Chinese text is English prose: no command, no value in quotes or brackets, no title of a site."""
    return [found for line in text.splitlines() for found in LEFT_OVER.findall(QUOTED.sub("", COMMAND.sub("", line)))]


def commands(command: Any, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the names of a command and of all below it."""
    yield names
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, *names, name)


def test_the_search_for_left_over_english_finds_it() -> None:
    assert left_over("content/news/notes.txt：neither a post, nor a record, nor an attachment of a post")
    assert left_over("该提交 is not signed by anybody")
    assert not left_over("运行 git config user.signingkey FILE；'no such thing here' 不是时刻")


@pytest.mark.parametrize("names", list(commands(typer.main.get_command(app))), ids=" ".join)
def test_help_pages_hold_no_english_sentence_and_fit_the_terminal(desk_once: Desk, names: tuple[str, ...]) -> None:
    page = replace(desk_once, now="").qianfa(*names, "--help", env=ZH | {"COLUMNS": "80"})
    assert (page.status, page.err) == (0, "")
    assert left_over(page.out) == []
    assert all(columns(line) <= 80 for line in page.out.splitlines() if "示例：" not in line)


def test_the_gates_report_holds_no_english_sentence(desk_once: Desk) -> None:
    report = desk_once.qianfa("gate", env=ZH)
    assert (report.status, report.err) == (1, "")
    assert len(report.out.splitlines()) > 40
    assert left_over(report.out) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("queue", "--all"),
        ("status", "--all"),
        ("status", NEWS, "--as", "officer-fx"),
        ("calendar",),
        ("show", NEWS),
        ("show", "content/news/b.md", "--as", "head-fx"),
        ("audit", NEWS),
        ("audit", "content/news/f.md"),
        ("audit", "policy"),
        ("who", "news"),
        ("who", NEWS),
        ("log",),
        ("policy", "log"),
        ("policy", "diff", "--from", "0", "--to", "1"),
        ("check", "content/news/d.md"),
        ("check", "content/news/g.md"),
        ("form", "content/news/b.md", "--output", "{home}/form.html"),
    ],
    ids=" ".join,
)
def test_whoever_looks_reads_no_english_sentence(desk_once: Desk, arguments: tuple[str, ...]) -> None:
    ran = desk_once.qianfa(*(one.replace("{home}", str(desk_once.home)) for one in arguments), env=ZH)
    assert CHINESE.search(ran.out + ran.err)
    assert left_over(ran.out + ran.err) == []


OTHERS = "凤翔区科协|请补充时间|'[^']*'"
"""What is Chinese in every language: names, notes, and what was typed."""


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("aprove",),
        ("policy",),
        ("policy", "sig"),
        ("gate", "--none"),
        ("gate", "--formt", "json"),
        ("gate", "HEAD", "HEAD"),
        ("gate", "--format", "xml"),
        ("gate", "--site"),
        ("gate", "--site", "/nowhere"),
        ("gate", "--now", "yesterday"),
        ("gate", "--now", "2026-02-30T10:00:00Z"),
        ("gate", "--now", "9999-12-31T23:59:59Z"),
        ("gate", "none"),
        ("preview", "--port", "99999"),
        ("preview", "--port", "x"),
        ("submit",),
        ("submit", NEWS),
        ("submit", NEWS, "--key", "/nowhere"),
        ("submit", "content/news/none.md"),
        ("submit", "../x"),
        ("build",),
        ("build", "--output", "people.yaml"),
        ("approve", "content/news/b.md", "--key", "{keys}/head-kpb"),
        ("approve", "content/news/b.md", "--key", "{keys}/officer-fx"),
        ("approve", "content/news/c.md", "--key", "{keys}/head-fx"),
        ("approve", "content/news/b.md", "--key", "{keys}/head-fx", "--as", "leader-1"),
        ("approve", NEWS, "--key", "{keys}/publisher-1"),
        ("return", "content/news/b.md", "--key", "{keys}/head-fx", "--yes"),
        ("withdraw", NEWS, "--key", "{keys}/officer-fx", "--note", "有误"),
        ("withdraw", "content/news/b.md", "--key", "{keys}/leader-1", "--note", "有误"),
        ("policy", "sign", "--key", "{keys}/officer-fx"),
        ("new", "nowhere", "标题", "--unit", "fx"),
        ("new", "news", "标题", "--unit", "nobody"),
        ("new", "news", "标题", "--unit", "fx", "--kind", "opera"),
        ("import", "/nowhere", "--column", "news", "--unit", "fx"),
        ("init", "/", "--site-id", "A", "--admin", "B", "--key", "/nowhere"),
    ],
    ids=" ".join,
)
def test_every_refusal_is_one_line_in_the_readers_language(
    desk_once: Desk, arguments: tuple[str, ...], language: str
) -> None:
    given = [argument.replace("{keys}", str(desk_once.keys)) for argument in arguments]
    ran = desk_once.qianfa(*given, env=ZH if language == "zh" else {"LC_ALL": "C.UTF-8"})
    assert ran.status in (1, 2)
    assert TRACEBACK not in ran.err
    assert ran.complaint
    if language == "zh":
        assert CHINESE.search(re.sub(OTHERS, "", ran.complaint))
        assert left_over(ran.complaint) == []
    else:
        assert not CHINESE.search(re.sub(OTHERS, "", ran.complaint))


# -- help pages in two widths of characters ------------------------------------------------------------------------


def test_lines_of_chinese_are_measured_in_columns_and_begin_with_no_mark() -> None:
    text = (
        "按修改后的文件签批，在环节允许时；示例见 qianfa approve content/news/2026-11-20-a.md，以及（括号中的）说明。"
    )
    for width in range(10, 60):
        lines = folded(text, width)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(columns(line) <= width or " " not in line for line in lines)
        assert not any(line[0] in "，。；：、！？）" for line in lines)
        assert not any(line[-1] in "（《「" for line in lines)

"""What administrators do: found a site, see what changes in its policy, sign it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from review.cli import options, policy_text
from review.cli.desk import after_signing, before_signing, looking
from review.cli.language import told
from review.cli.options import Asking, Signing, spread
from review.cli.prompting import ask, ask_yes, at_terminal
from review.cli.screen import answer, progress, say
from review.errors import QianfaError, Refused, UnusableSite
from review.history.repository import open_repository
from review.messages import t, typed
from review.model.paths import IDENTIFIER
from review.views.policy_log import entries
from review.ways import founding, policy_reading, policy_signing
from review.ways.policy_cautions import with_cautions


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("init")(init)
    policy = typer.Typer(help="The signed files that say who may do what.", rich_markup_mode=None)
    policy.command("sign")(policy_sign)
    policy.command("diff")(policy_diff)
    policy.command("log")(policy_log)
    app.add_typer(policy, name="policy")


def init(
    folder: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="A new folder, or the top of a git repository.")
    ] = None,
    site_id: Annotated[
        str, typer.Option("--site-id", metavar="ID", help="The site's id, part of every statement.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="The site's title.")] = "",
    admin: Annotated[str, typer.Option("--admin", metavar="PERSON", help="Your id as the first administrator.")] = "",
    admin_name: Annotated[str, typer.Option("--admin-name", metavar="TEXT", help="Your name.")] = "",
    key: Annotated[str, typer.Option("--key", metavar="FILE", help="Your SSH key, which signs policy version 1.")] = "",
    cast: Annotated[
        Path | None,
        typer.Option(
            "--cast", metavar="DIR", help="For a try: make throw-away keys there for the sample's invented people."
        ),
    ] = None,
    now: options.Now = "",
    json: options.Json = False,
) -> None:
    """Found a site and sign its first policy. Example: qianfa init my-site --site-id s --admin me --key ~/.ssh/id_ed25519"""
    folder = folder or _folder()
    site_id = site_id or _ask("--site-id", t("The site's id (a-z, 0-9, hyphens)"), check=_id)
    made = founding.found(
        folder,
        site_id=site_id,
        title=title or _title(),
        admin=admin or _ask("--admin", t("Your id as administrator (a-z, 0-9, hyphens)"), check=_id),
        admin_name=admin_name,
        key=key or _ask("--key", t("The file of your SSH key")),
        cast=cast,
        now=options.instant(now),
    )
    answer("init", made, lambda: _founded(folder, made, cast), json=json)


def _founded(folder: Path, made: policy_signing.SignedPolicy, cast: Path | None) -> str:
    lines = [
        t(
            "The site is founded in {folder}; version {version} of its policy is signed.",
            folder=folder,
            version=made.version,
        ),
        "",
        t("Its trust pin. Keep it outside the repository, and give it to whoever checks the site:"),
        f"  {made.manifest}",
        "",
        t("Next:"),
        *([] if folder.resolve() == Path.cwd() else [t("  cd {folder}", folder=typed(str(folder)))]),
        t("  export QIANFA_TRUST={manifest}", manifest=made.manifest),
        t("  qianfa gate"),
        # What is listed is copied into a shell as it stands, so what is no command is a comment there.
        t(
            "  # put the site's address and who runs it into columns.yaml, below site:, then: qianfa policy sign --key FILE"
        ),
        t("  add your colleagues: qianfa people add PERSON …, then: qianfa policy sign --key FILE")
        if cast is None
        else t("  qianfa new news '标题' --key {key}", key=typed(str(cast.resolve() / "officer-fengxiang"))),
    ]
    return "\n".join(map(told, lines))


@spread
def policy_sign(
    given: Signing,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Sign it, although the site could not be built with it, or posts get lost.")
    ] = False,
) -> None:
    """Sign the policy files as they are. Example: qianfa policy sign --key ~/.ssh/id_ed25519"""
    repository = open_repository(given.site)
    repository.check_work_tree()
    away = before_signing(repository, given)
    asked = at_terminal() and not given.yes and not given.json
    with progress() as show:
        made = policy_signing.sign_policy(
            given.site,
            given.gate,
            key=given.key,
            note=given.note,
            named=given.person,
            agree=partial(_agree, anyway=anyway) if asked else None,
            anyway=anyway,
            progress=show,
        )
    answer("policy-sign", made, lambda: policy_text.signed(made), json=given.json)
    after_signing(repository, made.settings, given, away)


def _agree(about: policy_signing.Proposal, *, anyway: bool) -> None:
    """Show an administrator what they are about to sign, and have them say yes."""
    say(policy_text.proposed(about))
    if not ask_yes(t("Sign it all the same?") if about.stops and not anyway else t("Sign it?"), default=False):
        raise Refused(t("nothing was signed"), hint=t("look at it: qianfa policy diff"))


@spread
def policy_diff(
    given: Asking,
    revision: Annotated[
        str, typer.Argument(metavar="[REV]", help="A commit to look at instead of the work tree.")
    ] = "",
    since: Annotated[int, typer.Option("--from", metavar="N", help="The version to compare with.")] = 0,
    to: Annotated[int, typer.Option("--to", metavar="N", help="The version to look at.")] = 0,
) -> None:
    """Say what changed in the policy, in words. Example: qianfa policy diff"""
    if revision and to:
        raise UnusableSite(t("a commit and a version are two things to look at"), where="--to", hint=t("name one"))
    with looking(given) as (session, bench):
        before = policy_reading.of_version(session, bench, since or bench.in_force.version)
        if to:
            after = policy_reading.of_version(session, bench, to)
        elif revision:
            after = policy_reading.of_revision(session, revision)
        else:
            after = policy_reading.of_work_tree(session)
        found = policy_reading.difference(before, after)
        if not to:  # what was signed long ago is no question any more
            found = with_cautions(found, session)
        answer("policy-diff", found, lambda: policy_text.different(found), json=given.json)


@spread
def policy_log(given: Asking) -> None:
    """List the versions of the policy, who signed them, what changed. Example: qianfa policy log"""
    with looking(given) as (session, bench):
        log = tuple(
            policy_text.Logged(entry=one, changes=policy_reading.changes_of_entry(session, bench, one))
            for one in entries(bench)
        )
        answer("policy-log", policy_text.Log(versions=log), lambda: policy_text.logged(log), json=given.json)


def _folder() -> Path:
    if not at_terminal():
        raise UnusableSite(t("Missing argument {name}", name=repr("DIR")), hint=t("see how it is used with --help"))
    return Path(ask(t("The new site's folder"), check=_something)).expanduser()


def _title() -> str:
    """Return the title that a person gives; nobody is asked off a terminal."""
    return ask(t("The site's title, as pages show it (may be empty)")) if at_terminal() else ""


def _something(typed: str) -> str:
    if not typed:
        raise QianfaError(t("it is needed"))
    return typed


def _id(typed: str) -> str:
    if not IDENTIFIER.fullmatch(typed):
        raise QianfaError(t("{id} is not an id", id=repr(typed)), hint=t("use a-z, 0-9 and hyphens"))
    return typed


def _ask(option: str, question: str, *, check: Callable[[str], str] = _something) -> str:
    if not at_terminal():
        raise UnusableSite(
            t("it is needed"), where=option, hint=t("give it: qianfa init DIR {option} …", option=typed(option))
        )
    return ask(question, check=check)

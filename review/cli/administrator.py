"""What administrators do: found a site, sign its policy."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from review import founding, policy_signing
from review.cli import options
from review.cli.screen import say
from review.errors import UnusableSite
from review.messages import t


def add_to(app: typer.Typer) -> None:
    """Add these commands."""
    app.command("init")(init)
    policy = typer.Typer(help="The signed files that say who may do what.", rich_markup_mode=None)
    policy.command("sign")(policy_sign)
    # A group needs a second entry to stay a group; a callback makes it one.
    policy.callback()(_policy)
    app.add_typer(policy, name="policy")


def _policy() -> None:
    """The signed files that say who may do what."""


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder, or the top of a git repository.")],
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
) -> None:
    """Found a site and sign its first policy. Example: qianfa init my-site --site-id s --admin me --key ~/.ssh/id_ed25519"""
    made = founding.found(
        folder,
        site_id=site_id or _ask("--site-id", "The site's id (a-z, 0-9, hyphens)"),
        title=title,
        admin=admin or _ask("--admin", "Your id as administrator (a-z, 0-9, hyphens)"),
        admin_name=admin_name,
        key=key or _ask("--key", "The file of your SSH key"),
        cast=cast,
        now=options.instant(now),
    )
    say(
        t(
            "The site is founded in {folder}; version {version} of its policy is signed.",
            folder=folder,
            version=made.version,
        )
    )
    say()
    say(t("Its trust pin. Keep it outside the repository, and give it to whoever checks the site:"))
    say(f"  {made.manifest}")
    say()
    say("Next:")
    say(t("  cd {folder}", folder=folder))
    say(t("  export QIANFA_TRUST={manifest}", manifest=made.manifest))
    say(t("  qianfa gate"))
    if cast is None:
        say(t("  add your colleagues and their public keys to people.yaml, then: qianfa policy sign --key FILE"))
    else:
        say(t("  qianfa new news '标题' --key {value}", value=cast.resolve() / "officer-fengxiang"))


def policy_sign(
    note: options.Note = "",
    key: options.Key = "",
    person: options.As = "",
    site: options.Site = Path(),
    trust: options.Trust = "",
    now: options.Now = "",
) -> None:
    """Sign the policy files as they are. Example: qianfa policy sign --key ~/.ssh/id_ed25519"""
    made = policy_signing.sign_policy(site, options.gate_options(trust, "", now), key=key, note=note, named=person)
    say(t("Version {version} of the policy is signed  commit {commit}", version=made.version, commit=made.commit[:12]))
    if made.missing:
        say(
            t(
                "{missing} more must sign, of {may_sign}: qianfa policy sign",
                missing=made.missing,
                may_sign=", ".join(made.may_sign),
            )
        )
    else:
        say(t("It is in force. Whoever pins this version gives:"))
        say(f"  {made.manifest}")


def _ask(option: str, question: str) -> str:
    if not sys.stdin.isatty():
        raise UnusableSite(
            t("it is needed"), where=option, hint=t("give it: qianfa init DIR {option} …", option=option)
        )
    answer: str = typer.prompt(question, err=True)
    return answer.strip()

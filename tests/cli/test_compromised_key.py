"""A key is lost: marked, pages offline, signed again by the same people with new keys, online again. By the command."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from command_line import Desk, environment, run, seated
from story import FULL_CHAIN, NEWS, Key, Story

LOST = "key-compromised"
ROOT = Path(__file__).parents[2]


def state(desk: Desk) -> tuple[str, str, list[str]]:
    """Where the post stands, the stage that is awaited, and the codes of what the gate has to say; it refuses nothing."""
    report = json.loads(desk.done("gate", "--format", "json"))
    (item,) = report["items"]
    awaiting = item["awaiting"]["stage"] if item["awaiting"] else ""
    return item["state"], awaiting, [one["code"] for one in report["findings"]]


def themed(story: Story) -> Story:
    """Have the policy signed with the project's theme, and the post published."""
    for path in (ROOT / "theme").rglob("*"):
        if path.is_file():
            story.write(path.relative_to(ROOT).as_posix(), path.read_bytes())
    story.sign_policy()
    story.publish()
    return story


def online(desk: Desk) -> bool:
    """Build the site and tell whether the post has its page."""
    desk.done("build", "--output", str(desk.home / "public"))
    return (desk.home / "public/news/2026-11-20-a.html").exists()


def lose(desk: Desk, story: Story, *persons: str) -> None:
    """Give people new keys and have the administrators sign that the old ones are compromised."""
    text = desk.read("people.yaml")
    for person in persons:
        old, new = story.key(person), Key()
        text = text.replace(f"keys: [{old.public}]", f"keys: [{new.public}, {{key: {old.public}, compromised: yes}}]")
        (desk.keys / person).rename(desk.keys / f"{person}.lost")
        new.save(desk.keys / person)
    desk.write("people.yaml", text)
    for admin in ("admin-b", "admin-c"):
        desk.done("policy", "sign", by=admin)


@pytest.mark.parametrize("persons", [("officer-fx",), ("reviewer-1",), tuple(person for _, person in FULL_CHAIN)])
def test_a_page_goes_offline_with_its_key_and_online_again_with_the_new_one(
    story: Story, seat: Callable[[], Desk], persons: tuple[str, ...]
) -> None:
    themed(story)
    desk = seat()
    assert online(desk)
    lose(desk, story, *persons)
    begins = next(number for number, (_, person) in enumerate(FULL_CHAIN) if person in persons)
    where, awaiting, said = state(desk)
    assert (where, awaiting) == ("in-review" if begins else "draft", FULL_CHAIN[begins][0])
    assert set(said) == {LOST}
    assert not online(desk)
    for stage, person in FULL_CHAIN[begins:]:
        desk.done("submit" if stage == "draft" else "approve", NEWS, by=person)
        assert "refuse" not in desk.done("gate", "--format", "json")
    assert state(desk) == ("live", "", [])
    assert online(desk)


def test_whoever_signs_with_a_marked_key_is_told_so_and_nothing_is_written(
    story: Story, seat: Callable[[], Desk]
) -> None:
    story.publish()
    desk = seat()
    lose(desk, story, "reviewer-1", "admin-a")
    before = desk.everything()
    ran = desk.qianfa("approve", NEWS, by="reviewer-1.lost")
    assert (ran.status, ran.out) == (1, "")
    assert "of reviewer-1 is marked as compromised" in ran.complaint
    desk.write("columns.yaml", desk.read("columns.yaml").replace("工作动态", "要闻"))
    ran = desk.qianfa("policy", "sign", by="admin-a.lost")
    assert "of admin-a is marked as compromised" in ran.complaint
    desk.git("checkout", "HEAD", "--", "columns.yaml")
    assert desk.everything().keys() == before.keys()
    assert "It is in force" in _signed(desk)


def _signed(desk: Desk) -> str:
    """Have two administrators change the policy, one of them with a new key."""
    desk.write("columns.yaml", desk.read("columns.yaml").replace("工作动态", "要闻"))
    desk.done("policy", "sign", by="admin-a")
    return desk.done("policy", "sign", by="admin-b")


def test_the_old_key_does_not_sign_the_version_that_marks_it(story: Story, seat: Callable[[], Desk]) -> None:
    desk = seat()
    old, new = story.key("admin-a"), Key()
    mapping = f"{{key: {old.public}, compromised: yes}}"
    text = desk.read("people.yaml").replace(f"keys: [{old.public}]", f"keys: [{new.public}, {mapping}]")
    desk.write("people.yaml", text)
    ran = desk.qianfa("policy", "sign", by="admin-a")
    assert (ran.status, "of admin-a is marked as compromised" in ran.complaint) == (1, True)
    new.save(desk.keys / "admin-a.new")
    assert "of admin-b, admin-c" in desk.done("policy", "sign", by="admin-a.new")
    desk.done("policy", "sign", by="admin-c")
    assert "It is in force" in desk.done("policy", "sign", by="admin-b")


@pytest.fixture(scope="module")
def keyring() -> Iterator[Path]:
    """A folder with a gpg key of an officer, its path short enough for gpg's sockets."""
    pytest.importorskip("pysequoia", reason="the extra qianfa[openpgp] is not installed")
    if shutil.which("gpg") is None:
        pytest.skip("gpg is not installed")
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        home = Path(folder)
        making = ("gpg", "--batch", "--quiet", "--passphrase", "", "--quick-gen-key")
        run(*making, "officer-fx", "ed25519", "sign", "never", cwd=home, env=environment(home, GNUPGHOME=folder))
        yield home
        run("gpgconf", "--homedir", folder, "--kill", "all", cwd=home, env=environment(home))


def test_what_a_marked_openpgp_certificate_signed_does_not_count(tmp_path: Path, keyring: Path) -> None:
    story = Story(tmp_path / "site", needs=1)
    exporting = ("gpg", "--armor", "--export", "--export-options", "export-minimal", "officer-fx")
    armour = run(*exporting, cwd=keyring, env=environment(keyring, GNUPGHOME=str(keyring))).out
    story.write("keys/officer-fx.asc", armour)
    story.sign_policy("admin-b", people=story.people().replace(story.key("officer-fx").public, "keys/officer-fx.asc"))
    story.post()
    story.commit()
    desk = seated(story, tmp_path)
    desk.env["GNUPGHOME"] = str(keyring)
    desk.git("config", "user.signingkey", "officer-fx")
    desk.done("submit", NEWS, "--as", "officer-fx")
    assert state(desk)[:2] == ("in-review", "head")
    new = Key()
    entry = f"keys: [{new.public}, {{key: keys/officer-fx.asc, compromised: yes}}]"
    desk.write("people.yaml", desk.read("people.yaml").replace("keys: [keys/officer-fx.asc]", entry))
    desk.done("policy", "sign", by="admin-b")
    assert state(desk) == ("draft", "draft", [LOST])
    ran = desk.qianfa("submit", NEWS, "--as", "officer-fx")
    assert ran.status == 1
    new.save(desk.keys / "officer-fx")
    desk.done("submit", NEWS, by="officer-fx")
    assert state(desk) == ("in-review", "head", [])

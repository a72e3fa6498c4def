"""FLOW: what the chains beside the posts say of who signed, in which order, and what. Their signatures are not verified."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence

from review.inspection.cases import Case, Check, Failure, Failures
from review.inspection.chains import published_path
from review.inspection.records import Chain, Page
from review.inspection.rules.meta import articles
from review.messages import t
from review.model.digests import NONE, digest_of

NO_CHAINS = t("no post has a chain beside it")


def _posts(case: Case) -> Sequence[Page]:
    return articles(case) if case.site.chains else ()


def _people(case: Case) -> Failures:
    for page in _posts(case):
        chain = case.site.chains.get(page.path)
        if chain is None:
            yield Failure(page=page.path, what=t("no chain beside it says who signed it"))
            continue
        yield from (Failure(page=page.path, what=what) for what in _disorder(chain, case.number("people")))


def _disorder(chain: Chain, needed: int) -> Iterator[str]:
    if chain.fault:
        yield chain.fault
        return
    people = [one.person for one in chain.links]
    if len(set(people)) < needed:
        yield t("{count} people signed it; {needed} are needed", count=len(set(people)), needed=needed)
    if len(set(people)) < len(people):
        yield t("somebody signed two stages of it")
    previous, last = "", dt.datetime.min.replace(tzinfo=dt.UTC)
    for one in chain.links:
        statement = one.statement
        if statement is None or digest_of(one.text.encode()) != one.digest:
            yield t("the sign-off of the stage {stage} is no statement", stage=one.stage)
            return
        if (statement.item, statement.version) != (chain.source_path, chain.version):
            yield t("the sign-off of the stage {stage} is of another post or version", stage=one.stage)
        if previous and statement.previous != previous:
            yield t("the sign-off of the stage {stage} does not follow the one before", stage=one.stage)
        if not previous and chain.version == 1 and statement.previous != NONE:
            yield t("its first sign-off follows another, which is not there")
        moment = dt.datetime.fromisoformat(statement.at)
        if moment < last:
            yield t("the sign-off of the stage {stage} is earlier than the one before", stage=one.stage)
        previous, last = one.digest, moment


def _readable(case: Case) -> Sequence[Chain]:
    return [one for one in case.site.chains.values() if one.page in case.site.by_path]


def _same_text(case: Case) -> Failures:
    for chain in _readable(case):
        page = case.site.by_path[chain.page]
        yield from (Failure(page=chain.page, what=what) for what in _changed(chain, page))


def _changed(chain: Chain, page: Page) -> Iterator[str]:
    if chain.fault:
        yield chain.fault
        return
    if digest_of(chain.manifest_text.encode()) != chain.manifest:
        yield t("the list of its files is not the one that has the digest signed")
    if hashlib.sha256(chain.source_text.encode()).hexdigest() != chain.files.get(chain.source_path):
        yield t("its text is not the one on the list of its files")
    if published_path(chain.source_path).rpartition(".")[0] != chain.page.rpartition(".")[0]:
        yield t("its chain is that of another post, {post}", post=chain.source_path)
    manifests = [one.statement.manifest for one in chain.links if one.statement]
    if not manifests or manifests[-1] != chain.manifest:
        yield t("the last sign-off is of other files than those published")
    elif any(one != chain.manifest for one in manifests[manifests.index(chain.manifest) :]):
        yield t("it was changed after a sign-off, and the sign-offs before it were not made again")
    titles = ["".join(words.split()) for level, words in page.headings if level == 1]
    if chain.title and "".join(chain.title.split()) not in titles:
        yield t("the title on the page is not the one that was signed")


def _paper(case: Case) -> Sequence[Chain]:
    return [one for one in _readable(case) if any(link.on_paper for link in one.links)]


def _paper_kept(case: Case) -> Failures:
    for chain in _paper(case):
        for link in chain.links:
            if link.on_paper and not (link.statement and link.statement.paper):
                what = t("the sign-off of the stage {stage} was on paper, and names no scan of it", stage=link.stage)
                yield Failure(page=chain.page, what=what)


CHECKS = (
    Check(rule="FLOW-01", subjects=_posts, nothing=NO_CHAINS, failures=_people, values=("people",)),
    Check(rule="FLOW-02", subjects=_readable, nothing=NO_CHAINS, failures=_same_text),
    Check(rule="FLOW-03", subjects=_paper, nothing=t("no sign-off came on paper"), failures=_paper_kept),
)

"""A small built site that keeps every rule, written by hand: break one thing, and see which rule says so."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from review.formats.manifests import canonical_header, manifest_text
from review.formats.statements import serialise
from review.inspection.inspecting import inspect
from review.inspection.profiles import Profile, profile_of, shipped_profile
from review.inspection.reading import read_site
from review.inspection.report import Inspection, Verdict
from review.model.digests import NONE, digest_of
from review.model.manifests import ItemFile
from review.model.statements import Statement
from review.release.evidence import ChainEvidence, SignedCommit, SignOffEvidence, chain_document

NOW = "2026-11-21T12:00:00+08:00"
HOST = "www.kexie.gov.cn"
PROFILE = shipped_profile("gov-cn")
STAGES = (("draft", "officer"), ("head", "head"), ("publicity", "reviewer"), ("publish", "publisher"))

FOOTER = """<footer class="site-footer"><p>主办单位：市科学技术协会　电话：0917-0000000</p>
<p>网站标识码 6103000000　<a href="https://beian.miit.gov.cn/">陕ICP备00000000号</a>　陕公网安备 61030000000000号</p>
<p><a href="https://bszs.conac.cn/x">党政机关标识</a> <a href="mailto:web@kexie.gov.cn">我要纠错</a>
<a href="/map.html">网站地图</a></p></footer>"""
HEADER = """<header class="site-header"><p><a href="/index.html">市科协</a></p>
<form role="search" action="/search.html"><label for="q">搜索</label><input type="search" id="q" name="q"></form>
<label><input type="checkbox" id="elder">长辈版</label></header>
<nav aria-label="栏目"><ul><li><a href="/news/index.html">工作动态</a></li>
<li><a href="/messages/index.html">网上留言</a></li></ul></nav>"""
CSS = """:root { --main: #a8141c; --soft: #fdf3f3; --ink: #222; --link: #0b5394; }
html.grey { filter: grayscale(100%); } body { background: url("../../img/bg.png"); }
@media print { nav { display: none; } }
"""


def page(title: str, main: str, *, metas: Mapping[str, str], canonical: str = "", head: str = "") -> str:
    """Return a page of the site."""
    site = {"SiteName": "市科协", "SiteDomain": HOST, "SiteIDCode": "6103000000"}
    tags = "\n".join(f'<meta name="{name}" content="{value}">' for name, value in {**site, **metas}.items())
    link = f'<link rel="canonical" href="https://{HOST}/{canonical}">' if canonical else ""
    return f"""<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title} - 市科协</title>
{tags}
{link}{head}<link rel="stylesheet" href="/theme/css/site.css"><script src="/theme/js/site.js"></script></head>
<body><a class="skip" href="#content">跳到正文</a>
{HEADER}
<main id="content"><h1>{title}</h1>
{main}
</main>
{FOOTER}
</body></html>
"""


def column(title: str, path: str, items: Mapping[str, str], *, type: str, more: str = "") -> str:
    """Return the page of a column that lists items: address to title."""
    metas = {"ColumnName": title, "ColumnDescription": f"{title}的内容", "ColumnKeywords": title, "ColumnType": type}
    rows = "".join(f'<li><a href="{address}">{words}</a></li>' for address, words in items.items())
    return page(title, f"<ul>{rows}</ul>{more}", metas=metas, canonical=path)


@dataclass
class Post:
    """A post of the site, and how it was signed."""

    path: str
    title: str
    published: str
    column: str = "工作动态"
    type: str = "工作动态"
    body: str = "<p>活动在市科技馆举行，市民踊跃参加。</p>"
    block: Mapping[str, str] = field(default_factory=dict)
    metas: Mapping[str, str] = field(default_factory=dict)
    source: str = "凤翔区科协"
    files: Mapping[str, bytes] = field(default_factory=dict)
    paper: bool = False
    version: int = 1
    classified: str = "no"
    updated: str = ""
    text: str = ""

    def html(self) -> str:
        """Return its page."""
        metas = {
            "ArticleTitle": self.title, "PubDate": self.published, "ContentSource": self.source, "ColumnName": self.column,
            "ColumnType": self.type, "Description": self.title, "Url": f"https://{HOST}/{self.path}", **self.metas,
        }  # fmt: skip
        rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in self.block.items())
        folder = self.path.rpartition("/")[2].removesuffix(".html")
        files = "".join(f'<li><a href="{folder}/{name}">{name}</a></li>' for name in self.files)
        changed = f"<span>更新：{self.updated}</span> " if self.updated else ""
        main = f"""<article><p><a class="back" href="index.html">返回上一级</a> <button>字号</button> <button>打印</button></p>
<p><span>发布：{self.published}</span> {changed}<span>来源：{self.source}</span></p><dl>{rows}</dl>
{self.body}<ul>{files}</ul></article>"""
        return page(self.title, main, metas=metas)

    def chain(self, *, at: dt.datetime | None = None) -> bytes:
        """Return its chain: four people, one after the other, the last of them when it was published or changed."""
        last = at or dt.datetime.fromisoformat(f"{self.updated or self.published}:20+08:00")
        stem = self.path.removesuffix(".html")
        item = f"content/{stem}.md"
        text = f"Title: {self.title}\n{self.text}\n正文。\n".encode()
        header = {"kind": "article", "unit": "fengxiang", "classified": self.classified, "submitted": "2026-11-18"}
        blobs = {item: text, **{f"content/{stem}/{name}": data for name, data in self.files.items()}}
        manifest = manifest_text(header, [_file(path, data) for path, data in blobs.items()])
        signed: list[SignOffEvidence] = []
        previous = NONE if self.version == 1 else digest_of(b"the version before")
        for place, (stage, by) in enumerate(STAGES):
            on_paper = self.paper and stage == "head"
            statement = serialise(
                Statement(
                    site="kexie",
                    item=item,
                    version=self.version,
                    stage=stage,
                    decision="approve",
                    manifest=digest_of(manifest),
                    previous=previous,
                    by="officer" if on_paper else by,
                    at=(last - dt.timedelta(hours=len(STAGES) - 1 - place)).isoformat(),
                    note="",
                    signatory=by if on_paper else "",
                    paper=digest_of(b"scan") if on_paper else "",
                )
            )
            previous = digest_of(statement)
            signed.append(
                SignOffEvidence(
                    stage=stage,
                    title=stage,
                    by="officer" if on_paper else by,
                    statement=statement,
                    commits=(SignedCommit(id="c" * 40, raw=b"raw", keys=("SHA256:x",)),),
                    signatory=by if on_paper else "",
                )
            )
        return chain_document(
            ChainEvidence(
                site="kexie", item=item, version=self.version, header=canonical_header(header), manifest=manifest,
                source=text, sign_offs=tuple(signed), names={}, keys={}, policy_version=1, policy_manifest="sha256:" + "a" * 64,
            )
        )  # fmt: skip


def _file(path: str, data: bytes) -> ItemFile:
    return ItemFile(path=path, mode="100644", sha256=hashlib.sha256(data).hexdigest(), size=len(data), blob="b" * 40)


def jpeg(*, exif: Image.Exif | None = None) -> bytes:
    """Return a small picture."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(data, "JPEG", **({"exif": exif} if exif else {}))
    return data.getvalue()


def docx(text: str = "<w:p><w:r><w:t>申报表</w:t></w:r></w:p>", **parts: str) -> bytes:
    """Return a document for a word processor; `parts` are further files of it, `__` standing for `/`."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"<w:document><w:body>{text}</w:body></w:document>")
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", part)
    return data.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files by name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def pdf(extra: bytes = b"") -> bytes:
    """Return a document that opens."""
    return b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n" + extra + b"\ntrailer << >>\nstartxref\n0\n%%EOF\n"


BLOCK = {
    "索引号": "BJ0000001-2026-001", "主题分类": "科普", "发文机关": "市科学技术协会", "成文日期": "2026-11-10",
    "文号": "宝市科协发〔2026〕19号", "公开属性": "主动公开", "有效性": "有效",
}  # fmt: skip
POSTS = (
    Post(
        "news/a.html",
        "春季科普讲座",
        "2026-11-20 15:30",
        files={"plan.pdf": pdf(), "form.docx": docx(), "photo.jpg": jpeg()},
        paper=True,
    ),
    Post(
        "news/b.html",
        "全国科普日活动",
        "2026-11-18 09:05",
        body='<p>详见<a class="external" href="https://www.kepuchina.cn/x">科普中国</a>，<a href="a.html#content">讲座</a>。</p>'
        '<p>同比增长12%，<img src="/img/bg.png" alt="会场"></p>'
        "<table><tr><th>区县</th><th>人数</th></tr><tr><td>凤翔</td><td>12</td></tr><tr><td>岐山</td><td>30</td></tr>"
        "<tr><td>合计</td><td>42</td></tr></table>",
        metas={"Image": f"https://{HOST}/img/bg.png"},
    ),
    Post("policy/doc.html", "关于开展科普活动的通知", "2026-11-16 10:00", "政策文件", "政策文件", block=BLOCK),
    Post("messages/q.html", "关于预约参观的答复", "2026-11-12 08:30", "网上留言", "咨询投诉"),
    Post("open/report.html", "政府网站工作年度报表（2025年度）", "2026-01-20 10:00", "信息公开", "数据发布"),
    Post("open/check.html", "2026年第三季度网站自查情况", "2026-10-20 10:00", "信息公开", "数据发布"),
)
COLUMNS = (
    ("news", "工作动态", "工作动态"),
    ("policy", "政策文件", "政策文件"),
    ("messages", "网上留言", "咨询投诉"),
    ("open", "信息公开", "数据发布"),
)
ATTACHED = "news/a"


@dataclass
class BuiltSite:
    """A built site in memory: path to bytes. It keeps every rule until something is changed."""

    files: dict[str, bytes]

    def put(self, path: str, data: str | bytes) -> BuiltSite:
        """Write a file."""
        self.files[path] = data.encode() if isinstance(data, str) else data
        return self

    def swap(self, path: str, old: str, new: str) -> BuiltSite:
        """Replace something that must be there."""
        text = self.files[path].decode()
        if old not in text:
            raise ValueError(f"{path} has no {old!r}")
        return self.put(path, text.replace(old, new))

    def everywhere(self, old: str, new: str) -> BuiltSite:
        """Replace something on every page; one of them must have it."""
        pages = [path for path in self.files if path.endswith(".html") and old in self.files[path].decode()]
        if not pages:
            raise ValueError(f"no page has {old!r}")
        for path in pages:
            self.swap(path, old, new)
        return self

    def drop(self, *paths: str) -> BuiltSite:
        """Take files away."""
        for path in paths:
            del self.files[path]
        return self

    def post(self, post: Post, *, chain: bytes | None = None) -> BuiltSite:
        """Publish a post with its chain, in place of one that stands there."""
        stem = post.path.removesuffix(".html")
        self.put(post.path, post.html()).put(f"{stem}.chain.json", chain or post.chain())
        for name, data in post.files.items():
            self.put(f"{stem}/{name}", data)
        return self

    def write(self, folder: Path) -> Path:
        """Write it into a folder."""
        for path, data in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        return folder

    def inspected(self, folder: Path, *, profile: Profile = PROFILE, now: str = NOW, **options: object) -> Inspection:
        """Return what an inspection finds."""
        site = read_site(self.write(folder))
        return inspect(site, profile, dt.datetime.fromisoformat(now), **options)  # type: ignore[arg-type]  # passed on

    def verdict(self, rule: str, folder: Path, *, profile: Profile = PROFILE, now: str = NOW) -> Verdict:
        """Return what becomes of one rule; of the others only those are looked at that count together with it."""
        veto = profile.rules[rule].veto
        others = set(profile.rules) - {rule, *(veto.together if veto else ())}
        found = self.inspected(folder, profile=profile, now=now, skip=others)
        return next(one for one in found.rules if one.id == rule)


def good_site() -> BuiltSite:
    """Return a site that keeps every rule."""
    site = BuiltSite({})
    for post in POSTS:
        site.post(post)
    for folder, title, type in COLUMNS:
        items = {f"/{post.path}": post.title for post in POSTS if post.path.startswith(f"{folder}/")}
        site.put(f"{folder}/index.html", column(title, f"{folder}/index.html", items, type=type))
    rows = "".join(f'<li><a href="/{post.path}">{post.title}</a></li>' for post in POSTS[:4])
    rows += "".join(f'<li><a href="/{folder}/index.html">{title}</a></li>' for folder, title, _ in COLUMNS)
    site.put("index.html", page("市科学技术协会", f"<ul>{rows}</ul>", metas={"ColumnType": "首页"}, canonical=""))
    site.swap(
        "index.html", '<link rel="stylesheet"', f'<link rel="canonical" href="https://{HOST}/"><link rel="stylesheet"'
    )
    site.put("search.html", page("搜索", '<div id="results"></div>', metas={}))
    site.swap("search.html", "</head>", '<script src="/static/pagefind/pagefind.js" type="module"></script></head>')
    site.put("map.html", page("网站地图", "<p>各栏目。</p>", metas={}))
    site.put("404.html", page("没有这个页面", '<p><a href="/index.html">回首页</a></p>', metas={}))
    site.put("theme/css/site.css", CSS).put("theme/js/site.js", "document.title;")
    site.put("img/bg.png", _png()).put("static/pagefind/pagefind.js", "export {};")
    site.put("static/pagefind/fragment/zh_1.pf_fragment", b"\0")
    places = "".join(f"<url><loc>https://{HOST}/{post.path}</loc></url>" for post in POSTS)
    site.put("sitemap.xml", f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>')
    return site.put("robots.txt", f"User-agent: *\nSitemap: https://{HOST}/sitemap.xml\n")


def _png() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(data, "PNG")
    return data.getvalue()


def profile_with(text: str) -> Profile:
    """Return the shipped profile with changes, written as a site writes them."""
    return profile_of(("profile: '1'\nextends: gov-cn\n" + text).encode())

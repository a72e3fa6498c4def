"""Chinese posts of a given length from a stock of sentences. Plausible to a reader, and copied from nowhere."""

from __future__ import annotations

import random

_TITLES = (
    "{place}科协开展{topic}进{venue}活动",
    "关于举办{topic}专题培训班的通知",
    "{place}{topic}示范点建设稳步推进",
    "{topic}主题巡展走进{place}{venue}",
    "{place}召开{topic}工作座谈会",
    "{count}名科技志愿者赴{place}{venue}服务",
)
_SENTENCES = (
    "{month}月{day}日，{place}科协组织{count}名科技志愿者来到{venue}，围绕{topic}开展了形式多样的科普服务。",
    "活动现场设置了{topic}展板{count}块，志愿者结合实物模型，把原理讲得清楚明白，吸引了许多居民驻足。",
    "专家从身边的例子讲起，介绍了{topic}的基本知识、常见误区和应对办法，并现场回答了群众提出的{count}个问题。",
    "为了让内容更贴近需要，工作人员提前走访了{place}的{venue}，收集意见建议{count}条，逐条作了答复。",
    "“以前只是听说过，今天才真正弄明白是怎么一回事。”一位带着孩子来参加活动的家长这样说。",
    "据介绍，今年以来{place}已举办同类活动{count}场次，累计服务群众三千余人次，发放资料{count}00余份。",
    "下一步，将继续把{topic}作为重点内容，推动优质科普资源向{venue}延伸，让更多人就近受益。",
    "与会人员一致认为，做好{topic}工作要坚持需求导向，既要讲得准确，也要让大家听得懂、用得上。",
    "在互动体验区，孩子们动手完成了{count}个小实验，在观察和比较中理解了现象背后的道理。",
    "{place}还结合本地实际，编印了通俗易懂的图文手册，重点说明**操作步骤**和**注意事项：**请按顺序阅读。",
    "技术人员走到田间地头，查看了作物长势和墒情，就{topic}提出了{count}条具体可行的管理建议。",
    "会议要求，各单位要明确责任分工，细化时间节点，确保{month}月底前完成各项准备工作。",
    "参加培训的{count}名学员来自全市各县区，课程分为理论讲授、现场教学和交流讨论三个部分。",
    "展览将持续到{month}月{day}日，{venue}每天上午九时至下午五时免费开放，团体参观请提前一天预约。",
    "此次活动得到了学校和社区的大力支持，大家在轻松的气氛中学到了知识，也增进了了解。",
    "工作人员提醒，遇到说法不一的信息时，应当先看来源、再看依据，不轻信、不转发未经证实的内容。",
    "经过一年多的努力，{place}的{topic}服务网络已覆盖{count}个村和社区，基本实现了有人讲、有地方讲。",
    "座谈中，{count}位代表先后发言，就完善激励机制、加强队伍建设、提高服务质量提出了意见和建议。",
)
_PLACES = (
    "金台区",
    "渭滨区",
    "陈仓区",
    "凤翔区",
    "岐山县",
    "扶风县",
    "眉县",
    "陇县",
    "千阳县",
    "麟游县",
    "凤县",
    "太白县",
)
_TOPICS = (
    "防震减灾",
    "食品安全",
    "果树管理",
    "天文观测",
    "人工智能",
    "急救常识",
    "节约用水",
    "生物多样性",
    "网络安全",
    "健康生活",
    "气象灾害防御",
)
_VENUES = ("社区广场", "中心小学", "文化礼堂", "农技站", "科技馆", "企业车间", "村史馆", "图书馆")
_HEADINGS = ("活动概况", "主要做法", "取得成效", "下一步打算", "有关要求")


def title(chance: random.Random) -> str:
    """Return a post's title."""
    return _filled(chance.choice(_TITLES), chance)


def body(chance: random.Random, characters: int) -> str:
    """Return a post's text in Markdown: paragraphs under headings, a list at the end; at least so many characters."""
    parts: list[str] = []
    length = 0
    while length < characters:
        if len(parts) % 4 == 2:
            parts.append(f"## {chance.choice(_HEADINGS)}")
        paragraph = "".join(_filled(sentence, chance) for sentence in chance.sample(_SENTENCES, 4))
        parts.append(paragraph)
        length += len(paragraph)
    parts.append("\n".join(f"- {_filled('{month}月{day}日：{place}{venue}，{topic}', chance)}" for _ in range(3)))
    return "\n\n".join(parts) + "\n"


def _filled(sentence: str, chance: random.Random) -> str:
    return sentence.format(
        place=chance.choice(_PLACES),
        topic=chance.choice(_TOPICS),
        venue=chance.choice(_VENUES),
        count=chance.randint(3, 98),
        month=chance.randint(1, 12),
        day=chance.randint(1, 28),
    )

"""The document as those read it who send it back: what can be measured or at least pointed at, with place and figure.

Each check stands for a criticism that reviewers were seen to make; none of them blocks. What only a person can judge is in
`pipeline.before_sending`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from pipeline import findings
from pipeline.consolidation import Result
from pipeline.findings import Finding, Place
from pipeline.matching import normal_form
from pipeline.narrative import STANDS_IN, Level, Paragraph, spoken
from pipeline.project import NARRATIVE_FILE, SCHEME_FILE
from pipeline.records import Item
from pipeline.scheme import load_preset, preset_names
from pipeline.textcheck.voice import item_cell, list_place
from pipeline.textcheck.words import stock_phrases
from pipeline.vocabulary import Channel, PartKind, TableKey

_THIN_ASPECT, _THIN_CAUSE = 100, 80
"""Characters: one problem of the example document has 80 to 130, a cause 80 to 150."""
_SHOWN = 8
_ALIKE = 80.0
"""Indel ratio (of 100) from which a text is last year's."""
_FACT = re.compile(
    r"\d|[一二三四五六七八九十百千万]+(?:次|个|户|件|名|人|起|项|天|年|月)|《|“[^”]{2,12}”|比如|例如|[^\W一]{2,6}(?:局|镇|乡|街道|村|社区|学校|医院|园区|项目|工程|平台|小区)"
)
_PRAISE = re.compile(r"^(?:虽然|尽管|虽|总体上|总的看|能够|基本能|比较注重|较好)|(?:虽然|尽管)[^。]{4,60}(?:但|却)")
_WISH = re.compile(r"^(?:要|应|应当|应该|建议|希望|必须|需要?|加强|加大|进一步|坚持|着力|努力|切实)")
_LACK = re.compile(
    r"[不没未无少缺弱慢差偏淡松浅滞难虚空低拖漏乱软窄旧散粗短堵轻退]|有待|还需|仍|差距|问题|风险|隐患|形式主义|下降|过[多高繁长]|重.{1,4}轻|超"
)
_FIRM = re.compile(
    r"\d|[一二三四五六七八九十]+(?:次|个|户|件|名|人|起|项|天|日|周|月|年)|每[年季月周天]|月底|年底|季度|制度|办法|清单|台账|方案|机制|专班|名单|通报|考核|问责|公示|轮训|督查|目录|细则|规定|热线|窗口"
)
_FOLLOW_UP = re.compile(r"整改.*(?:落实|完成|情况)|上年度")


class _Texts(NamedTuple):
    """What an included item says: its number, table, and text without its head."""

    item: Item
    body: str


def inspection_findings(
    merged: Result, paragraphs: Sequence[Paragraph], last_year: Sequence[str] = ()
) -> list[Finding]:
    """`last_year`: the paragraphs of last year's document, () where the office gave none."""
    said = {
        key: [
            _Texts(item, "".join(text for at, text in spoken(item) if at != "title")) for item in group if item.included
        ]
        for key, group in merged.items.items()
    }
    return [
        *_aspects(merged),
        *_thin(merged, paragraphs, said[TableKey.CAUSES]),
        *_problems(merged, said[TableKey.PROBLEMS]),
        *_opinions(merged, said[TableKey.PROBLEMS]),
        *_causes(merged, said[TableKey.CAUSES]),
        *_measures(said[TableKey.MEASURES]),
        *_stock([text for group in said.values() for text in group]),
        *_last_year(merged, [text for group in said.values() for text in group], last_year),
        *_whole(merged, paragraphs),
    ]


def _listed(texts: Sequence[_Texts]) -> str:
    numbers = [text.item.id for text in texts]
    return "、".join(numbers[:_SHOWN]) + (f"等 {len(numbers)} 条" if len(numbers) > _SHOWN else "")


def _aspects(merged: Result) -> Iterator[Finding]:
    """The year's titles must all be there, in the notice's order; what a place adds is its own."""
    scheme = merged.scheme
    own = [aspect.full for aspect in scheme.aspects]
    rounds = [
        preset for name in preset_names() if (preset := load_preset(name)).scheme.settings.year == scheme.settings.year
    ]
    near = [preset for preset in rounds if any(aspect.full in own for aspect in preset.scheme.aspects)]
    for preset in near[:1]:
        at = -1
        for aspect in preset.scheme.aspects:
            here = own.index(aspect.full) if aspect.full in own else -1
            if here <= at:
                place = Place(SCHEME_FILE, "对照方面", column="全称")
                yield findings.ASPECT_OF_THE_NOTICE.at(
                    place, aspect.full, year=scheme.settings.year, preset=preset.name
                )
            at = max(at, here)


def _thin(merged: Result, paragraphs: Sequence[Paragraph], causes: Sequence[_Texts]) -> Iterator[Finding]:
    lengths: list[tuple[str, int]] = []
    for paragraph in paragraphs:
        if paragraph.part != PartKind.PROBLEMS:
            continue
        if paragraph.level is Level.HEADING2:
            lengths.append((paragraph.text, 0))
        elif lengths and paragraph.level is Level.BODY:
            lengths[-1] = (lengths[-1][0], lengths[-1][1] + len(paragraph.text))
    for aspect, (_, length) in zip(merged.scheme.aspects, lengths, strict=False):
        if length < _THIN_ASPECT:
            place = Place(NARRATIVE_FILE, column="对照方面")
            yield findings.THIN_ASPECT.at(place, aspect.short, n=length, least=_THIN_ASPECT)
    short = [text for text in causes if len(text.body) < _THIN_CAUSE]
    if short:
        place = list_place(TableKey.CAUSES, "detail")
        yield findings.THIN_CAUSES.at(place, _listed(short), n=len(short), least=_THIN_CAUSE)


def _problems(merged: Result, problems: Sequence[_Texts]) -> Iterator[Finding]:
    place = list_place(TableKey.PROBLEMS, "detail")
    vague = [text for text in problems if not _FACT.search(text.body)]
    if vague:
        yield findings.NOT_CONCRETE.at(place, _listed(vague), n=len(vague))
    praised = [text for text in problems if _PRAISE.search(text.body)]
    if praised:
        yield findings.PRAISE_FIRST.at(place, _listed(praised), n=len(praised), of=len(problems))
    for text in problems:
        if _WISH.match(text.body) and not _LACK.search(text.body.split("。")[0]):
            yield findings.NOT_A_PROBLEM.at(item_cell(merged, text.item, "detail"), text.body[:40], item=text.item.id)


def _opinions(merged: Result, problems: Sequence[_Texts]) -> Iterator[Finding]:
    asked = merged.scheme.body.opinions if merged.scheme.body else None
    if asked and problems and not any(Channel.MASSES in text.item.cells["channels"] for text in problems):
        yield findings.NO_MASS_OPINION.at(list_place(TableKey.PROBLEMS, "channels"), asked)


def _causes(merged: Result, causes: Sequence[_Texts]) -> Iterator[Finding]:
    chosen = {item.id for item in merged.items[TableKey.PROBLEMS] if item.included}
    for text in causes:
        met = len(chosen & set(text.item.links.problems))
        if met >= 4 and met * 2 > len(chosen):
            place = item_cell(merged, text.item, "problems")
            yield findings.BROAD_CAUSE.at(place, text.item.name, item=text.item.id, n=met, of=len(chosen))


def _measures(measures: Sequence[_Texts]) -> Iterator[Finding]:
    vague = [text for text in measures if not _FIRM.search(text.body)]
    if vague:
        yield findings.VAGUE_MEASURES.at(list_place(TableKey.MEASURES, "detail"), _listed(vague), n=len(vague))


def _stock(texts: Sequence[_Texts]) -> Iterator[Finding]:
    for phrase in stock_phrases():
        having = [text for text in texts if phrase in text.item.cells["title"] + text.body]
        if having:
            place = list_place(having[0].item.table, "detail")
            yield findings.STOCK_PHRASE.at(place, phrase, n=len(having), items=_listed(having))


def _last_year(merged: Result, texts: Sequence[_Texts], last_year: Sequence[str]) -> Iterator[Finding]:
    """Compared sentence group by sentence group: a paragraph of last year's may hold several measures."""
    before = [
        normal_form(part)
        for text in last_year
        for part in re.split(r"[一二三四五六七八九十]是", text)
        if len(part) > 20
    ]
    for text in texts:
        own = normal_form(text.item.cells["title"] + text.body)
        best = process.extractOne(own, before, scorer=fuzz.ratio, score_cutoff=_ALIKE) if len(own) > 20 else None
        if best:
            place = item_cell(merged, text.item, "detail")
            yield findings.LAST_YEARS_TEXT.at(place, text.body[:40], item=text.item.id, share=f"{best[1] / 100:.0%}")


def _whole(merged: Result, paragraphs: Sequence[Paragraph]) -> Iterator[Finding]:
    scheme = merged.scheme
    place = Place(NARRATIVE_FILE)
    kinds = (PartKind.TEXT, PartKind.SEPARATE)
    if scheme.body and not any(part.kind in kinds and _FOLLOW_UP.search(part.title) for part in scheme.parts):
        yield findings.NO_FOLLOW_UP.at(Place(SCHEME_FILE, "文稿"))
    outside = (Level.TITLE, Level.SECRECY, Level.SIGNATURE, Level.DATE, Level.ATTACHMENT)
    length = sum(len(re.sub(r"\s", "", paragraph.text)) for paragraph in paragraphs if paragraph.level not in outside)
    least, most = scheme.settings.least_characters, scheme.settings.most_characters
    if least and length < least:
        yield findings.LENGTH.at(place, length, how="少于", limit=least)
    if most and length > most:
        yield findings.LENGTH.at(place, length, how="多于", limit=most)
    if not scheme.settings.template:  # a template's styles bring their own
        fonts = "；".join(f"{font}（缺时用{other}）" for font, other in STANDS_IN.items())
        yield findings.FONTS.at(place, fonts)

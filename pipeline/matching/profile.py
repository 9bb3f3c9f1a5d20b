"""A row read for comparison: what it says once wording, numerals and fillers are levelled. Made once a row."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.matching.lexicon import Lexicon
from pipeline.matching.normal import strip_number

_CHINESE_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_COUNTERS = (
    "次个项件户名人场天日月年周小分公家处所条份篇本台辆万亿元倍遍轮批级座村岁成期类种点层轨站支套亩吨米张间只头季秒年"
)
_NUMERAL = re.compile(f"[零一二两三四五六七八九十百千]+(?=[{_COUNTERS}])")
_PERCENT = re.compile(r"百分之([零一二两三四五六七八九十百\d.]+)")
_TENTHS = re.compile(r"(?<!\d)(\d)成")
_NUMBER = re.compile(
    r"(\d+(?:\.\d+)?(?::\d+(?:\.\d+)?)?)(%|万|亿|千)?(个?工作日|小时|分钟|公里|人次|批次|平方米|[^\W\d_a-zA-Z]?[^\W\d_a-zA-Z]?)"
)
_SCALE = {"万": 1e4, "亿": 1e8, "千": 1e3}
_FREQUENCY = re.compile(
    r"每(?:个)?(半年|季度?|月|周|星期|日|天|年|学期|旬)|按(季|月|周|日|年)|(季|月|周|日|年)(?:均|报|检)|逐(季|月|日|年)|(月月|年年|天天)|1个?(半年|季度?|月|周|旬|年)(?:[^\W\d_]{0,3})1(?:次|遍|回|趟|期)"
)
_PLACE = re.compile(r"([^\W\d_]{2,3}?)(街道|镇|乡|村|社区|县|区|市)(?![镇村级直管域位理])")
_NOT_PLACE = re.compile(
    r"(?:各|全|本|我|该|城|农|老旧|偏远|两|多个|个别|部分|有的|一些|居民|小|园|山|库|景|城乡|乡|社|街道|试点|贫困|示范|行政|自然|棚户|开发|高新|工业|商业|市辖|市|县|区|县城|整|辖|厂|片|特|牧|林|矿|灾|疫|禁|居|住|集|赶|近|深入|下沉|基层|所在|属地)$"
)
_NOT_IN_NAMES = frozenset(
    "的个不到往又要在于可增建整治清绕每各几多全了和与及对为向从把被有无没做让使一二三四五六七八九十其他所已还未进入驻跑送集户收分联"
)
_OUR_PLACE = re.compile(r"[我本](?:镇|乡|街道|村|社区)")
_SEAT = re.compile(r"([^\W\d_]{2,3}?)(?:街道|镇|乡|村|社区)")
_COMPOUND = re.compile(
    r"一是.{4,}[;；。，,]?二是|一方面.{4,}另一方面|[两二双](?:个|件|种|头|方面|类|项)?(?:毛病|问题|事|难|弱|滞后|不实|不足|压减)|并存|两手抓|一并抓|既缺.+又缺|"
    r"缺.{1,4}又缺|[:：][^;；。]{6,}[;；][^;；。]{6,}。?$"
)
_COMPOUND_TITLE = re.compile(
    r"[^，,]{4,}[，,、][^，,]{4,}|[^，,和与及]{3,}[和与及][^，,]*[双两]|[^，,]{2,4}且[^，,]{2,5}$|双$|两头"
)
_NOT_BUT = re.compile(r"不是[^，,。；;]{1,8}(?=[，,]?而是)")
_LISTED = re.compile(r"(?:[^\W\d_]{2,10}、){3,}[^\W\d_]{2,10}")
_OVER = re.compile(r"重([^\W\d_]{2,3})[，、,]?轻([^\W\d_]{2,3})")
_CLAUSE = re.compile(r"[，,。;；：:！!？?、\n（）()“”\"'《》…]+")


class Weights(dict[str, float]):
    """How rare a pair of characters is in office texts: its inverse document frequency; `unseen` for any other pair."""

    def __init__(self, counts: dict[str, int], size: int):
        """From document frequencies in a background of `size` rows."""
        super().__init__({gram: math.log((size + 1) / (count + 1)) for gram, count in counts.items()})
        self.unseen = math.log(size + 1)

    def __missing__(self, gram: str) -> float:
        return self.unseen

    def mass(self, grams: Iterable[str]) -> float:
        """Sum over the pairs of characters."""
        return sum(map(self.__getitem__, grams))


@dataclass(frozen=True, slots=True)
class Profile:
    """What evidence compares: `core` without fillers and punctuation, `level` the levelled text, `content` without fillers, bigrams of it, figures, places …

    `mass` and `title_mass` are the weights of `grams` and `title_grams`; `clauses` holds (text, grams, weight).
    """

    unit: str
    title: str
    text: str
    core: str
    level: str
    content: str
    title_content: str
    clauses: tuple[tuple[str, frozenset[str], float], ...]
    grams: frozenset[str]
    title_grams: frozenset[str]
    mass: float
    title_mass: float
    numbers: dict[str, frozenset[float]]
    frequencies: frozenset[str]
    places: frozenset[str]
    kinds: dict[str, frozenset[str]]
    title_kinds: dict[str, frozenset[str]]
    poles: tuple[int, ...]
    compound: bool
    over: frozenset[tuple[str, str]]
    listed: bool


def read_profile(title: str, text: str, unit: str, lexicon: Lexicon, weights: Weights) -> Profile:
    """Read one row; depends on nothing but the row and the vocabulary. `unit` says which place 我镇 is."""
    plain_title, plain_text = _fold(title), _fold(text)
    whole = f"{plain_title}。{plain_text}"
    levelled, title_level = _level(whole, lexicon), _level(plain_title, lexicon)
    texts = [clause for raw in _CLAUSE.split(levelled) if (clause := lexicon.fillers.sub("", raw))]
    clauses = tuple((clause, grams := frozenset(bigrams(clause)), weights.mass(grams)) for clause in texts)
    all_grams = frozenset(gram for _, grams, _ in clauses for gram in grams)
    title_content = lexicon.fillers.sub("", _CLAUSE.sub("", title_level))
    title_grams = frozenset(bigrams(title_content))
    return Profile(
        unit=unit,
        title=plain_title,
        text=plain_text,
        core=lexicon.fillers.sub("", _CLAUSE.sub("", numerals(whole))),
        level=_CLAUSE.sub("", levelled),
        content="".join(texts),
        title_content=title_content,
        clauses=clauses,
        grams=all_grams,
        title_grams=title_grams,
        mass=weights.mass(all_grams),
        title_mass=weights.mass(title_grams),
        numbers=_numbers(numerals(whole)),
        frequencies=_frequencies(numerals(whole)),
        places=_places(whole, unit, lexicon),
        kinds=_kinds(whole, lexicon),
        title_kinds=_kinds(plain_title, lexicon),
        poles=_poles(_NOT_BUT.sub("", whole), lexicon),
        compound=bool(_COMPOUND.search(whole) or _COMPOUND_TITLE.search(plain_title)),
        over=_over(whole),
        listed=bool(_LISTED.search(whole)),
    )


def _fold(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", strip_number(text))).casefold()


def numerals(text: str) -> str:
    """Chinese numerals before a counter as digits, 百分之三十 as 30%, 三成 as 30%; other numerals stay (三会一课)."""
    text = _PERCENT.sub(lambda match: f"{_value(match[1])}%", text)
    text = text.replace("半小时", "30分钟").replace("一半", "50%").replace("星期", "周")
    text = _NUMERAL.sub(lambda match: str(_value(match[0])), text)
    return _TENTHS.sub(lambda match: f"{match[1]}0%", text)


def _value(text: str) -> str:
    if not text or text[0].isdigit():
        return text
    if not any(char in text for char in "十百千"):
        return "".join(str(_CHINESE_DIGIT[char]) for char in text)
    total, digit = 0, 0
    for char in text:
        if char in _CHINESE_DIGIT:
            digit = _CHINESE_DIGIT[char]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            digit = 0
    return str(total + digit)


def _level(text: str, lexicon: Lexicon) -> str:
    return lexicon.variants.sub(lambda match: lexicon.canonical[match[0]], numerals(text))


def bigrams(text: str) -> list[str]:
    """The pairs of neighbouring characters; a lone character is its own pair."""
    return [text[index : index + 2] for index in range(len(text) - 1)] or ([text] if text else [])


def _numbers(text: str) -> dict[str, frozenset[float]]:
    found: dict[str, set[float]] = {}
    for match in _NUMBER.finditer(text):
        number, scale, unit = match.groups()
        if ":" in number:
            found.setdefault(":", set()).add(float(number.partition(":")[2]))
            continue
        value = float(number) * _SCALE.get(scale or "", 1)
        key = (
            "%"
            if scale == "%"
            else unit[-3:]
            if unit.endswith("工作日")
            else unit
            if unit in ("小时", "分钟", "公里", "人次", "批次")
            else unit[:1]
        )
        if key == "个":
            key = unit[1:] or "个"
        if key in ("天", "日", "周", "月") and (key == "月" or not text[match.end() :].startswith(("期", "报"))):
            within = key != "月" or "个月" in match[0] or text[match.end() :].startswith("内")
            value, key = (value * {"周": 7, "月": 30}.get(key, 1), "日") if within else (value, key)
        found.setdefault(key, set()).add(value)
    return {unit: frozenset(values) for unit, values in found.items()}


_PERIOD = {"星期": "周", "天": "日", "季": "季度", "月月": "月", "年年": "年", "天天": "日"}


def _frequencies(text: str) -> frozenset[str]:
    found = (next(group for group in match.groups() if group) for match in _FREQUENCY.finditer(text))
    return frozenset(_PERIOD.get(period, period) for period in found)


def _places(text: str, unit: str, lexicon: Lexicon) -> frozenset[str]:
    """Named places by their stems: 临江镇, and 临江 where the roster knows 临江镇; 我镇 is the unit's own."""
    named = {
        match[1]
        for match in _PLACE.finditer(text)
        if not _NOT_PLACE.search(match[1]) and not _NOT_IN_NAMES & set(match[1])
    }
    named |= {stem for stem in lexicon.place_stems if stem in text}
    if _OUR_PLACE.search(text) and (own := _SEAT.match(unit)):
        named.add(own[1])
    return frozenset(named)


def _kinds(text: str, lexicon: Lexicon) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for match in lexicon.kind_words.finditer(text):
        for category, name in lexicon.kinds[match[0]]:
            found.setdefault(category, set()).add(name)
    return {category: frozenset(names) for category, names in found.items()}


def _poles(text: str, lexicon: Lexicon) -> tuple[int, ...]:
    """For each opposition: 1 or -1 where the text speaks of one side alone, 0 where of neither or both."""
    return tuple(bool(one.search(text)) - bool(other.search(text)) for one, other in lexicon.opposites)


def _over(text: str) -> frozenset[tuple[str, str]]:
    """重X轻Y as (X, Y): the other way round is the opposite."""
    return frozenset((match[1][:2], match[2][:2]) for match in _OVER.finditer(text))

"""Chinese numerals as digits, so that 二十次 and 20次, 三成 and 30%, 三分之一 and 1/3 are read alike."""

from __future__ import annotations

import re

_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
_COUNTERS = (
    "次个项件户人名场天日月年周小分公家处所条份篇本台辆万亿元倍遍轮批级座村岁成期类种点层轨站支套亩吨米张间只头季秒年"
)
_NUMERAL = re.compile(f"[零一二两三四五六七八九十百千]+(?=[{_COUNTERS}])")
_PERCENT = re.compile(r"百分之([零一二两三四五六七八九十百\d.]+)")
_FRACTION = re.compile(r"([一二两三四五六七八九十\d]+)分之([一二两三四五六七八九十\d]+)")
_TENTHS = re.compile(r"(?<!\d)(\d)成(?![为功立员果熟长绩就效型交])")
_HALF = re.compile(r"(?:一|1)半(?=[^年天月日身点]|$)|半数|对半")


def numerals(text: str) -> str:
    """The text with numerals before a counter as digits; other numerals stay (三会一课, 一岗双责)."""
    text = _PERCENT.sub(lambda match: f"{value_of(match[1])}%", text)
    text = _FRACTION.sub(lambda match: f"{value_of(match[2])}/{value_of(match[1])}", text)
    text = text.replace("半小时", "30分钟").replace("过半", "超过50%").replace("星期", "周")
    text = _HALF.sub("50%", text)
    text = _NUMERAL.sub(lambda match: value_of(match[0]), text)
    return _TENTHS.sub(lambda match: f"{match[1]}0%", text)


def value_of(text: str) -> str:
    """二十 -> 20, 一百零五 -> 105, 二〇二二 -> 2022; digits stay."""
    if not text or text[0].isdigit():
        return text
    if not any(char in text for char in _TENS):
        return "".join(str(_DIGIT[char]) for char in text)
    total, digit = 0, 0
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
        else:
            total += (digit or 1) * _TENS[char]
            digit = 0
    return str(total + digit)

"""Normalises and masks a message. The TypeScript twin is libs/domains/feedback/src/text/{normalise,mask}.ts; change both or neither."""

import re
import unicodedata

LONGEST = 4_000
"""Characters of a message that are read."""

MOJIBAKE = {"â€™": "'", "â€˜": "'", "â€œ": '"', "â€\u009d": '"', "â€“": "-", "â€”": "-", "â€¦": "...", "ã©": "é", "ã¨": "è", "ã¼": "ü", "Ã©": "é", "Ã¨": "è", "Ã¼": "ü", "Ã±": "ñ"}
ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&apos;": "'", "&#39;": "'", "&#34;": '"', "&nbsp;": " ", "&amp;": "&"}
SPACE = re.compile("[\u0000-\u0020\u007f-\u00a0\u00ad\u034f\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufe00-\ufe0f\ufeff]+")
FOLDS = [
    (re.compile("|".join(map(re.escape, MOJIBAKE))), lambda match: MOJIBAKE[match[0]]),
    (re.compile("|".join(ENTITIES)), lambda match: ENTITIES[match[0]]),
]
PUNCTUATION = [(re.compile("[\u2018\u2019\u201b\u2032`\u00b4]"), "'"), (re.compile("[\u201c-\u201f\u2033]"), '"'), (re.compile("[\u2010-\u2015\u2212]"), "-")]
DIGITS = re.compile("[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef]")


def normalise(text: str) -> str:
    """One line in NFKC, with plain quotes, dashes and digits, without HTML entities and control characters."""
    plain = text[:LONGEST]
    for pattern, put in FOLDS:
        plain = pattern.sub(put, plain)
    for pattern, mark in PUNCTUATION:
        plain = pattern.sub(mark, plain)
    plain = DIGITS.sub(lambda match: str(unicodedata.decimal(match[0])), unicodedata.normalize("NFKC", plain))
    return SPACE.sub(" ", plain).strip(" ")


EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
NAMED_ID = re.compile(
    r"(?<![A-Za-z])((?:order|invoice|booking|reference|ref|tracking|parcel|shipment|ticket|case|transaction)"
    r"(?: ?(?:number|no|num|nr|id|code))?(?: is| was)?[ .:#-]{0,3})(?=[A-Za-z-]{0,123}[0-9])([A-Za-z0-9]{1,24}(?:-[A-Za-z0-9]{1,24}){0,4})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
HASH_ID = re.compile(r"(?<![A-Za-z0-9&])(# ?)([A-Za-z0-9]{1,24}(?:-[A-Za-z0-9]{1,24}){0,4})(?![A-Za-z0-9])")
CODE = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,5}-?[0-9]{5,20}(?:-[A-Z0-9]{1,12}){0,3}(?![A-Za-z0-9])")
LONG_NUMBER = re.compile(r"(?<![0-9])(?<![0-9][.,])(?<![£$€])[+(]{0,2}[0-9](?:(?: - |[ ()./-]{0,2})[0-9]){6,24}(?![0-9])")
DAY = r"(?:(?:19|20)[0-9]{2}[-./ ][0-9]{1,2}[-./ ][0-9]{1,2}|[0-9]{1,2}[-./ ][0-9]{1,2}[-./ ](?:19|20)[0-9]{2}|(?:19|20)[0-9]{2})"
DATE = re.compile(rf"{DAY}(?: ?[-/] ?{DAY})?(?: [0-9]{{1,2}})?|(?:0|[1-9][0-9]*)\.[0-9]{{1,2}}")
PHONE_LIKE = re.compile(r"^(?:[+(]|0[0-9])|[0-9]{3}")


MOST_PASSES = 8


def mask(text: str) -> str:
    """With `<email>`, `<order>`, `<phone>` and `<number>` (16 digits and more) in place of what identifies people and their orders."""
    for _ in range(MOST_PASSES):
        before, text = text, masked_once(text)
        if text == before:
            break
    return text


def masked_once(text: str) -> str:
    masked = EMAIL.sub("<email>", text)
    for pattern in (NAMED_ID, HASH_ID):
        masked = pattern.sub(lambda match: match[1] + "<order>" if is_id(match[2]) else match[0], masked)
    return LONG_NUMBER.sub(long_number, CODE.sub("<order>", masked))


def is_id(code: str) -> bool:
    """Four digits, or three among letters."""
    digits = count_digits(code)
    return digits >= 4 or (digits == 3 and len(code) > 3)


def long_number(match: re.Match[str]) -> str:
    found = match[0]
    if DATE.fullmatch(found) or not PHONE_LIKE.search(found):
        return found
    return "<phone>" if count_digits(found) <= 15 else "<number>"


def count_digits(text: str) -> int:
    return sum("0" <= character <= "9" for character in text)


def read(text: str) -> str:
    return mask(normalise(text))

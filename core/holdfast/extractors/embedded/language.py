"""Whether a text is English, told from frequent words; rules for English read nothing else."""

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.words import words

_WORD = lazy(r"[^\W\d_]+(?:'[^\W\d_]+)?")

_FEWEST = 3
"""Words among which one that looks foreign says nothing."""


def is_english(text: str) -> bool:
    """Return False when another script or the frequent words of another language prevail."""
    written = _WORD().findall(text)
    found = [word.lower() for word in written]
    letters = sum(len(word) for word in found)
    if not letters:
        return True
    if sum(letter > "ɏ" for word in found for letter in word) > 0.3 * letters:
        return False
    native = sum(word in words("english") for word in found)
    # A capital inside an English sentence begins a name: "followed by Yo La Tengo".
    plain = [word for place, word in enumerate(written) if not (place and word[0].isupper() and native >= 3)]
    foreign = sum(word.lower() in words("foreign") and word.lower() not in words("english") for word in plain)
    alone = foreign == 1 and len(found) > _FEWEST  # "La Marmotte under nine hours", "blood type O negative"
    return alone or not (foreign > native or (foreign >= 3 and foreign * 2 > native))

"""Whether a text is English, told from frequent words; rules for English read nothing else."""

from holdfast.dates.lazy import lazy
from holdfast.extractors.embedded.words import words

_WORD = lazy(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def is_english(text: str) -> bool:
    """Return False when another script or the frequent words of another language prevail."""
    found = [word.lower() for word in _WORD().findall(text)]
    letters = sum(len(word) for word in found)
    if not letters:
        return True
    if sum(letter > "ɏ" for word in found for letter in word) > 0.3 * letters:
        return False
    native = sum(word in words("english") for word in found)
    foreign = sum(word in words("foreign") and word not in words("english") for word in found)
    return not (foreign > native or (foreign >= 3 and foreign * 2 > native))

"""Which way a date without a year points: the tense of the verb nearest to it, in statements and in questions."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Literal, TypeAlias

from holdfast.dates.lazy import lazy

__all__ = ["Tense", "Tenses", "read_tenses"]

Tense: TypeAlias = Literal[-1, 0, 1]
"""Past, unknown, future."""

_PAST = frozenset(
    """
    was were wasn't weren't been had hadn't did didn't went gone saw seen got gotten made took taken came became began
    begun bought brought built broke broken caught chose chosen drank drunk drew drawn drove driven ate eaten fell
    fallen felt fought found flew flown forgot forgotten froze frozen gave given grew grown heard held hid hidden hung
    kept knew known laid lay led left lent lit lost meant met overslept paid quit ran rang rode ridden rose sang sank
    sat shot slept sold sent shook shaken shone showed shown shrank slid spent spoke spoken spun stole stolen stood
    struck stuck swam swept swore sworn taught thought threw thrown told tore torn understood woke woken wore worn
    won wound wrote written born said sought lied hurt read shut cast bid dealt dug fed fled ground knelt learnt dreamt
    spelt burnt bled bred upset withdrew put ago
    """.split()
)
_NOT_PAST = frozenset(
    """
    need feed speed seed weed bed red shed sled breed bleed proceed exceed succeed embed indeed hundred sacred wicked
    naked reed greed creed deed medical unlimited limited supposed used-to kindred med fed wed led embedded
    excited tired scared worried interested bored married engaged divorced retired related advanced detailed crowded
    """.split()
)
_FUTURE = frozenset(
    "will won't shall gonna upcoming due deadline tomorrow starting beginning effective let's lets".split()
)
_PRESENT = frozenset(
    """
    am is are isn't aren't do does don't doesn't have has haven't hasn't start starts begin begins end ends open opens
    close closes leave leaves arrive arrives come comes get gets go goes happen happens fly flies want wants need needs
    must should hope hopes plan plans intend intends expect expects meet meets turn turns launch launches move moves
    """.split()
)
_BEFORE_BASE_FORM = frozenset(
    """
    to will won't shall gonna can can't cannot could couldn't would wouldn't should shouldn't may might must do don't
    does doesn't did didn't let's lets please
    """.split()
)
_BE = frozenset("am is are be being get gets getting isn't aren't".split())
_PRESENT_BE = frozenset("am is are isn't aren't".split())
_NOT_VERBS_IN_ING = frozenset(
    "something anything everything nothing thing morning evening during king ring spring string wedding meeting".split()
)
_RESCHEDULING = frozenset(
    """
    move moved moving push pushed pushing postpone postponed reschedule rescheduled delay delayed shift shifted bump
    bumped change changed switch switched book booked booking schedule scheduled reserve reserved plan planned arrange
    arranged set slated due tickets appointment reservation
    """.split()
)
_SET = frozenset(
    """
    book booked booking schedule scheduled reserve reserved plan planned arrange arranged set slated due tickets
    appointment reservation
    """.split()
)
"""Of these, the words after which even "on" names the day: "scheduled on Friday", but "moved in on Friday"."""
_ALSO_NOUNS = frozenset("book move change shift plan delay schedule switch".split())
_DETERMINERS = frozenset("a an the this that these those which what whose my our your his her their".split())
_HABITUAL = frozenset(
    """
    usually always often sometimes generally normally typically weekly monthly yearly regularly routinely mostly mainly
    """.split()
)
_NEW_CLAUSE = frozenset("but that which who whom because while although so".split())
_TOKEN = lazy(r"[a-z]+(?:'[a-z]+)?|[.!?]+(?=\s|$)|\(\d[\d to-]{3,23}\)|[\n,;:()]")
_OWNED = lazy(
    r"(?:\b(?:have|has)|'ve|'s) (?=got (?:an?|two|three|four|another|my|our|user's|the|some|no|\d)\b"
    r"|got (?!(?:\w+ed|sick|ill|rid|back|home|in|out|up|here|there|lost|stuck|better|worse|hurt|into|paid|through) )"
    r"[a-z]{3,15} (?:on|at|next|this|tomorrow|tonight)\b)"
)
"""Before a "got" that tells of having something, not of getting it: "I've got an exam on Monday"."""
_FIXED = lazy(r"\bfixed (?=for (?:the )?(?:\d|\w+day|next|this|[a-z]+ \d))")
"""Before the day that something was set for: "got fixed for 12 December"."""
_RELOCATED = lazy(
    r"\b(?:mov(?:e|ed|ing)|chang(?:e|ed|ing)|switch(?:ed|ing)?) (?=(?:in|into|out|house|home|here|there|flats?"
    r"|apartments?|away|cities|countries|jobs?|schools?|abroad|back (?:in|home|here))\b)"
)
"""What is moved or changed is oneself, not a date: "moved in on the 5th"."""
_NOUNS_AND_VERBS = frozenset("start open close end leave fly turn move launch plan hope need meet want".split())
_PLURALS = frozenset("children people men women folks twins police family staff".split())
_CAUSING = frozenset("get gets getting having".split())
_SUBJECTS = frozenset("i we you he she it they user who that".split())
_SHORT_FORMS = {"'m": "am", "'re": "are", "'ll": "will", "'ve": "have"}


@dataclass(frozen=True, slots=True)
class _Marks:
    """Positions in a text, ascending, each with its clause, its sentence and a sign."""

    at: tuple[int, ...]
    clause: tuple[int, ...]
    sentence: tuple[int, ...]
    sign: tuple[Tense, ...]


@dataclass(frozen=True, slots=True)
class Tenses:
    """The verbs of a text that show a time, and the words that make its dates recur."""

    _verbs: _Marks
    _rescheduling: _Marks
    _habitual: _Marks
    _breaks: tuple[int, ...]
    _stops: tuple[int, ...]

    def of_clause(self, position: int) -> Tense:
        """Return the tense of the verb nearest before a position in its clause, else of the next one after it."""
        return self._nearest(position, self._verbs.clause, bisect_left(self._breaks, position))

    def of_sentence(self, position: int) -> Tense:
        """Return the tense of the verb nearest before a position in its sentence, else of the next one after it."""
        return self._nearest(position, self._verbs.sentence, bisect_left(self._stops, position))

    def _nearest(self, position: int, places: tuple[int, ...], here: int) -> Tense:
        index = bisect_left(self._verbs.at, position)
        if index and places[index - 1] == here:
            return self._verbs.sign[index - 1]
        index += index < len(places) and self._verbs.at[index] == position  # the date itself, which "sat" can be
        return self._verbs.sign[index] if index < len(places) and places[index] == here else 0

    def rescheduled(self, position: int, *, booked: bool = False) -> bool:
        """Whether the clause speaks, before this position, of moving something to a date, or of `booked` alone."""
        index = bisect_left(self._rescheduling.at, position)
        if not index or (booked and not self._rescheduling.sign[index - 1]):
            return False
        return self._rescheduling.clause[index - 1] == bisect_left(self._breaks, position)

    def habitual(self, position: int) -> bool:
        """Whether the clause says that it recurs."""
        marks, index = self._habitual, bisect_left(self._habitual.at, position)
        clause = bisect_left(self._breaks, position)
        return clause in marks.clause[max(0, index - 1) : index + 1]


def read_tenses(plain: str) -> Tenses:
    """Read the tenses of a text in lower case, in one pass over its words."""
    verbs: list[tuple[int, int, int, Tense]] = []
    rescheduling: list[tuple[int, int, int, Tense]] = []
    habitual: list[tuple[int, int, int, Tense]] = []
    breaks: list[int] = []
    stops: list[int] = []
    recent: list[str] = ["", "", ""]
    weak_at = caused_at = -9
    owned = {match.end() for match in _OWNED().finditer(plain)}
    relocated = {match.start() for match in _RELOCATED().finditer(plain)}
    fixed = {match.start() for match in _FIXED().finditer(plain)}
    for index, token in enumerate(_TOKEN().finditer(plain)):
        word, at = token[0], token.start()
        if len(word) > 4 and word[0] == "(":
            continue  # what `resolve` has appended ends no clause
        if at in owned:
            continue
        if not word[0].isalpha() or word in _NEW_CLAUSE:
            breaks.append(at)
            caused_at = -9
            if word[0] in ".!?\n":
                stops.append(at)
            recent = ["", "", word]
            continue
        stem, short = word, ""
        for ending, full in _SHORT_FORMS.items():
            if word.endswith(ending):
                stem, short = word[: -len(ending)], full
        mark = (at, len(breaks), len(stops))
        if at in fixed or (
            stem in _RESCHEDULING
            and at not in relocated
            and not (stem in _ALSO_NOUNS and _DETERMINERS.intersection(recent[1:]))
        ):
            rescheduling.append((*mark, 1 if at in fixed or stem in _SET else 0))
        if stem in _HABITUAL:
            habitual.append((*mark, 0))
        sign = _sign(short or stem, recent)
        if stem in _CAUSING and sign == 1:
            caused_at = index
        elif sign == -1 and index - caused_at <= 6 and recent[2] not in _SUBJECTS:
            sign = None  # "am getting my braces fixed"
        if sign is not None:
            strong = (short or stem) not in _PRESENT
            if strong and verbs and index - weak_at <= 3 and verbs[-1][1] == mark[1]:
                verbs.pop()  # an auxiliary, now that its verb has come: "have ... met"
            verbs.append((*mark, sign))
            weak_at = -9 if strong else index
        recent = [*recent[1:], short or stem]
    return Tenses(_marks(verbs), _marks(rescheduling), _marks(habitual), tuple(breaks), tuple(stops))


def _marks(found: list[tuple[int, int, int, Tense]]) -> _Marks:
    return _Marks(
        tuple(mark[0] for mark in found),
        tuple(mark[1] for mark in found),
        tuple(mark[2] for mark in found),
        tuple(mark[3] for mark in found),
    )


def _is_noun(recent: list[str]) -> bool:
    """Tell whether a word that may be a verb is none: "the regional chess open", but "the kids start"."""
    plural = recent[2] in _PLURALS or (recent[2].endswith("s") and not recent[2].endswith("ss"))
    determined = _DETERMINERS.intersection(recent) and not _BEFORE_BASE_FORM.intersection(recent[1:])
    return bool(determined) and not plural


def _sign(word: str, recent: list[str]) -> Tense | None:
    """Return the time that a word shows after the three words before it, or None."""
    if word in _FUTURE:
        return -1 if word == "due" and {"was", "were"}.intersection(recent) else 1
    if word in _NOUNS_AND_VERBS and _is_noun(recent):
        return None
    if word == "going" or (word.endswith("ing") and len(word) > 4 and word not in _NOT_VERBS_IN_ING):
        return 1 if _PRESENT_BE.intersection(recent) else None
    past = word in _PAST or (word.endswith("ed") and len(word) > 3 and word not in _NOT_PAST)
    if past and word not in {"was", "were", "did", "had", "didn't"}:
        if _BEFORE_BASE_FORM.intersection(recent[1:]) and not {"did", "didn't"}.intersection(recent):
            return None
        if _BE.intersection(recent[1:]):
            return None
    if past:
        return -1
    if recent[1:] == ["had", "to"]:
        return None  # "had to have surgery"
    asked = {"did", "didn't"}.intersection(recent)  # "what did I do"
    return 1 if word in _PRESENT and not asked else None

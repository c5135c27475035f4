"""What a row of the gate is."""

from dataclasses import dataclass

from holdfast.types import Category, Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape of predicate.

    Args:
        name: Unique among all shapes.
        kind: The fact's kind.
        verbs: The main verbs that it fits, base forms; `*` fits any, `<list>` those of a lexicon.
        rest: A pattern that what follows the verb must begin with; `<part>` as in `rules.PARTS`.
        fires: A message that it makes a fact of, and what comes out: `message => slot=value`, or `message =>`.
        spares: A message that looks alike and is not decided by this row.
        who: Whom it is about: `user` (and the user's team), `own` (the user, people of theirs, or a team),
            `person`, `thing`, `name`, `other` (no one of these, but the user is in it), `any` of the
            first four kinds, `anyone` of all.
        subject: A pattern that must be found in the subject.
        tense: The tenses that it fits; empty fits any but `modal`.
        needs: What the clause must also hold: `date`, `name`, `number`, alternatives joined by `|`.
        adverb: A pattern that one of the adverbs must match.
        slot: The attribute filled; `{object}` and `{thing}` are filled in.
        value: A pattern on what follows the verb whose group `value` fills the slot; without a match, no slot.
        single: The slot holds one value at a time.
        category: The fact's category if it is not the usual one of its kind.
        negative: The verb itself denies (hate, avoid).
    """

    name: str
    kind: Kind
    verbs: str
    rest: str
    fires: str
    spares: str
    who: str = "own"
    subject: str = ""
    tense: str = ""
    needs: str = ""
    adverb: str = ""
    slot: str = ""
    value: str = ""
    single: bool = False
    category: Category | None = None
    negative: bool = False

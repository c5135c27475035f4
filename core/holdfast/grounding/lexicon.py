"""Words that grounding knows: who people are to somebody, numbers, and what may open a sentence."""

from collections.abc import Mapping

__all__ = ["NUMBERS", "ORDINALS", "PEOPLE", "SCALES", "SENTENCE_OPENERS"]

_ALIKE = """
    mother mom mum mama mommy mummy mam | father dad papa daddy | parent parents | sister sisters sis
    | brother brothers bro | sibling siblings | wife wives | husband husbands hubby | spouse spouses
    | partner partners | girlfriend girlfriends gf | boyfriend boyfriends bf | fiance fiancee | ex exes
    | son sons | daughter daughters | child children kid kids | baby babies toddler toddlers newborn | twin twins
    | grandmother grandma granny nan nana gran | grandfather grandpa granddad grandad | grandparent grandparents
    | grandchild grandchildren grandkid grandkids | grandson grandsons | granddaughter granddaughters
    | aunt aunts auntie aunty | uncle uncles | cousin cousins | nephew nephews | niece nieces
    | mother-in-law | father-in-law | sister-in-law sisters-in-law | brother-in-law brothers-in-law
    | son-in-law | daughter-in-law | stepmother stepmom stepmum | stepfather stepdad | stepsister | stepbrother
    | stepson | stepdaughter | godmother | godfather | godson | goddaughter
    | friend friends bestie buddy buddies mate mates pal pals
    | boss bosses supervisor supervisors manager managers | colleague colleagues coworker coworkers co-worker co-workers
    workmate workmates teammate teammates | roommate roommates flatmate flatmates housemate housemates
    | neighbor neighbors neighbour neighbours | landlord landlords landlady | tenant tenants | teacher teachers
    | professor professors | tutor tutors | mentor mentors | coach coaches trainer trainers | student students
    | pupil pupils | doctor doctors | dentist dentists | therapist therapists | lawyer lawyers | intern interns
    | client clients | customer customers | employee employees | employer employers
    | designer designers | developer developers | maintainer maintainers | reader readers | guest guests
    | man men | woman women | guy guys | girl girls | boy boys | person persons people somebody someone
    | dog dogs puppy puppies pup | cat cats kitten kittens | horse horses pony ponies | rabbit rabbits bunny bunnies
    | parrot parrots | hamster hamsters
"""

PEOPLE: Mapping[str, str] = {
    word: group.split()[0] for group in _ALIKE.replace("\n", " ").split("|") for word in group.split()
}
"""Each word for a person, or an animal that lives with one, to the word that stands for all that mean the same."""

NUMBERS: Mapping[str, int] = {
    **{
        word: number
        for number, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen".split()
        )
    },
    **{
        word: 10 * number
        for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety hundred".split(), 2)
    },
    "dozen": 12,
}

ORDINALS: Mapping[str, int] = {
    word: number
    for number, word in enumerate("third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), 3)
}
"""Without "first" and "second", which mostly count nothing."""

SCALES: Mapping[str, int] = {"k": 1_000, "m": 1_000_000}

SENTENCE_OPENERS = frozenset(
    """
    a about after all also always although an and another any as at because before both but by currently despite due
    during each either every everyone everything for from he her here his how if in instead is it its just last likes
    lots monday mondays tuesday tuesdays wednesday wednesdays thursday thursdays friday fridays saturday saturdays
    sunday sundays weekdays weekends mornings evenings nights years months weeks days hours tonight next things thanks
    lives lately many maybe most my neither never no nobody none not nothing now occasionally of often on one once only
    or other our out over perhaps possibly prefers previously probably rather recently she since so some someone
    sometimes soon still that the their then there these they this those though to today tomorrow under until usually
    was we what when whenever where whether which while who why will with within without works yesterday yet you your
    """.split()
)
"""Words that are no names although they begin a sentence with a capital."""

"""The embedded extractor: messages in, keys and facts out, by rules alone."""

from dataclasses import replace
from itertools import chain

from holdfast.dates import puts_day_first
from holdfast.extractors.embedded.answers import answered
from holdfast.extractors.embedded.beside import around_secrets, is_own, names_in, own_clauses, takes_over
from holdfast.extractors.embedded.cleaning import READ, clean
from holdfast.extractors.embedded.declarations import declares, is_ordered
from holdfast.extractors.embedded.found import Found, Sentence
from holdfast.extractors.embedded.fragments import complete
from holdfast.extractors.embedded.frames import figurative, framed_from, not_literal
from holdfast.extractors.embedded.grounds import grounds
from holdfast.extractors.embedded.instructions import Instruction, instruction
from holdfast.extractors.embedded.introductions import introduction
from holdfast.extractors.embedded.language import is_english
from holdfast.extractors.embedded.linking import of_another, with_thing, without_place
from holdfast.extractors.embedded.noise import drop_reason
from holdfast.extractors.embedded.openers import PARTICULAR, peel
from holdfast.extractors.embedded.passing import passing
from holdfast.extractors.embedded.person import FIRST_PERSON, USER, first_person_left, rewrite
from holdfast.extractors.embedded.proposals import instructed, introduced, noted, proposed
from holdfast.extractors.embedded.questions import AS_ONE, declarative, last_question
from holdfast.extractors.embedded.quotations import REASON, quoted
from holdfast.extractors.embedded.reference import person_of
from holdfast.extractors.embedded.repairs import SELF_CORRECTION, WITHDRAWN, restated, spell
from holdfast.extractors.embedded.rules import compiled
from holdfast.extractors.embedded.safety import TAKES_OVER, injection, secret_spans
from holdfast.extractors.embedded.splitting import BRACKETED, Span, clauses, coordinated, pieces, sentences, shorter
from holdfast.extractors.embedded.telling import calm, tells
from holdfast.extractors.embedded.views import View, events, gate, of_task, tells_of_life, view
from holdfast.types import Batch, Evidence, Extraction, Key, Message, Skipped

LONGEST = 600
"""Characters of the longest run of words that is taken for a sentence."""
_LONGEST_KEY = 1_000
_PASTED = 4
"""Line ends of a message that may bring a text with orders in it."""
_KEY_FLAGS = ("unresolved", "we", "negated", "hedged", "corrected")
_RESTING = ("question", "order", "no lasting statement")
"""Why a clause was left out that may still say something in passing."""
_CORRECTIONS = frozenset({"correction", "scratch that", "wait", "actually", "actually no", "no wait"})


class EmbeddedExtractor:
    """Proposes facts about the user by rules for English; needs no model, no key and no network.

    Pure and deterministic: the same messages give the same extraction. Thread-safe.
    """

    name = "rules/1"

    def extract(self, batch: Batch) -> Extraction:
        """Return the keys and facts of the user's messages, and why each other clause was left out."""
        found = Found()
        previous = batch.context[-1] if batch.context else None
        for message in batch.messages:
            if message.role == "user":
                _Reader(message, found).read(previous)
            previous = message
        return Extraction(tuple(found.keys), tuple(found.candidates), tuple(found.skipped))


class _Reader:
    """Reads one message into what was found."""

    def __init__(self, message: Message, found: Found) -> None:
        self._message = message
        self._found = found
        self._text = ""
        self._person: str | None = None
        self._thing: str | None = None
        self._day_first = False
        self._ordered: frozenset[str] = frozenset()
        self._secrets: list[tuple[int, int, str]] = []
        self._quotes: list[tuple[int, int]] = []
        self._question: str | None = None
        self._quiet = False
        self._lasting = False
        self._alone = False
        self._wishes: dict[str, Instruction | None] = {}
        self._left: list[tuple[Span, str, View, Skipped]] = []

    def read(self, previous: Message | None) -> None:
        """Add what the message yields.

        Args:
            previous: The message just before it, whose question it may answer.
        """
        content = self._message.content
        self._text, cuts = clean(content)
        for cut in cuts:
            self._skip(cut.start, cut.end, cut.reason)
        if len(content) > READ:
            self._skip(READ, min(len(content), READ + 80), "beyond the 8,000 characters read")
        if not is_english(self._text):
            self._skip(0, min(len(self._text), 200), "not English")
            return
        self._day_first = puts_day_first(self._text)
        self._secrets = secret_spans(self._text)
        self._quotes = quoted(self._text)
        self._quiet = calm(content)
        self._lasting = content.count("\n") < _PASTED and injection(self._text) is None
        self._alone = self._lasting and "\n" not in content and "?" not in content and self._quiet
        self._question = last_question(previous)
        self._answer(self._question)
        framed = framed_from(self._text)
        if framed:
            self._skip(framed[0], len(self._text.rstrip()), framed[1])
        order: str | None = None
        end = 0
        for sentence in sentences(self._text[: framed[0]] if framed else self._text):
            withdrawal = WITHDRAWN().match(sentence.text)
            anew = self._take_back(sentence.text[withdrawal.end() :]) if withdrawal else None
            heading, end = self._text[end : sentence.start].strip(), sentence.end
            if heading.endswith(":") and injection(heading):
                order = TAKES_OVER
            if order or injection(sentence.text):
                order = self._beside_order(sentence, order)
            elif anew and not self._hides(sentence):
                self._claim(sentence, complete(spell(anew)), Sentence(anew, remember=False, corrected=True))
            else:
                self._sentence(sentence)
        self._declare()

    def _declare(self) -> None:
        """Keep what no shape took of a message that only tells, if it is its author's own."""
        if not self._left:
            return
        beside = any(
            found.kind != "instruction" and found.evidence[-1].message_id == self._message.id
            for found in self._found.candidates
        )
        several = "?" not in self._message.content and len(sentences(self._text)) > 1
        for clause, plain, seen, skipped in self._left:
            if skipped.reason == "order":
                wish = instruction(plain, lasting=self._lasting, alone=self._alone, explained=beside)
                if wish:
                    self._found.skipped.remove(skipped)
                    self._found.candidates.append(instructed(self._evidence(clause), wish))
                continue
            dated = bool(events(seen, self._message.at))
            lasts = passing(seen.text) is None
            own = lasts and seen.stands_alone
            if own and declares(plain, dated=dated, beside=beside, personal=USER in seen.text, several=several):
                self._found.skipped.remove(skipped)
                self._note(clause, seen)
            elif lasts and not is_ordered(plain):
                self._declare_pieces(clause)

    def _declare_pieces(self, clause: Span) -> None:
        """Keep the pieces of a clause between commas that tell of a life by themselves."""
        for piece in pieces(clause):
            if of_another(clause.text, piece.text):
                continue
            plain = complete(spell(piece.text))
            seen = self._view(plain, Sentence(plain, remember=False, corrected=False))
            if drop_reason(plain) or figurative(plain) or first_person_left(seen.text):
                continue
            if gate(seen, self._message.at) or tells_of_life(seen, plain):
                self._note(piece, seen)

    def _beside_order(self, sentence: Span, order: str | None) -> str:
        """Read what is the user's own in a sentence that holds an order, or that comes after one.

        Returns:
            The reason to report, of this or of the order before.
        """
        anew = injection(sentence.text)
        quoted = self._text.count('"', 0, sentence.start) % 2 == 1
        own: list[Span] = []
        if order != TAKES_OVER and not quoted:
            own = own_clauses(sentence) if anew else [sentence] if is_own(sentence, self._ordered) else []
        reason = anew or order or ""
        if anew:
            self._ordered |= names_in(sentence.text)
        if not own:
            self._skip(sentence.start, sentence.end, reason)
        elif anew:
            self._skip(own[-1].end if own[0].start == sentence.start else sentence.start, sentence.end, reason)
        for clause in own:
            self._sentence(clause)
        return TAKES_OVER if order == TAKES_OVER or takes_over(reason, sentence, self._text) else reason

    def _answer(self, question: str | None) -> None:
        """Add the key that joins the question just asked and this answer."""
        answer = " ".join(self._text.split())
        whole = f"{question} {answer}"
        if not question or not answer or answer.endswith("?") or self._quotes or framed_from(answer):
            return
        if not secret_spans(whole) and not injection(whole):
            self._found.keys.append(
                Key("question", whole[:_LONGEST_KEY], self._message.id, 0, len(self._message.content))
            )

    def _take_back(self, correction: str) -> str | None:
        """Drop the last fact of this message, which the next sentence corrects.

        Returns:
            The statement with the correction in its place, if that is a bare number or name ("Correction: 53").
        """
        last = self._found.candidates[-1].evidence[-1] if self._found.candidates else None
        if last is None or last.message_id != self._message.id:
            return None
        self._found.candidates.pop()
        self._found.keys[:] = [
            key for key in self._found.keys if key.kind == "question" or (key.start, key.end) != (last.start, last.end)
        ]
        self._skip(last.start, last.end, "taken back in the next sentence")
        return restated(last.quote, correction)

    def _sentence(self, sentence: Span) -> None:
        question, self._question = self._question, None
        if not is_english(sentence.text):
            self._skip(sentence.start, sentence.end, "not English")
        elif len(sentence.text) > LONGEST:
            self._skip(sentence.start, sentence.start + 80, "longer than a sentence")
        elif reason := not_literal(self._text[sentence.start : sentence.end + 3]):
            if reason != "hypothetical" or self._hides(sentence) or not self._instruct(sentence):
                self._skip(sentence.start, sentence.end, reason)
        elif (whole := answered(question, spell(sentence.text))) and not (
            self._hides(sentence) or self._quotes_in(sentence)
        ):
            self._claim(sentence, whole, Sentence(whole, remember=False, corrected=False))
        else:
            statement, remember, peeled = peel(sentence)
            remember = remember and bool(PARTICULAR().search(statement.text))
            self._statement(statement, remember=remember, corrected=not _CORRECTIONS.isdisjoint(peeled))

    def _statement(self, statement: Span, *, remember: bool, corrected: bool) -> None:
        aside = BRACKETED().search(statement.text)
        if aside:
            blank = " " * len(aside[0])
            main = replace(statement, text=statement.text[: aside.start()] + blank + statement.text[aside.end() :])
            self._statement(main, remember=remember, corrected=corrected)
            self._statement(statement.cut(aside.start() + 1, aside.end() - 1), remember=False, corrected=corrected)
            return
        declared = statement if remember else declarative(statement)
        if declared is None:
            if not self._instruct(statement):
                self._skip(statement.start, statement.end, "question")
                self._rests_on(statement)
            return
        if AS_ONE().match(declared.text) and statement.text.endswith("?"):
            self._rests_on(statement)
        if declared.end < statement.end:
            self._rests_on(statement.cut(len(declared.text)))
        whole = SELF_CORRECTION().search(declared.text) or (not remember and self._wish(declared))
        sentence = Sentence(declared.text, remember, corrected)
        parts = [declared] if whole else clauses(declared)
        for clause in parts:
            if clause is not parts[0] and of_another(parts[0].text, clause.text):
                self._skip(clause.start, clause.end, "not about the user")
                continue
            for shown in self._shown(clause):
                if remember or not self._instruct(shown):
                    self._clause(shown, sentence)

    def _hides(self, span: Span) -> bool:
        return any(start < span.end and end > span.start for start, end, _ in self._secrets)

    def _quotes_in(self, span: Span) -> bool:
        return any(start < span.end and end > span.start for start, end in self._quotes)

    def _shown(self, clause: Span) -> list[Span]:
        """Return the clause, or what stands before and after the secrets in it; nothing of one that quotes."""
        if self._quotes_in(clause):
            self._skip(clause.start, clause.end, REASON)
            return []
        hidden = [one for one in self._secrets if one[0] < clause.end and one[1] > clause.start]
        if not hidden:
            return [clause]
        self._found.skipped.append(Skipped(self._message.id, "[secret]", hidden[0][2]))
        if kin := compiled(r"\b(?:my|our|for) (?P<kin><kin>)(?:'?s)?\b").search(clause.text):
            self._person = f"User's {kin['kin']}"
        parts = around_secrets(clause, [(start, end) for start, end, _ in self._secrets])
        return [part for part in parts if not self._hides(part)]

    def _wish(self, statement: Span) -> Instruction | None:
        said = spell(statement.text)
        if said not in self._wishes:
            self._wishes[said] = instruction(said, lasting=self._lasting, alone=self._alone)
        return self._wishes[said]

    def _instruct(self, statement: Span) -> bool:
        wish = self._wish(statement)
        if wish:
            self._found.candidates.append(instructed(self._evidence(statement), wish))
        return wish is not None

    def _clause(self, clause: Span, sentence: Sentence) -> None:
        plain = spell(clause.text)
        named = introduction(plain)
        if named:
            name, plain = named
            self._found.candidates.append(introduced(self._evidence(clause), name))
        elif clause.lead and clause.lead.text.lower().startswith(("my ", "our ")):
            plain = spell(f"{clause.lead.text}: {clause.text}")
        if plain and self._claim(clause, complete(plain), sentence) in _RESTING:
            self._rests_on(clause)

    def _rests_on(self, asked: Span) -> None:
        """Claim what a question or an order says of the user in passing, and keep whom it names."""
        if self._hides(asked):
            return
        said = spell(asked.text)
        self._person = person_of(rewrite(said)) or self._person
        for ground in grounds(said):
            self._claim(asked, ground, Sentence(ground, remember=False, corrected=False))

    def _claim(self, clause: Span, plain: str, sentence: Sentence) -> str | None:
        """Add the key and the facts of a clause.

        Returns:
            The reason why the words are left out as they stand, or None.
        """
        plain = with_thing(plain, self._thing)
        whole = self._view(plain, sentence)
        reason = (None if sentence.remember else drop_reason(plain)) or figurative(plain)
        if reason is None and not (whole.about or sentence.remember):
            reason = "not about the user"
        if reason is None and first_person_left(whole.text):
            reason = "first person not resolved"
        if reason == "not about the user" and self._quiet and tells(plain):
            self._note(clause, whole)
            return None
        if reason:
            self._leave(clause, plain, whole, reason)
            return reason
        self._remember_person(whole)
        self._remember_thing(whole)
        if whole.about and len(whole.text.split()) > 2:
            flags = tuple(flag for flag in _KEY_FLAGS if flag in whole.flags)
            self._found.keys.append(Key("statement", whole.text, self._message.id, clause.start, clause.end, flags))
        if not (self._propose_each(clause, sentence) or self._propose_longest(clause, whole, plain, sentence)):
            if not of_task(whole) and self._piecewise(clause, sentence):
                return None
            for said in (plain, *shorter(plain)) if self._quiet else ():
                seen = whole if said is plain else self._view(said, sentence)
                if (said is plain or seen.predicate) and tells_of_life(seen, said):
                    self._note(clause, seen)
                    return None
            leaning = "unresolved" in whole.flags
            reason = "unresolved reference" if leaning else "no lasting statement"
            self._leave(clause, plain, whole, reason)
        return reason

    def _leave(self, clause: Span, plain: str, seen: View, reason: str) -> None:
        """Report a clause that no shape took, and keep it in mind until the message is read."""
        self._skip(clause.start, clause.end, reason)
        if self._quiet and reason in ("not about the user", "no lasting statement", "unresolved reference", "order"):
            self._left.append((clause, plain, seen, self._found.skipped[-1]))

    def _piecewise(self, clause: Span, sentence: Sentence) -> bool:
        """Propose what passes the gate of the pieces between commas and other loose joints."""
        shared = coordinated(clause) if FIRST_PERSON().match(spell(clause.text)) else []
        return (len(shared) > 1 and self._propose_some(clause, shared, sentence)) or self._propose_some(
            clause, [(piece, piece.text) for piece in pieces(clause)], sentence
        )

    def _propose_some(self, clause: Span, parts: list[tuple[Span, str]], sentence: Sentence) -> bool:
        found = False
        for piece, text in parts:
            said = spell(text)
            plain = complete(said)
            seen = self._view(plain, sentence)
            dropped = piece.start > clause.start and not FIRST_PERSON().search(said)
            leads = seen.predicate is None or seen.predicate.holder in ("other", "name")
            if dropped or leads or drop_reason(plain) or figurative(plain) or first_person_left(seen.text):
                continue
            if passed := gate(seen, self._message.at):
                self._found.candidates.append(proposed(self._evidence(piece), seen, passed, self._message.at))
                found = True
        return found

    def _note(self, clause: Span, seen: View) -> None:
        """Propose a statement as it was said."""
        self._found.candidates.append(noted(self._evidence(clause), seen, self._message.at))

    def _propose_each(self, clause: Span, sentence: Sentence) -> bool:
        """Propose each predicate of one subject ("I live in Oslo and work at Equinor") if all of them stand alone."""
        parts = [] if sentence.remember else coordinated(clause)
        if len(parts) < 2:
            return False
        views = [self._view(complete(plain), sentence) for _, plain in parts]
        passed = [gate(seen, self._message.at) for seen in views]
        if not all(passed):
            return False
        for (span, _), seen, one in zip(parts, views, passed, strict=True):
            self._found.candidates.append(proposed(self._evidence(span), seen, one, self._message.at))
        return True

    def _propose_longest(self, clause: Span, whole: View, plain: str, sentence: Sentence) -> bool:
        """Propose the clause, or the longest part of it up to a comma or bracket that stands alone."""
        views: list[View] = []
        parts = chain(shorter(plain), without_place(plain))
        for seen in chain((whole,), (self._view(part, sentence) for part in parts)):
            if passed := gate(seen, self._message.at):
                self._found.candidates.append(proposed(self._evidence(clause), seen, passed, self._message.at))
                return True
            views.append(seen)
        if sentence.remember:
            seen = next((one for one in views if one.stands_alone), whole)
            self._found.candidates.append(proposed(self._evidence(clause), seen, None, self._message.at))
        return sentence.remember

    def _view(self, plain: str, sentence: Sentence) -> View:
        return view(
            plain,
            sentence=sentence.text,
            person=self._person,
            corrected=sentence.corrected,
            day_first=self._day_first,
            quiet=self._quiet,
        )

    def _remember_person(self, seen: View) -> None:
        """Keep whom the clause names, so that a following "she" is known."""
        named = seen.predicate is not None and seen.predicate.holder == "name"
        if person := person_of(seen.text):
            self._person = person
        elif seen.predicate and named and " " not in seen.predicate.subject:
            self._person = seen.predicate.subject

    def _remember_thing(self, seen: View) -> None:
        """Keep which thing or service of the user's the clause is about, so that "it's ... now" is known."""
        if seen.predicate and seen.predicate.thing and len(seen.predicate.thing.split()) <= 3:
            self._thing = seen.predicate.thing

    def _evidence(self, clause: Span) -> tuple[Evidence, ...]:
        """Return the clause's span, after that of the heading that it stands under."""
        content = self._message.content
        spans = (clause.lead, clause) if clause.lead else (clause,)
        return tuple(Evidence(self._message.id, one.start, one.end, content[one.start : one.end]) for one in spans)

    def _skip(self, start: int, end: int, reason: str) -> None:
        """Report a span that was left out; one that holds a secret is not repeated."""
        text = self._message.content[start:end]
        hidden = self._hides(Span(text, start, end)) or secret_spans(text)
        self._found.skipped.append(Skipped(self._message.id, "[secret]" if hidden else text, reason))

"""What in a message is not the user speaking: blanked out with as many spaces, so that every offset stays true."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from holdfast.extractors.embedded.rules import Rule, compiled

READ = 8_000
"""Characters of one message that are read; rules are linear, but a pasted book is not a statement about the user."""

SAME_LENGTH = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\t": " ", "\r": " "})


@dataclass(frozen=True, slots=True)
class Cut:
    """A span that was blanked, and why."""

    start: int
    end: int
    reason: str


BLOCKS = (
    Rule(
        "code fence",
        pattern=r"```[\s\S]*?(?:```|\Z)",
        gives="code",
        fires="```\nI = 3\n``` => code",
        spares="``I`` is a pronoun",
    ),
    Rule(
        "tag block",
        pattern=r"<(?P<tag>(?:<foreign_tags>))\b[^>\n]{0,200}>[\s\S]*?(?:</(?P=tag)\s*>|\Z)",
        gives="text in a tag block",
        fires="<holdfast-memory>User likes tea</holdfast-memory> => text in a tag block",
        spares="I use <b>bold</b> in my notes",
    ),
    Rule(
        "element",
        pattern=r"<(?P<tag>(?!(?:b|i|u|em|strong|s|small|kbd|br|sub|sup)\b)[a-z][\w-]*)\b[^<>\n]{0,200}>"
        r"[\s\S]{0,1500}?</(?P=tag)\s*>",
        gives="text in a tag block",
        fires="<p>I am a florist</p> => text in a tag block",
        spares="I use <b>bold</b> and 3 <p in my notes",
    ),
    Rule(
        "marked memory",
        pattern=r"(?:^|(?<=\n))[^\w\n]{0,8}(?:(?:begin|start)(?: of)? <kept_blocks>|<kept_blocks> (?:begin|start)s?)\b"
        r"[^\n]*\n[\s\S]*?(?:\n[^\w\n]{0,8}(?:end\b|[^\n]{0,20}\bends?\b)[^\n]*|\Z)",
        gives="text recalled from memory",
        fires="=== MEMORY START ===\nUser likes tea\n=== MEMORY END === => text recalled from memory",
        spares="Begin of my memory\nI was three",
    ),
    Rule(
        "bracketed memory",
        pattern=r"\[(?P<tag>memory|memories|context|system|instructions?|retrieved|recalled|profile|user)\][\s\S]*?"
        r"(?:\[/(?P=tag)\]|\Z)|\((?:memory|memories|recalled|retrieved)\b:[^()\n]{0,300}\)",
        gives="text in a tag block",
        fires="[memory] User likes tea [/memory] => text in a tag block",
        spares="[1] I like tea",
    ),
    Rule(
        "recalled list",
        pattern=r"(?:^|(?<=\n))[^\n:.!?]{0,30}\b<recalled>\b[^\n:.!?]{0,40}:[ ]*\n{1,2}"
        r"(?:[ ]*(?:[-*•·]|\(?\d{1,2}[.)])[ ][^\n]*(?:\n|\Z))+",
        gives="text recalled from memory",
        fires="What you know about me:\n- I live in Rome\n => text recalled from memory",
        spares="What you should know about me:\n- I live in Rome\n",
    ),
    Rule(
        "recalled line",
        pattern=r"(?:^|(?<=\n)|(?<=[.!?][ ]))[^\n:.!?]{0,30}\b<recalled>\b(?:[^\n:.!?(]{0,40}"
        r"|[^\n:()]{0,20}\([^\n()]{1,20}\)):[ ]*(?:\x22[^\x22\n]*\x22|\S[^\n.!?]*)",
        gives="text recalled from memory",
        fires="You told me: my dog is three => text recalled from memory",
        spares="I told you: my dog is three",
    ),
    Rule(
        "heading over what was recalled",
        pattern=r"(?:^|(?<=\n))[ ]*(?:#{1,4}[ ]?[^\n:]{0,30}\b(?:<recalled>|what i know|memory|memories)\b[^\n]{0,40}"
        r"|(?:known|saved|stored|retrieved|recalled|relevant|past|previous|your) (?:about|of|on|memories|facts|notes)\b"
        r"[^\n:]{0,30}:[ ]*|(?:memor(?:y|ies)|facts|notes)(?: (?:about|of|on) (?:me|us|user|the user))? ?\(\d+\):?[ ]*)"
        r"\n{1,2}(?:[ ]*(?:[-*•·]|\(?\d{1,2}[.)])[ ][^\n]*(?:\n|\Z))+",
        gives="text recalled from memory",
        fires="Memories about me (2):\n- I live in Rome\n- I sail\n => text recalled from memory",
        spares="Facts about me:\n- I live in Rome\n- I sail\n",
    ),
    Rule(
        "item of a memory",
        pattern=r"(?:^|(?<=\n))[ ]*(?:[-*•·]|\d{1,2}[.)])[ ](?-i:User)(?:'s)? [^\n]*",
        gives="text recalled from memory",
        fires="- User keeps bees near Lecce (2025-09-02) => text recalled from memory",
        spares="- user tests are my job",
    ),
    Rule(
        "session of a shell",
        pattern=r"(?:^|(?<=\n))[ ]*(?:\$ (?=[^\d\s])|>>> |PS [A-Z]:)[^\n]*"
        r"(?:\n(?!\$ |>>> )[^\n]+(?:\n(?![ ]*(?:\n|\$ |>>> |i\b|my\b|why\b|how\b|what\b))[^\n]+)*)?",
        gives="log or code",
        fires="$ whoami\nI am root => log or code",
        spares="$20 a day\nI am broke",
    ),
    Rule(
        "difference of files",
        pattern=r"(?:^|(?<=\n))(?:diff --git |--- \S+\n\+\+\+ |@@ -\d)[^\n]*(?:\n(?=[-+@ ])[^\n]+)*",
        gives="log or code",
        fires="--- a/bio\n+++ b/bio\n-I live in Rome\n+I live in Oslo => log or code",
        spares="- a\n+ b\nI live in Rome",
    ),
    Rule(
        "comment over code",
        pattern=r"(?:^|(?<=[^#\n]\n)|(?<=\n\n))[ ]*#[^\n]*(?:\n[ ]*#[^\n]*){0,40}(?=\n[ ]*[\w.]+(?:\(|\s?=))",
        gives="code",
        fires="# I live in a constant\nprint(me) => code",
        spares="# About me\nI live in Rome",
    ),
    Rule(
        "document in a shell",
        pattern=r"<<-?[\x22']?(?P<mark>[A-Z]{2,12})[\x22']?\n[\s\S]{0,4000}?(?:\n(?P=mark)\b|\Z)"
        r"|(?:^|(?<=\n))-- [^\n]*(?=\n\s*(?:select|insert|update|create|with)\b)"
        r"|(?:^|(?<=\n))#[^\n]*(?=\n\s*(?-i:RUN|COPY|CMD|FROM)\b)",
        gives="log or code",
        fires="cat <<EOF\nI live in Oslo\nEOF => log or code",
        spares="3 << 4\nI live in Oslo",
    ),
    Rule(
        "mail from its subject on",
        pattern=r"(?:^|(?<=\n))[ ]*(?:(?:Subject|Betreff|Objet|Asunto): ?[^\n]*\n"
        r"|(?:From|To|Sent): [^\n]*\n[ ]*(?:From|To|Cc|Sent|Date): [^\n]*\n)[\s\S]*\Z",
        gives="quoted text",
        fires="Subject: Resignation\nI resign from my post. => quoted text",
        spares="The subject: my post\nI resign",
    ),
    Rule(
        "inline code",
        pattern=r"`[^`\n]{0,120}[=(){}\[\];<>$][^`\n]{0,120}`",
        gives="code",
        fires="run `x = my(y)` now => code",
        spares="I use `pnpm` and `vite`",
    ),
)
"""What spans lines. Each gives the reason."""

LINES = (
    Rule(
        "quoted line",
        pattern=r"^\s*>",
        gives="quoted text",
        fires="> I live in Oslo => quoted text",
        spares="a > b for my data",
    ),
    Rule(
        "traceback",
        pattern=r"^\s*(?:Traceback \(|File \x22|at [\w.$<>]+\(|(?-i:[A-Z]\w+(?:Error|Exception"
        r"|Warning))\b:|Caused by:)",
        gives="log or code",
        fires="ValueError: my_id missing => log or code",
        spares="Errors make my day",
    ),
    Rule(
        "first line of a script",
        pattern=r"^\s*#!",
        gives="log or code",
        fires="#!/bin/my_shell => log or code",
        spares="# my list",
    ),
    Rule(
        "log line",
        pattern=r"^\s*(?:[\[(<]?(?:\d{4}[-/.]\d\d[-/.]\d\d|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})[T, ] ?\d{1,2}:\d\d"
        r"|\[?(?-i:INFO|DEBUG|WARN|WARNING|ERROR|FATAL|TRACE|NOTICE|CRITICAL|SEVERE)\]?\b|\[\d\d:\d\d"
        r"|(?-i:[A-Z][a-z]{2}) +\d{1,2} \d\d:\d\d:\d\d |\d\d:\d\d:\d\d(?:[.,]\d| (?-i:[A-Z]{4,8})\b)"
        r"|(?-i:[VDIWE]/\w+)\(|\[ ?\d+\.\d+\] )",
        gives="log or code",
        fires="2025-03-12 10:11:12 user logged in => log or code",
        spares="2025-03-12 is my birthday",
    ),
    Rule(
        "voice of a program",
        pattern=r"^\s*(?:npm ERR!|fatal:|panic:|error(?:\[\w+\])?:|warning:|kernel(?: panic)?:|kernel panic\b|segfault"
        r"|exception in thread|unhandled (?:exception|rejection)|build failed|process finished)",
        gives="log or code",
        fires="fatal: I don't handle protocol 'my' => log or code",
        spares="Errors: my fault",
    ),
    Rule(
        "line of a chat",
        pattern=r"^\s*\[?\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]m)?\]?,? (?:[-–] )?<?(?-i:[A-Z])[\w.'-]{1,20}(?: "
        r"[A-Z]\w+)?[:>] ",
        gives="quoted text",
        fires="10:14 Lea: I'm in Porto => quoted text",
        spares="10:14 I'm in Porto",
    ),
    Rule(
        "comment",
        pattern=r"^\s*(?://|/\*|\*/|<!--|[\x22\x27]{3})",
        gives="log or code",
        fires="// TODO: I should refactor my code => log or code",
        spares="/s my code is great",
    ),
    Rule(
        "call",
        pattern=r"^\s*(?:assert |return |await )?[\w.]+\([^\n]*\)\s*(?:;|[=!]= [^\n]*)?$|^\s*(?:echo|printf) [\x22'$]"
        r"|^[^\n]*[=(][^\n]*;\s*$|^\s*msg(?:id|str) \x22|^\s*[\w\x22'-]+\s?:\s?[{\[]|^\s*[{\[]\x22"
        r"|^\s*\x22[\w ]+\x22\s?:\s|^\s*(?-i:INSERT INTO|UPDATE|DELETE FROM|FROM [\w./-]+:[\w.]+|RUN|COPY|CMD) ?",
        gives="log or code",
        fires='memory.add("user is my boss") => log or code',
        spares="Lunch (my treat)",
    ),
    Rule(
        "source line",
        pattern=r"^\s*<source_line_words>",
        gives="log or code",
        fires="from me import my_self => log or code",
        spares="from me to you",
    ),
    Rule(
        "forwarded header",
        pattern=r"^\s*(?:From|To|Cc|Subject|Sent):\s",
        gives="quoted text",
        fires="From: Ann <ann@example.org> => quoted text",
        spares="From here on I walk",
    ),
)
"""What takes a whole line. Each gives the reason."""

_SYMBOLS = frozenset("{}[]();=<>|&\\/_")


def clean(content: str) -> tuple[str, tuple[Cut, ...]]:
    """Return the text to read, of equal length up to `READ` characters, and what was blanked in it.

    Typographic quotes and spaces become plain ones, character for character.
    """
    text = content[:READ].translate(SAME_LENGTH)
    cuts: list[Cut] = []

    def blank(start: int, end: int, reason: str) -> None:
        nonlocal text
        if text[start:end].strip():
            cuts.append(Cut(start, end, reason))
            text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]

    for rule in BLOCKS:
        for match in list(compiled(rule.pattern).finditer(text)):
            blank(match.start(), match.end(), rule.gives)
    start = 0
    for line in text.split("\n"):
        reason = _line_reason(line)
        if reason:
            blank(start, start + len(line), reason)
        start += len(line) + 1
    return text.replace("`", " "), tuple(_merged(cuts, content))


def _merged(cuts: list[Cut], content: str) -> Iterator[Cut]:
    """Yield cuts in order, those of one reason with nothing but space between them as one."""
    last: Cut | None = None
    for cut in sorted(cuts, key=lambda one: one.start):
        if last and cut.reason == last.reason and not content[last.end : cut.start].strip():
            last = Cut(last.start, max(last.end, cut.end), cut.reason)
            continue
        if last:
            yield last
        last = cut
    if last:
        yield last


def _line_reason(line: str) -> str | None:
    if not line.strip():
        return None
    for rule in LINES:
        if compiled(rule.pattern).match(line):
            return rule.gives
    if len(line) > 40 and sum(letter in _SYMBOLS for letter in line) / len(line) > 0.12:
        return "log or code"
    return None

"""What in a message is not the user speaking: blanked out with as many spaces, so that every offset stays true."""

import re
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
        pattern=r"(?:^|(?<=\n)|(?<=[.!?][ ]))[^\n:.!?]{0,30}\b<recalled>\b[^\n:.!?]{0,40}:[ ]*(?:\x22[^\x22\n]*\x22"
        r"|\S[^\n.!?]*)",
        gives="text recalled from memory",
        fires="You told me: my dog is three => text recalled from memory",
        spares="I told you: my dog is three",
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
        "prompt",
        pattern=r"^\s*(?:\$ |>>> |#!|PS [A-Z]:)",
        gives="log or code",
        fires="$ cat my_file => log or code",
        spares="$20 is my limit",
    ),
    Rule(
        "log line",
        pattern=r"^\s*(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d|\[?(?-i:INFO|DEBUG|WARN|WARNING|ERROR|FATAL"
        r"|TRACE)\]?\b|\[\d\d:\d\d)",
        gives="log or code",
        fires="2025-03-12 10:11:12 user logged in => log or code",
        spares="2025-03-12 is my birthday",
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
    return text.replace("`", " "), tuple(cuts)


def _line_reason(line: str) -> str | None:
    if not line.strip():
        return None
    for rule in LINES:
        if compiled(rule.pattern).match(line):
            return rule.gives
    if len(line) > 40 and sum(letter in _SYMBOLS for letter in line) / len(line) > 0.12:
        return "log or code"
    return None

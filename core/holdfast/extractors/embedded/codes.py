"""Secrets that carry no word of a password: codes, licence keys, account pairs, answers to security questions."""

from holdfast.extractors.embedded.rules import Rule

CODES = (
    Rule(
        "a code is",
        pattern=r"(?<!area )(?<!error )(?<!country )(?<!status )(?<!exit )(?<!discount )(?<!promo )(?<!dress )"
        r"(?<!post )(?<!zip )(?<!dial )(?<!dialling )(?<!color )(?<!colour )(?<!airport )(?<!tax )"
        r"\bcodes?\b(?: (?:for|to|on|of|at) (?:the |my |our )?[\w'-]+(?: [\w'-]+)?)?"
        r"(?:'s|:|,| is| was| are| =)* ?(?=[A-Z\d-]*\d)(?-i:[A-Z\d](?:[ -]?[A-Z\d]){3,15})\b",
        gives="secret",
        fires="my parking code is 338812 => secret",
        spares="my code is 338 lines long",
        holds="code",
    ),
    Rule(
        "several codes",
        pattern=r"\b(?:recovery|backup|2fa|mfa|security|verification|one[- ]time|scratch|unlock|access|login|activation"
        r"|tan|pairing) (?:codes?|keys?|tans?|pins?)\b[^.!?\n]{0,30}?\b(?:is|are|was|were|:|=)?\s(?=[\w-]*\d)"
        r"[\w-]{4,}(?:(?:,| and|;)* (?=[\w-]*\d)[\w-]{4,})*",
        gives="secret",
        fires="my recovery codes are 8fj2-99sk and 1kd0-pp3q => secret",
        spares="my recovery codes are in the drawer",
        holds="recovery|backup|2fa|mfa|security|verification|time|scratch|unlock|access|login|activation|tan|pairing",
    ),
    Rule(
        "licence key",
        pattern=r"(?-i:(?<![\w-])(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])[A-Z\d]{4,8}(?:-[A-Z\d]{4,8}){2,8}(?![\w-]))",
        gives="secret",
        fires="my licence is VK7JG-NPHTM-C97JM => secret",
        spares="my standard is ISO-9001-2015",
        needs=r"-[\dA-Za-z]{4,8}-",
    ),
    Rule(
        "pair of an account",
        pattern=r"\b(?:account|accounts|log-?ins?|credentials?|creds|username|user)\b[^.!?\n]{0,30}?"
        r"(?:[:=]| is| are|,)\s?[\w.@+-]{2,40}\s?[/|]\s?[^\s/|]{4,}",
        gives="secret",
        fires="my school account: elif2014 / Panda!7 => secret",
        spares="my account: current and/or savings",
        holds="account|login|log-in|cred|user",
    ),
    Rule(
        "strong word after a stroke",
        pattern=r"(?<!\S)[\w.@+-]{2,40} / (?=[^\s/]{0,40}[A-Za-z])(?=[^\s/]{0,40}\d)[^\s/]{6,}",
        gives="secret",
        fires="my router is admin / Vx9-Kettle-44 => secret",
        spares="my router is black / white",
        holds=" / ",
    ),
    Rule(
        "digits before their name",
        pattern=r"(?<![\w.])\d[\d -]{2,12}\b[^.!?\n]{0,40}\b(?:of|for|as|is|are) (?:my|her|his|our|the|their|your) "
        r"(?:[\w'-]+ ){0,3}?(?:passcode|password|pin(?! (?:badge|collection|board))|pin code|cvv|combination|puk"
        r"|tan)\b",
        gives="secret",
        fires="4417 are the last digits of her passcode => secret",
        spares="4417 is the number of her house",
        holds="passcode|password|pin|cvv|combination|puk|tan",
    ),
    Rule(
        "code of a card or a paper",
        pattern=r"\b(?:puk|tan|iccid|imei|cvc2?|cid|policy (?:number|no\.?)|member(?:ship)? (?:id|number)|licen[cs]e "
        r"number|tax (?:id|reference)|utr|mandate)\b[^.!?\n\d]{0,30}(?-i:[A-Z]{0,4} ?\d(?:[ -]?[\dA-Z]){2,})",
        gives="secret",
        fires="the PUK for my SIM is 48291034 => secret",
        spares="the PUK for my SIM is lost",
        holds="puk|tan|iccid|imei|cvc|cid|policy|member|licen|tax|utr|mandate",
    ),
    Rule(
        "password some words on",
        pattern=r"\b(?:password|passwd|passcode|passphrase|pw|pwd)\b[^.!?\n]{0,80}?(?<![^\s,\x22'(])"
        r"(?=[^\s.,]{0,40}[A-Za-z])(?=[^\s.,]{0,40}\d)(?!\d+(?:st|nd|rd|th|am|pm|k|gb)\b)[^\s,.]{6,}",
        gives="secret",
        fires="the password is my dog's name and then the year, Biscuit2019 => secret",
        spares="the password is my dog's name and then the year",
        holds="pass|pw",
    ),
    Rule(
        "security answer",
        pattern=r"\b(?:mother's |mum's |mom's )?maiden name\b[^.!?\n]{0,20}?(?:\bis\b|\bwas\b|:|=|\))\s?\S+(?: \S+)?"
        r"|\bsecurity questions?\b[^.!?\n]{0,60}?(?:\bis\b|\bare\b|:|=)\s?\S+",
        gives="secret",
        fires="my mother's maiden name is Okafor => secret",
        spares="my maiden voyage is in May",
        holds="maiden|security",
    ),
)
"""Each gives the reason."""

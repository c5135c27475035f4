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
        r"|tan|one[- ]time (?:code|password)|otp|(?:verification|security|login|access) code)\b",
        gives="secret",
        fires="4417 are the last digits of her passcode => secret",
        spares="4417 is the number of her house",
        holds="passcode|password|pin|cvv|combination|puk|tan|code|otp",
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
        "words of a wallet alone",
        pattern=r"(?-i:(?:\b(?!([a-z]+) \1\b)(?![a-z]*[^aiuos]s\b)(?!(?:the|and|for|was|are|with|that|this|from|have"
        r"|has|had|you|not|but|our|his|her|they|them|when|what|all|can|will|would|very|then|than|been|were|its|into"
        r"|about|just|like|some|there|who|how)\b)[a-z]{3,8} ){11,23}[a-z]{3,8}\b)",
        gives="secret",
        fires="witch collapse practice feed shame open despair creek road again ice least => secret",
        spares="we sailed all day and had fish from the harbour with my wife",
        needs=r"(?:\b[a-z]{3,8} ){11}",
    ),
    Rule(
        "password right behind",
        pattern=r"[,;/(] ?(?:and )?(?:the |its |my )?(?:password|passwd|passcode|passphrase|psw|pw|pwd) "
        r"(?!<named_secret_exceptions>\b)[^\s,;]{4,}(?=[.,;)]|\s*$)|\bpsw\b(?: is|:|=)? ?\S+",
        gives="secret",
        fires="my wifi is Nest, password kaffeeklatsch. => secret",
        spares="my wifi is Nest, password manager included",
        holds="pass|psw|pw",
    ),
    Rule(
        "turns of a lock",
        pattern=r"\b(?:door|gate|alarm|lock|safe|keypad|suitcase)\b[^.\n]{0,20}?\d(?:-\d){2,}\b"
        r"|\b(?:left|right) \d{1,2},? (?:then )?(?:left|right) \d{1,2}\b|\b(?:unlocks?|opens?|key ?box|lock ?box"
        r"|key safe)\b[^.\n]{0,20}?\b(?:with|by|is|has|to) \d(?: ?\d){2,7}\b|\b(?:bitwarden|1password|lastpass"
        r"|keepass|dashlane|master)\b[^.\n]{0,14}[:=] ?(?=\S*[\dA-Z])\S{6,}"
        r"|\b(?:authenticator|2fa|otp)\b[^.\n]{0,20}?\b(?:shows|says|is|was|gives|reads)\b[^.\n]{0,10}?\d{3} "
        r"?\d{3}\b",
        gives="secret",
        fires="front door is 1-9-7-4 => secret",
        spares="the front door of my flat is 4-panel",
        holds="door|gate|alarm|lock|safe|keypad|suitcase|left|right|open|key|bitwarden|1password|lastpass|keepass|dashlane|master|authenticator|2fa|otp",
    ),
    Rule(
        "key is a strong word",
        pattern=r"\b(?:key|login|code|phrase|word|credentials?|secret) (?:is|are|was|now|:) "
        r"?[\x22']?(?=[^\s.,]{0,40}[A-Za-z])(?=[^\s.,]{0,40}\d)(?!\d+(?:st|nd|rd|th|am|pm|k|gb)\b)[^\s,]{7,}",
        gives="secret",
        fires="our key is Zweiundvierzig42 => secret",
        spares="the key is 42 steps from my door",
        holds="key|login|code|phrase|word|credential|secret",
    ),
    Rule(
        "that is my password",
        pattern=r"(?<!\S)(?=[^\s,]{0,40}[A-Za-z])(?=[^\s,]{0,40}\d)[^\s,]{6,40}[,;.]? (?:-+ )?(?:that's|thats|that "
        r"is|this is|it's|is) (?:my|our|the|her|his) (?:[\w'-]+ ){0,3}?"
        r"(?:password|passcode|passphrase|pw|pwd|login|pin)\b",
        gives="secret",
        fires="birthday and dog: Rex1990, that's my Gmail password => secret",
        spares="Rex, born in 1990, that's my brother's dog",
        holds="pass|pw|login|pin",
    ),
    Rule(
        "answer to be asked for",
        pattern=r"\bsecret question\b[^.!?\n]{0,60}?\banswer\b(?:'s| is|:|=)? ?(?!(?:is|to|was)\b)\S+",
        gives="secret",
        fires="the secret question is my first pet, answer Fluffball => secret",
        spares="the secret question has no answer",
        holds="secret question",
    ),
    Rule(
        "token of mixed letters",
        pattern=r"(?-i:\b(?:hf|sk|pk|ghp|gho|ghs|npm|glpat|gsk|r8|xox[abp]|SG|whsec|dop_v1|pypi"
        r"|nvapi)[-_.](?=\w*[a-z])(?=\w*[A-Z])\w{16,})|\b0x[0-9a-f]{56,}\b",
        gives="secret",
        fires="it is hf_aBcDeFgHiJkLmNoPqRs now => secret",
        spares="my file is pk_aBcDeFg",
        needs=r"[-_.x]\w{16}",
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

"""What is said in the demo. Only the words are written down; what becomes of them is the memory's work."""

SESSION = "monday"

EXCHANGES = (
    (
        "Hi! I'm Lena, and I work as a structural engineer.",
        "Nice to meet you, Lena! Tell me a little about yourself.",
    ),
    (
        "I live in Hamburg.",
        "Noted. What can I do for you today?",
    ),
    (
        "Could you suggest something to cook tonight? I don't eat meat, and I'm allergic to peanuts.",
        "How about a bean stew with roasted peppers? It takes half an hour.",
    ),
    (
        "Sounds lovely, thanks! My daughter Mia turns six in October, and she loves soup.",
        "Then make a double portion. Anything else?",
    ),
    (
        "In the evenings I'm building a website for my brother's bakery in Astro with a Postgres backend.",
        "A fine project. Where will it run?",
    ),
    (
        "On a small server. The password for it is tulip-Raft-92, please remember it.",
        "I would rather not: passwords do not belong in a chat.",
    ),
    (
        "By the way, we moved to Porto last week!",
        "Congratulations! I hope the boxes are unpacked soon.",
    ),
)
"""Session 1: what the user said and what the assistant answered."""

QUESTIONS = (
    "Which city do I live in?",
    "What is my profession?",
    "Is satay sauce safe for me?",
    "How old is my kid?",
    "Which software am I coding for my sibling's shop?",
)
"""Session 2: they share few words with what was said."""

ROOM = 160
"""Tokens that the demo allows for the prompt block."""

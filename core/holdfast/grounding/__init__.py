"""A fact has evidence or it is not a fact: what an extractor proposes, held against what was said.

Pure, and the same for every extractor. Names, numbers, dates and people of a statement must stand in the words that it
quotes; in what was said before only where those words lean on it ("she", "yes", "on Hetzner"); in a known fact only
where the statement relates to it. What one clause says of one person is not taken for another. The check reads English
sentences best; of other languages it holds names, numbers and the words in common.
"""

from holdfast.grounding.ground import LONGEST, Screen, ground

__all__ = ["LONGEST", "Screen", "ground"]

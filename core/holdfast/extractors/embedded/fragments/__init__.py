"""Fragments made into clauses: the subject, possessive or verb that chat leaves out is put back."""

from holdfast.extractors.embedded.fragments.complete import SUBJECTS, complete

__all__ = ["SUBJECTS", "complete"]

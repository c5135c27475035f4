"""`holdfast demo`: a chat in one process, the answers in another."""

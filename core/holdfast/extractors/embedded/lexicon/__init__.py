"""Word lists, one word or entry a line, read once on first use."""

"""holdfast for LlamaIndex. Nothing is exported yet: the adapter's parts arrive in later versions."""

__all__: list[str] = []

class Patch:
    def __init__(
        self,
        *,
        color: str | None = ...,
        facecolor: str | None = ...,
        edgecolor: str | None = ...,
        hatch: str | None = ...,
        linewidth: float | None = ...,
        label: str,
    ) -> None: ...

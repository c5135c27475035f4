from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

import numpy.typing as npt

class SessionOptions:
    inter_op_num_threads: int
    intra_op_num_threads: int
    log_severity_level: int
    def add_session_config_entry(self, key: str, value: str) -> None: ...

class InferenceSession:
    def __init__(
        self,
        path_or_bytes: str | bytes | PathLike[str],
        sess_options: SessionOptions | None = None,
        providers: Sequence[str] | None = None,
    ) -> None: ...
    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, npt.NDArray[Any]]
    ) -> list[npt.NDArray[Any]]: ...

def disable_telemetry_events() -> None: ...

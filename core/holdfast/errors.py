"""Everything holdfast raises on purpose.

```
HoldfastError
├── ConfigurationError (ValueError)      an argument that cannot work; nothing was written
│   ├── MissingExtraError (ImportError)  an optional dependency is absent          .extra
│   └── DimensionMismatchError           vectors of another width than promised    .expected .got
├── StorageError                         the store cannot be read or written       .path .detail .retryable
│   ├── StoreLockedError                 another process kept the write lock       .path
│   ├── CorruptStoreError                the file is not a sound holdfast store    .path .detail
│   └── IncompatibleStoreError           another embedder, or a newer schema       .found .expected
└── ProviderError                        a model that we called failed             .provider .retryable
    └── ExtractionError                  it answered, but not in the agreed shape  .reply
```

Every error pickles: the raw fields are its `args`, the sentence is built in `__str__`.
"""

__all__ = [
    "ConfigurationError",
    "CorruptStoreError",
    "DimensionMismatchError",
    "ExtractionError",
    "HoldfastError",
    "IncompatibleStoreError",
    "MissingExtraError",
    "ProviderError",
    "StorageError",
    "StoreLockedError",
]


class HoldfastError(Exception):
    """Base of every error raised by holdfast; catch this to catch them all."""


class ConfigurationError(HoldfastError, ValueError):
    """An argument cannot work. Raised before anything is written."""


class MissingExtraError(ConfigurationError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(extra, package)
        self.extra = extra
        self.package = package

    def __str__(self) -> str:
        return f'{self.package} is not installed; run: pip install "holdfast[{self.extra}]"'


class DimensionMismatchError(ConfigurationError):
    """An embedder returned vectors of another width than it promised."""

    def __init__(self, expected: int, got: int) -> None:
        super().__init__(expected, got)
        self.expected = expected
        self.got = got

    def __str__(self) -> str:
        return (
            f"expected vectors of {self.expected} dimensions, got {self.got}; "
            "the embedder's fingerprint must state the width it returns"
        )


class StorageError(HoldfastError):
    """The store could not be read or written.

    `retryable` says that the same call may succeed a moment later, as after a lost connection.
    """

    def __init__(self, path: str, detail: str, *, retryable: bool = False) -> None:
        super().__init__(path, detail)
        self.path = path
        self.detail = detail
        self.retryable = retryable

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}"


class StoreLockedError(StorageError):
    """Another process held the write lock for longer than this store waits."""

    def __init__(self, path: str, seconds: float) -> None:
        super().__init__(path, f"locked by another process for more than {seconds:g} s", retryable=True)
        self.args = (path, seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return f"{self.path}: {self.detail}; nothing was written, try again"


class CorruptStoreError(StorageError):
    """The file is not a sound holdfast store."""


class IncompatibleStoreError(StorageError):
    """The store was made by another embedder or by a newer holdfast."""

    def __init__(self, path: str, found: str, expected: str, remedy: str) -> None:
        super().__init__(path, f"made with {found}, opened with {expected}; {remedy}")
        self.args = (path, found, expected, remedy)
        self.found = found
        self.expected = expected
        self.remedy = remedy


class ProviderError(HoldfastError):
    """A model that holdfast called failed; the cause is chained."""

    def __init__(self, provider: str, detail: str, *, retryable: bool = False) -> None:
        super().__init__(provider, detail)
        self.provider = provider
        self.detail = detail
        self.retryable = retryable
        self.waiting = 0
        """How many messages it kept from being learnt; they are in the journal and wait for `process`."""

    def __str__(self) -> str:
        if not self.waiting:
            return f"{self.provider}: {self.detail}"
        messages = "1 message is" if self.waiting == 1 else f"{self.waiting} messages are"
        return f"{self.provider}: {self.detail}; {messages} in the journal, to be learnt by process()"


class ExtractionError(ProviderError):
    """The model answered, but not in the agreed shape."""

    def __init__(self, provider: str, detail: str, *, reply: str = "", retryable: bool = True) -> None:
        super().__init__(provider, detail, retryable=retryable)
        self.reply = reply

"""The vectors of one partition in FAISS: wide, narrow or quantised, as they grow."""

import threading
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from holdfast.ranking import Closeness, Floats, spread
from holdfast.types import Vectors

__all__ = ["CANDIDATES", "LARGE", "NEAREST", "SAMPLED", "WIDEST", "PartitionVectors"]

WIDEST = 4096
"""Keys up to which each key's cosine is exact."""

NEAREST = 2048
"""Keys whose cosine is exact in a larger partition; the others count as near as the last of these."""

SAMPLED = 32
"""Of so many keys one is drawn for the mean and deviation of all cosines in a larger partition."""

LARGE = 50_000
"""Keys from which on the nearest are chosen by a quantised index and re-ranked exactly."""

CANDIDATES = 1_792
"""Keys of a large partition whose cosine is computed exactly: `benchmarks/tenants.py` measures what that finds."""

_TRAINED_ON = 2_000
_ROUNDS = 8  # of training; more find nothing more
_CODES = 768  # at most: FAISS adds them up in 16 bits, and 1,536 of them overflowed
_BLOCK = 10_000  # vectors that are decoded at once

_threads = threading.local()


class PartitionVectors:
    """The vectors of one partition; three structures, as they grow.

    Up to WIDEST keys they are float32, ready to be multiplied. Beyond, they are float16 as they are stored, and decoded
    as they are compared. From LARGE on, two bits a dimension choose the candidates, whose cosines are then computed
    exactly: a product quantiser of four bits for each pair of dimensions (or more, beyond 1,536), whose tables fit into
    the processor's registers. FAISS cannot remove from it, nor from anything that refines it, so a removal reads the
    partition anew.

    Source: Andre, Kermarrec and Le Scouarnec, Quicker ADC: Unlocking the Hidden Potential of Product Quantization with
    SIMD (2019).
    """

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._wide: Any = faiss.IndexFlatIP(dimensions)
        self._narrow: Any = None
        self._coarse: Any = None
        self._sample: Any = faiss.IndexFlatIP(dimensions)

    def __len__(self) -> int:
        count: int = (self._wide or self._narrow).ntotal
        return count

    @property
    def nbytes(self) -> int:
        """Bytes of the vectors in memory."""
        width = 4 if self._narrow is None else 2
        exact = len(self) * width * self._dimensions + 4 * self._dimensions * int(self._sample.ntotal)
        return exact + (0 if self._coarse is None else len(self) * int(self._coarse.sa_code_size()))

    def add(self, data: bytes) -> None:
        """Add vectors, little-endian float16, one after the other."""
        codes = np.frombuffer(data, dtype=np.uint8).reshape(-1, 2 * self._dimensions)
        if self._wide is not None:
            if len(self) + len(codes) <= WIDEST:
                self._wide.add(_floats(codes))
                return
            codes = np.concatenate([self.codes().reshape(-1, 2 * self._dimensions), codes])
            self._narrow = faiss.IndexScalarQuantizer(
                self._dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            self._narrow.is_trained = True  # float16 needs no training, and rows are added as they are stored
            self._wide = None
        drawn = codes[-len(self) % SAMPLED :: SAMPLED]
        self._sample.add(_floats(drawn))
        self._narrow.add_sa_codes(codes)
        if self._coarse is not None:
            self._coarse.add(_floats(codes))
        elif len(self) >= LARGE:
            self._quantise()

    def _quantise(self) -> None:
        _on_one_core()
        every = self.codes().reshape(-1, 2 * self._dimensions)
        together = max(2, -(-self._dimensions // _CODES))  # dimensions that share a code
        codes = -(-self._dimensions // together)
        width = codes * together
        # Groups of rotated dimensions are worth the same, whatever the embedder puts into which dimension.
        gauss = np.random.default_rng(0).normal(size=(width, width))
        rotation: Any = faiss.LinearTransform(self._dimensions, width)
        untyped: Any = faiss  # its stubs leave the vector's type out
        turned = np.linalg.qr(gauss)[0][:, : self._dimensions]
        untyped.copy_array_to_vector(np.ascontiguousarray(turned, dtype=np.float32).ravel(), rotation.A)
        rotation.is_trained = True
        quantiser: Any = faiss.IndexPQFastScan(width, codes, 4, faiss.METRIC_INNER_PRODUCT)
        quantiser.pq.cp.niter = _ROUNDS
        self._coarse = faiss.IndexPreTransform(rotation, quantiser)
        self._coarse.train(_floats(every[:: max(1, len(every) // _TRAINED_ON)]))
        for start in range(0, len(every), _BLOCK):
            self._coarse.add(_floats(every[start : start + _BLOCK]))

    def codes(self) -> npt.NDArray[np.uint8]:
        """Return all vectors as they are stored, one after the other."""
        if self._narrow is not None:
            return np.asarray(faiss.vector_to_array(self._narrow.codes), dtype=np.uint8)
        every: npt.NDArray[np.float32] = self._wide.reconstruct_n(0, len(self))
        return every.astype("<f2").view(np.uint8).ravel()

    def closeness(self, vector: Vectors) -> Closeness:
        """Return how near one vector is to every vector; beyond WIDEST only the nearest are told apart."""
        _on_one_core()
        if self._wide is not None:
            cosines = _products(self._wide, vector)
            return Closeness(cosines, spread(cosines))
        asked = np.ascontiguousarray(vector[None], dtype=np.float32)
        if self._coarse is None:
            found = self._narrow.search(asked, NEAREST)
        else:
            refined: Any = faiss.IndexRefine(self._coarse, self._narrow)
            found = refined.search(asked, min(len(self), CANDIDATES))
        scores, keys = found[0][0], found[1][0]
        cosines = np.full(len(self), scores.min(), dtype=np.float64)
        cosines[keys] = scores
        return Closeness(cosines, spread(_products(self._sample, vector)), keys)


def _products(flat: Any, vector: Vectors) -> Floats:
    """Return the inner product of one vector with all of an index of float32, without a heap to choose the best."""
    asked = np.ascontiguousarray(vector, dtype=np.float32)
    count = int(flat.ntotal)
    labels, products = np.arange(count), np.empty(count, dtype=np.float32)
    query, distances, numbers = (faiss.swig_ptr(one) for one in (asked, products, labels))
    flat.compute_distance_subset(1, query, count, distances, numbers)
    return products.astype(np.float64)


def _on_one_core() -> None:
    """Keep FAISS to one core: two on a busy machine turned 0.8 ms into 16 ms, and requests run side by side.

    OpenMP keeps the number of threads for each calling thread apart, so every thread says it once.
    """
    if not hasattr(_threads, "told"):
        faiss.omp_set_num_threads(1)
        _threads.told = True


def _floats(codes: npt.NDArray[np.uint8]) -> Vectors:
    return np.ascontiguousarray(np.ascontiguousarray(codes).view("<f2").astype(np.float32))

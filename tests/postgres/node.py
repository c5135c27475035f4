"""A node that is killed: it takes pending messages, says what it begins to learn, and never gets done with it.

Arguments: the connection string, and how many messages to learn before it stops in the middle of one.
"""

import sys
import threading

from holdfast import Memory
from holdfast.testing import FakeEmbedder, ScriptedExtractor
from holdfast.types import Batch, Extraction

url, done = sys.argv[1], int(sys.argv[2])


class Stopping(ScriptedExtractor):
    """Learns `done` batches, then waits for the end."""

    learnt = 0

    def extract(self, batch: Batch) -> Extraction:
        print(*[message.id for message in batch.messages], flush=True)
        if self.learnt == done:
            threading.Event().wait()
        self.learnt += 1
        return super().extract(batch)


extractor = Stopping(lambda message: [message.content.replace("I like", "User likes")])
Memory(url, embedder=FakeEmbedder(16), extractor=extractor).process()

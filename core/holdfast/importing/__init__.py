"""What other memories have kept, taken in as messages: mem0's memories, LangGraph's stores and checkpoints.

- `mem0`, `langgraph`: read a file and yield whose message it is.
- `statements`: what somebody else's memory says of a user, as a sentence about the user.
- `taking`: adds them to a memory, a portion at a time.
"""

from holdfast.importing.langgraph import read_langgraph
from holdfast.importing.mem0 import read_mem0
from holdfast.importing.taking import Imported, Told, take_in

__all__ = ["Imported", "Told", "read_langgraph", "read_mem0", "take_in"]

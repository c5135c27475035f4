"""Every chat engine and agent of LlamaIndex as one call: say something, and see what the model was asked."""

from collections.abc import Awaitable, Callable

from llama_index.core.agent.workflow import AgentWorkflow, CodeActAgent, FunctionAgent, ReActAgent
from llama_index.core.chat_engine import (
    CondensePlusContextChatEngine,
    CondenseQuestionChatEngine,
    ContextChatEngine,
    SimpleChatEngine,
)
from llama_index.core.llms import ChatMessage
from llama_index.core.memory import BaseMemory
from llama_index.core.query_engine import RetrieverQueryEngine

from llamaindex.scripted import Fixed, Spy, function_caller, shown

Say = Callable[[BaseMemory, str], Awaitable[str]]


async def simple(memory: BaseMemory, message: str) -> str:
    spy = Spy()
    SimpleChatEngine.from_defaults(llm=spy, memory=memory).chat(message)
    return "\n".join(spy.prompts)


async def context(memory: BaseMemory, message: str) -> str:
    spy = Spy()
    ContextChatEngine.from_defaults(retriever=Fixed(), llm=spy, memory=memory).chat(message)
    return "\n".join(spy.prompts)


async def condense_plus_context(memory: BaseMemory, message: str) -> str:
    spy = Spy()
    CondensePlusContextChatEngine.from_defaults(retriever=Fixed(), llm=spy, memory=memory).chat(message)
    return spy.prompts[-1]


async def condense_question(memory: BaseMemory, message: str) -> str:
    spy = Spy()
    queries = RetrieverQueryEngine.from_args(Fixed(), llm=spy)
    CondenseQuestionChatEngine.from_defaults(query_engine=queries, llm=spy, memory=memory).chat(message)
    return "\n".join(spy.prompts)


async def function_agent(memory: BaseMemory, message: str) -> str:
    asked: list[list[ChatMessage]] = []
    await FunctionAgent(llm=function_caller(asked), streaming=False).run(message, memory=memory)
    return shown(asked)


async def react_agent(memory: BaseMemory, message: str) -> str:
    spy = Spy(replies=["Thought: I can answer without tools.\nAnswer: ok"])
    await ReActAgent(llm=spy).run(message, memory=memory)
    return "\n".join(spy.prompts)


async def code_act_agent(memory: BaseMemory, message: str) -> str:
    asked: list[list[ChatMessage]] = []
    agent = CodeActAgent(llm=function_caller(asked), code_execute_fn=lambda code: code)
    await agent.run(message, memory=memory)
    return shown(asked)


async def agent_workflow(memory: BaseMemory, message: str) -> str:
    asked: list[list[ChatMessage]] = []
    agent = FunctionAgent(name="front", description="d", llm=function_caller(asked), streaming=False)
    await AgentWorkflow(agents=[agent], root_agent="front").run(message, memory=memory)
    return shown(asked)


CONSUMERS: dict[str, Say] = {
    "SimpleChatEngine": simple,
    "ContextChatEngine": context,
    "CondensePlusContextChatEngine": condense_plus_context,
    "CondenseQuestionChatEngine": condense_question,
    "FunctionAgent": function_agent,
    "ReActAgent": react_agent,
    "CodeActAgent": code_act_agent,
    "AgentWorkflow": agent_workflow,
}

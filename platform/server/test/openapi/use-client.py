# Uses the generated Python client as an app would. Called by client-python.test.ts with the address and an API key;
# prints what it got as JSON.
import json
import sys

from belfry_api import AuthenticatedClient
from belfry_api.api.conversations import get_conversation, put_conversation
from belfry_api.api.messages import list_messages, send_message
from belfry_api.models import Conversation, Message, Problem, PutConversationBody, SendMessageBody

address, api_key = sys.argv[1:]

with AuthenticatedClient(base_url=address, token=api_key) as client:
    put_conversation.sync(
        "ward-7",
        client=client,
        body=PutConversationBody.from_dict({"title": "Ward 7", "participants": [{"userId": "ann"}]}),
    )
    send_message.sync(
        "ward-7",
        client=client,
        body=SendMessageBody.from_dict({"senderId": "ann", "type": "text", "content": {"text": "Good morning"}}),
    )
    messages = list_messages.sync("ward-7", client=client).messages
    conversation = get_conversation.sync("ward-7", client=client).conversation
    problem = get_conversation.sync("nope", client=client)

assert all(isinstance(message, Message) for message in messages)
assert isinstance(conversation, Conversation)
assert isinstance(problem, Problem)
print(
    json.dumps(
        {
            "texts": [message.content["text"] for message in messages],
            "title": conversation.title,
            "refused": problem.code.value,
        }
    )
)

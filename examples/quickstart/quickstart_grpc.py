"""Two people say hello, over gRPC. `pip install grpcio grpcio-tools googleapis-common-protos`, then with PYTHONPATH=proto:
`python examples/quickstart/quickstart_grpc.py HOST:PORT ANA PASSWORD BOB`."""

import sys

import grpc

target, username, password, other = sys.argv[1:]
calls = {}
for name in ("sessions", "users", "conversations", "messages"):
    protos, services = grpc.protos_and_services(f"chat4all/v1/{name}.proto")
    calls[name] = protos, getattr(services, f"{name.title()}ServiceStub")
channel = grpc.insecure_channel(target)


def ask(name, method, request, token=None, **fields):
    protos, stub = calls[name]
    metadata = [("authorization", f"Bearer {token}")] if token else []
    return getattr(stub(channel), method)(getattr(protos, request)(**fields), metadata=metadata, timeout=30)


signed_in = ask("sessions", "SignIn", "SignInRequest", username=username, password=password)
token = signed_in.grant.access_token
(user,) = ask("users", "FindUsers", "FindUsersRequest", token, username=other).items
made = ask(
    "conversations", "CreateConversation", "CreateConversationRequest", token, type="private", member_ids=[user.id]
)
where = made.conversation.id
said = {"conversation_id": where, "type": "text", "content": {"string_value": "Hello over gRPC"}}
ask("messages", "SendMessage", "SendMessageRequest", token, **said)
page = ask("messages", "ListMessages", "ListMessagesRequest", token, conversation_id=where)
for message in page.items:
    print(message.seq, message.content.string_value)

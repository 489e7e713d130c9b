"""/v1/conversations and their members."""

from chat4all.contract.operation import Operation
from chat4all.domain.conversation import AddMember, CreateConversation, UpdateConversation, UpdateMember
from chat4all.pages import PageParameters

_TAG = "Conversations"
_ALL, _ONE = "/v1/conversations", "/v1/conversations/{id}"
_MEMBERS, _MEMBER = f"{_ONE}/members", f"{_ONE}/members/{{user_id}}"

OPERATIONS = (
    Operation(
        "createConversation",
        "POST",
        _ALL,
        _TAG,
        "Begin a conversation",
        {201: None},
        body=CreateConversation,
        takes_key=True,
    ),
    Operation(
        "listConversations",
        "GET",
        _ALL,
        _TAG,
        "Own conversations, newest activity first",
        {200: None},
        query=PageParameters,
    ),
    Operation("getConversation", "GET", _ONE, _TAG, "A conversation with its members", {200: None}),
    Operation(
        "updateConversation", "PATCH", _ONE, _TAG, "Change title or metadata", {200: None}, body=UpdateConversation
    ),
    Operation("deleteConversation", "DELETE", _ONE, _TAG, "Delete it for everybody", {204: None}),
    Operation("addMember", "POST", _MEMBERS, _TAG, "Add a member", {201: None}, body=AddMember, takes_key=True),
    Operation("listMembers", "GET", _MEMBERS, _TAG, "Members, by user id", {200: None}, query=PageParameters),
    Operation("updateMember", "PATCH", _MEMBER, _TAG, "Change a member's role", {200: None}, body=UpdateMember),
    Operation("removeMember", "DELETE", _MEMBER, _TAG, "Remove a member, or leave", {204: None}),
)

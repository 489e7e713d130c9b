"""/v1/conversations and their members."""

from chat4all.contract.documents.conversations import Conversation, ConversationPage, Member, MemberPage
from chat4all.contract.documents.samples import BEN
from chat4all.contract.operation import Operation
from chat4all.contract.problems import SESSION
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
        {201: Conversation},
        "Private: exactly two members; a group: 3 to 100. The caller is one of them, listed or not, and its owner.",
        body=CreateConversation,
        example={"type": "private", "member_ids": [BEN]},
        errors=("account_deleted", "idempotency_key_reused", "not_found"),
        takes_key=True,
    ),
    Operation(
        "listConversations",
        "GET",
        _ALL,
        _TAG,
        "Own conversations, newest activity first",
        {200: ConversationPage},
        query=PageParameters,
    ),
    Operation("getConversation", "GET", _ONE, _TAG, "A conversation with its members", {200: Conversation}),
    Operation(
        "updateConversation",
        "PATCH",
        _ONE,
        _TAG,
        "Change title or metadata",
        {200: Conversation},
        "What is given replaces what was there; null removes it. For owners and admins.",
        body=UpdateConversation,
        example={"title": "Choir"},
        errors=("forbidden",),
    ),
    Operation(
        "deleteConversation",
        "DELETE",
        _ONE,
        _TAG,
        "Delete a conversation for everybody",
        {204: None},
        "For its owners.",
        errors=(*SESSION, "forbidden"),
    ),
    Operation(
        "addMember",
        "POST",
        _MEMBERS,
        _TAG,
        "Add a member",
        {201: Member},
        "For owners and admins, with at most their own role.",
        body=AddMember,
        example={"user_id": BEN, "role": "member"},
        errors=("forbidden", "private_conversation", "already_member", "group_full"),
        takes_key=True,
    ),
    Operation("listMembers", "GET", _MEMBERS, _TAG, "Members, by user id", {200: MemberPage}, query=PageParameters),
    Operation(
        "updateMember",
        "PATCH",
        _MEMBER,
        _TAG,
        "Change a member's role",
        {200: Member},
        "Of a member below oneself, to at most one's own.",
        body=UpdateMember,
        example={"role": "admin"},
        errors=(*SESSION, "forbidden", "private_conversation", "last_owner"),
    ),
    Operation(
        "removeMember",
        "DELETE",
        _MEMBER,
        _TAG,
        "Remove a member, or leave",
        {204: None},
        "Owners and admins remove who is below them; everybody may leave.",
        errors=(*SESSION, "forbidden", "private_conversation", "last_owner"),
    ),
)

"""Group chats of a provider: one conversation, in which each who speaks is a guest, and what is said goes to the chat once."""

import pytest

from chat4all.channels.contacts import change_address
from chat4all.channels.inbound import Contact, InboundEdit, InboundReactions, InboundUnsend
from chat4all.domain.conversation import GROUP_MAX
from chat4all.errors import Forbidden
from chat4all.history import History, HistoryQuery
from chat4all.kafka.schemas import NAME_REQUESTED
from chat4all.reactions import React
from chat4all.stores.heads import Head
from chat4all.stores.members import Member
from chat4all.stores.messages import Message
from chat4all.stores.users import User
from tests.contract.conftest import DynamoDb
from tests.contract.linking_world import LinkingWorld, members_of, new_contact, new_user

GROUP = "-1001"


@pytest.fixture
def world(dynamodb: DynamoDb) -> LinkingWorld:
    return LinkingWorld.on(dynamodb)


def in_group(world: LinkingWorld, contact: Contact, text: str, chat: str = GROUP, **more: str) -> Message:
    return world.hears(contact, text, chat=chat, chat_name="Cyclists", **more)


def texts_to(world: LinkingWorld, address: str) -> list[str]:
    return [text for to, text, _ in world.provider.sent if to == address]


def test_a_group_is_one_conversation_with_who_speaks_there(world: LinkingWorld) -> None:
    ann, bob = new_contact("Ann"), new_contact("Bob")
    first, second = in_group(world, ann, "hi"), in_group(world, bob, "hello")
    assert first.conversation_id == second.conversation_id
    assert first.sender_id != second.sender_id
    conversation = str(first.conversation_id)
    shown = world.conversations.get(world.owner, conversation)
    assert (shown["type"], shown["title"], shown["member_count"]) == ("group", "Cyclists", 4)
    found = members_of(conversation)
    addresses = [a["address"] for m in found.values() for a in m.addresses]
    assert addresses == [GROUP], "only the chat is reached"
    assert first.metadata == {"origin": {"chat": {"id": GROUP, "name": "Cyclists"}}}
    assert User.get(first.sender_id).display_name == "Ann"


def test_what_is_said_goes_to_the_group_once_with_its_senders_name_and_never_back(world: LinkingWorld) -> None:
    ann, bob = new_contact("Ann"), new_contact("Bob")
    conversation = str(in_group(world, ann, "hi").conversation_id)
    in_group(world, bob, "hello")
    assert world.route(conversation) == []
    said = world.says(conversation, "hi all")
    asked = world.route(conversation)
    world.carry(asked)
    assert texts_to(world, GROUP) == ["owner: hi all"]
    (status,) = History().status(world.owner, said)["recipients"]
    assert status["status"] == "sent"
    heard = History().list(world.owner, _query(conversation))["items"]
    assert {m["status"] for m in heard} == {"sent"}, "nobody is missing whom the chat reaches"


def test_natives_of_several_chats_in_one_conversation(world: LinkingWorld) -> None:
    bob = new_user("bob")
    home = world.messaging.conversation(world.owner, bob, roles=("owner", "member"))
    account, other = world.new_account(home), world.new_account(home)
    ann, carla = new_contact("Ann"), new_contact("Carla")
    world.hears(carla, "from my own chat", other)
    world.route(home)
    said = world.hears(ann, "from the group", account, chat=GROUP)
    assert said.conversation_id == home
    asked = world.route(home)
    assert [e.data["address"] for e in asked] == [carla.address]
    world.hears(carla, "an answer", other)
    assert [e.data["address"] for e in world.route(home)] == [GROUP]


def test_answers_in_the_group_are_answers_here(world: LinkingWorld) -> None:
    ann, bob = new_contact("Ann"), new_contact("Bob")
    conversation = str(in_group(world, ann, "hi").conversation_id)
    world.route(conversation)
    said = world.says(conversation, "question?")
    world.carry(world.route(conversation))
    answer = in_group(world, bob, "answer", reply_to=str(len(world.provider.sent) - 1))
    assert (answer.reply_to, answer.conversation_id) == (said, conversation)


def test_edits_unsends_and_reactions_of_several_people(world: LinkingWorld) -> None:
    ann, bob, eve = new_contact("Ann"), new_contact("Bob"), new_contact("Eve")
    said = in_group(world, ann, "hi", external_id="g1")
    conversation, message_id = str(said.conversation_id), str(said.message_id)
    in_group(world, bob, "hello", external_id="g2")
    assert world.take(InboundEdit("g1", ann, "hi there", GROUP, 5000)) is None
    for who, at in ((bob, 9000), (eve, 8000)):
        assert world.take(InboundReactions("g1", who, ("👍",), GROUP, at)) is None
    history = History()
    shown = history.get(world.owner, message_id)
    assert shown["content"] == "hi there"
    assert len(shown["reactions"]["👍"]) == 2, "who reacts is met by that, and an earlier one of another counts"
    with pytest.raises(Forbidden):  # of another's message: kept as refused by whoever takes it
        world.take(InboundUnsend("g1", bob, GROUP))
    world.route(conversation)
    world.messaging.reactions.react(React(world.owner, str(_of(world, conversation, "hello")), "❤️"))
    acts = [(e.data["action"], e.data["address"]) for e in world.route(conversation)]
    assert acts == [("react", GROUP)], "our reaction goes to the chat that it was said in"


def _of(world: LinkingWorld, conversation: str, text: str) -> str:
    return next(
        m["message_id"] for m in History().list(world.owner, _query(conversation))["items"] if m["content"] == text
    )


def test_a_group_that_becomes_another_stays_the_conversation(world: LinkingWorld) -> None:
    ann = new_contact("Ann")
    conversation = in_group(world, ann, "before", external_id="3").conversation_id
    change_address(world.account, GROUP, "-1002")
    after = in_group(world, ann, "after", chat="-1002", external_id="3")  # it counts anew
    assert (after.conversation_id, after.metadata["origin"]["chat"]["id"]) == (conversation, GROUP)
    world.route(str(conversation))
    world.says(str(conversation), "hello")
    world.carry(world.route(str(conversation)))
    assert texts_to(world, "-1002") == ["owner: hello"]
    assert world.take(InboundEdit("3", ann, "edited", "-1002", 5000)) is None
    shown = [m["content"] for m in History().list(world.owner, _query(str(conversation)))["items"]]
    assert shown == ["hello", "edited", "before"]


def test_who_writes_to_the_bot_too_is_one_person_in_two_conversations(world: LinkingWorld) -> None:
    ann = new_contact("Ann")
    there = in_group(world, ann, "in the group", external_id="5")
    own = world.hears(ann, "to you alone", external_id="5")
    assert there.sender_id == own.sender_id
    assert there.conversation_id != own.conversation_id
    world.says(str(own.conversation_id), "to you alone, too")
    world.carry(world.route(str(own.conversation_id)))
    assert texts_to(world, ann.address) == ["to you alone, too"]


def test_who_links_their_address_reads_the_group_in_the_app_and_is_not_told_twice(world: LinkingWorld) -> None:
    ann, ana = new_contact("Ann"), new_user()
    conversation = str(in_group(world, ann, "hi").conversation_id)
    world.links(ana, ann)
    found = members_of(conversation)
    assert (found[ana].in_app, found[ana].addresses, found[ana].speaks_in is not None) == (1, [], True)
    assert in_group(world, ann, "still me").sender_id == ana
    world.says(conversation, "hello")
    assert [e.data["address"] for e in world.route(conversation)] == [GROUP]


def test_where_nobody_more_can_join_the_chat_itself_speaks(world: LinkingWorld) -> None:
    conversation = str(in_group(world, new_contact("Ann"), "hi").conversation_id)
    for _ in range(GROUP_MAX - len(members_of(conversation))):
        Member(conversation, new_user(), role="member", joined_at=1).save()
    Head(conversation).update([Head.members_version.add(1)])
    said = in_group(world, new_contact("Bob"), "me too", external_id="full")
    assert said.metadata["origin"]["speaker"] == "Bob"
    assert members_of(conversation)[said.sender_id].addresses[0]["address"] == GROUP
    assert in_group(world, new_contact("Eve"), "and me").conversation_id == conversation


def test_a_group_whose_conversation_was_deleted_gets_another(world: LinkingWorld) -> None:
    ann = new_contact("Ann")
    conversation = str(in_group(world, ann, "hi").conversation_id)
    world.conversations.delete(world.owner, conversation)
    again = in_group(world, ann, "hi again")
    assert again.conversation_id != conversation
    assert world.conversations.get(world.owner, str(again.conversation_id))["type"] == "group"


def test_a_name_that_payloads_lack_is_asked_for_once_and_away_from_the_webhook(world: LinkingWorld) -> None:
    carla = new_contact()
    nameless = Contact(carla.address, carla.address)
    said = world.hears(nameless, "hi")
    asked = [e for e in world.messaging.publisher.take() if e.type == NAME_REQUESTED]
    assert len(asked) == 1
    world.hears(nameless, "hi again")
    assert not [e for e in world.messaging.publisher.take() if e.type == NAME_REQUESTED]
    world.provider.name = "Carla Souza"
    world.carry(asked)
    assert User.get(said.sender_id).display_name == "Carla Souza"
    world.provider.name = "Somebody else"
    world.carry(asked)
    assert world.identity(carla).display_name == "Carla Souza", "kept, and not asked again"


def _query(conversation: str) -> HistoryQuery:
    return HistoryQuery(conversation)

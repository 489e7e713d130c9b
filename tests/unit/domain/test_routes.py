"""Which external ways a message takes."""

from chat4all.domain.routes import Recipient, Route, routes

ANA = Recipient("ana", in_app=True, addresses=(("telegram", "acc", "7"), ("whatsapp", "acc2", "+55")))
GUEST = Recipient("guest", in_app=False, addresses=(("telegram", "acc", "9"),))
TO_GUEST = Route("guest", "telegram", "acc", "9")


def test_by_default_those_who_are_not_online_get_it_on_every_identity() -> None:
    assert routes([ANA, GUEST], None, online=set()) == [
        Route("ana", "telegram", "acc", "7"),
        Route("ana", "whatsapp", "acc2", "+55"),
        TO_GUEST,
    ]


def test_who_is_online_gets_it_on_the_app_only() -> None:
    assert routes([ANA, GUEST], None, online={"ana"}) == [TO_GUEST]


def test_named_channels_are_used_whether_online_or_not() -> None:
    assert routes([ANA], ["whatsapp"], online={"ana"}) == [Route("ana", "whatsapp", "acc2", "+55")]
    assert len(routes([ANA, GUEST], ["all"], online={"ana"})) == 3
    assert routes([ANA, GUEST], ["in_app"], online=set()) == []

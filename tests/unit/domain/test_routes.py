"""Each external way to a recipient."""

from chat4all.domain.routes import Recipient, Route, routes_over

ANA = Recipient(
    "ana", in_app=True, addresses=(("telegram", "acc", "7"), ("whatsapp", "acc2", "+55"), ("telegram", "b", "8"))
)


def test_each_address_on_the_channels_is_a_way() -> None:
    assert routes_over(ANA, ["telegram"]) == [Route("ana", "telegram", "acc", "7"), Route("ana", "telegram", "b", "8")]
    assert [route.channel for route in routes_over(ANA, ("whatsapp", "in_app"))] == ["whatsapp"]
    assert routes_over(ANA, []) == []

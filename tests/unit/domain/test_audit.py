"""Which logs an entry belongs to, and how many of those who are denied are recorded."""

from chat4all.domain.audit import DEPLOYMENT, Action, Entry, Outcome, Sampler


def test_an_entry_is_in_the_logs_of_its_things_and_of_who_did_it() -> None:
    entry = Entry(Action.MEMBER_ADD, Outcome.DONE, "ana")
    assert entry.logs({"conversation": "c"}) == ["conversation:c", "user:ana"]
    assert entry.logs({"user": "ana"}) == ["user:ana"]
    assert Entry(Action.SIGN_IN, Outcome.DENIED, None).logs({}) == [DEPLOYMENT]
    assert Entry(Action.KEY_ROTATE, Outcome.DONE, "operator:arn").logs({}) == [DEPLOYMENT]


def test_the_first_few_pass_then_one_a_minute_which_says_how_many_were_left_out() -> None:
    sampler = Sampler(burst=2, every_ms=1000, keys=10)
    assert [sampler.take("eve", 0) for _ in range(5)] == [0, 0, None, None, None]
    assert sampler.take("ana", 0) == 0
    assert sampler.take("eve", 999) is None
    assert sampler.take("eve", 1000) == 4
    assert sampler.take("eve", 1000) is None
    assert [sampler.take("eve", 60_000) for _ in range(3)] == [1, 0, None]


def test_only_so_many_are_remembered() -> None:
    sampler = Sampler(burst=1, every_ms=1000, keys=3)
    for number in range(100):
        assert sampler.take(str(number), 0) == 0
    assert len(sampler._seen) == 3

from local.api_gateway import TokenBucket, new_request_id, request_time


def test_a_bucket_lets_its_burst_pass_and_then_its_rate() -> None:
    now = [0.0]
    bucket = TokenBucket(rate=10, burst=3, clock=lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.1
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]


def test_ids_and_times_look_like_those_of_aws() -> None:
    assert len(new_request_id()) == len("LV7fzho-PHcEJPw=")
    assert request_time(1587481701067) == "21/Apr/2020:15:08:21 +0000"

"""Metrics of what fails, in CloudWatch's embedded metric format. Loaded at the first failure: the good case pays nothing."""


def count(consumer: str, name: str, number: int) -> None:
    """Add to the metric `name` of the dimension `consumer`.

    RecordsParked, RecordsNotParked, RecordsRetried, RecordsDead, TombstonesSkipped; and LanesWaiting, once a minute: a
    state, of which the maximum tells.
    """
    from aws_lambda_powertools.metrics import MetricUnit, single_metric

    with single_metric(name, MetricUnit.Count, number, namespace="Chat4All") as metric:
        metric.add_dimension("consumer", consumer)

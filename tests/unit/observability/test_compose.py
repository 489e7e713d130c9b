"""The stack for looking, as far as it can be said without Docker: pinned, on loopback, and its files fit one another."""

import re

import yaml

from tests.unit.observability.rule_files import HERE

COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]


def config(name: str) -> dict[str, object]:
    return dict(yaml.safe_load((HERE / name).read_text()))


def test_versions_are_pinned_and_nothing_has_more_rights_than_it_needs() -> None:
    for service in SERVICES.values():
        assert re.fullmatch(r"[a-z/-]+:v?\d+\.\d+\.\d+", service["image"]), service["image"]
        assert service["cap_drop"] == ["ALL"]
        assert service["read_only"] is True


def test_every_mounted_folder_is_here_and_every_volume_is_declared() -> None:
    for service in SERVICES.values():
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (HERE / source).is_dir(), source
                assert volume.endswith(":ro")
            elif not source.startswith("${"):
                assert source in COMPOSE["volumes"]


def test_everything_listens_on_loopback() -> None:
    """All are in the host's network: what an address in their files or commands does not bind, others would reach."""
    texts = [" ".join(service.get("command", [])) for service in SERVICES.values()]
    texts += [path.read_text() for folder in ("jaeger", "loki", "collector") for path in (HERE / folder).iterdir()]
    for text in texts:
        assert "0.0.0.0" not in text
    assert all(service["network_mode"] == "host" for service in SERVICES.values())
    for name in ("prometheus", "alertmanager"):
        assert any("--web.listen-address=127.0.0.1:" in word for word in SERVICES[name]["command"])
    assert SERVICES["grafana"]["environment"]["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"


def test_each_part_finds_the_others() -> None:
    prometheus = config("prometheus/prometheus.yml")
    text = str(prometheus)
    assert "127.0.0.1:9193" in text
    assert "127.0.0.1:9193" in str(SERVICES["alertmanager"]["command"])
    sources = {
        source["name"]: source for source in config("grafana/provisioning/datasources/datasources.yaml")["datasources"]
    }  # type: ignore[attr-defined]
    jaeger, collector, loki = config("jaeger/jaeger.yaml"), config("collector/collector.yaml"), config("loki/loki.yaml")
    assert jaeger["extensions"]["jaeger_query"]["http"]["endpoint"] in sources["Jaeger"]["url"]  # type: ignore[index]
    otlp = jaeger["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"]  # type: ignore[index]
    assert collector["exporters"]["otlp/jaeger"]["endpoint"] == otlp  # type: ignore[index]
    assert f":{loki['server']['http_listen_port']}" in sources["Loki"]["url"]  # type: ignore[index]
    assert sources["Loki"]["url"] in collector["exporters"]["otlphttp/loki"]["endpoint"]  # type: ignore[index]
    assert sources["Prometheus"]["uid"] == "prometheus"

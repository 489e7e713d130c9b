"""What a person is told of a stack that is ready."""

from pathlib import Path

from local.addresses import addresses, ready_text
from local.application import Application, HttpApi
from local.endpoints import Endpoints

API = HttpApi("Api", "a123456789", "$default", routes=())
HERE = Endpoints(http_port=8001)


def test_outputs_that_are_addresses_here_are_told(tmp_path: Path) -> None:
    outputs = {
        "ApiUrl": "http://127.0.0.1:8001",
        "ShopUrl": "http://127.0.0.1:8001/shop",
        "Elsewhere": "https://example.com/shop",
        "Table": "pets",
    }
    application = Application(tmp_path / "template.yaml", {}, http_apis=(API,), outputs=outputs)
    found = addresses(application, HERE, simulators=False)
    assert found == {
        "HTTP API": "http://127.0.0.1:8001",
        "AWS endpoint": "http://127.0.0.1:4566",
        "Shop": "http://127.0.0.1:8001/shop",
    }
    assert "  Shop             http://127.0.0.1:8001/shop" in ready_text(application, HERE, found).splitlines()

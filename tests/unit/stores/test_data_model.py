"""docs/data-model.md says of every table what the template and the stores say."""

from tests.unit.stores.data_model import PAGE, page, tables, users_of
from tests.unit.stores.store_models import models


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == page(), "run scripts/write-data-model"


def test_every_table_has_a_model_and_every_model_a_table() -> None:
    assert {model.noun for model in models() if model.noun} == tables().keys()


def test_keys_and_indexes_of_models_are_those_of_the_template() -> None:
    declared = tables()
    for model in models():
        if model.noun:
            keys = {key["AttributeName"]: key["KeyType"] for key in declared[model.noun]["KeySchema"]}
            assert {attribute.name: attribute.key for attribute in model.attributes if attribute.key} == keys, (
                model.name
            )
    indexes = {index["IndexName"] for table in declared.values() for index in table.get("GlobalSecondaryIndexes", ())}
    assert {model.index for model in models() if model.index} == indexes


def test_what_expires_has_the_attribute_on_one_of_its_kinds() -> None:
    for noun, declared in tables().items():
        if "TimeToLiveSpecification" in declared:
            name = declared["TimeToLiveSpecification"]["AttributeName"]
            kinds = [model for model in models() if model.noun == noun]
            assert any(name in {attribute.name for attribute in kind.attributes} for kind in kinds), noun


def test_who_may_change_a_table_is_read_from_the_roles() -> None:
    reads, changes = users_of("MessageIdsTable")
    assert "messages_send" in changes & reads
    assert "history" not in changes
    assert users_of("AuditLogTable")[1]
    assert all(
        reads or changes for reads, changes in map(users_of, (table["LogicalId"] for table in tables().values()))
    )

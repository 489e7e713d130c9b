from typing import Any

import pytest

from local.template.errors import TemplateError
from local.template.leaving_out import LeavingOut


def resources() -> dict[str, Any]:
    return {
        "Pet": {"Type": "AWS::Serverless::Function", "Properties": {"Events": {"Get": {"Type": "Api"}, "Tick": 1}}},
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Bare": {"Type": "AWS::Serverless::Api"},
    }


@pytest.mark.parametrize(
    ("names", "left", "left_out"),
    [
        ([], ["Pet", "Topic", "Bare"], {}),
        (["Topic"], ["Pet", "Bare"], {"Topic": "AWS::SNS::Topic"}),
        (["AWS::SNS::*"], ["Pet", "Bare"], {"Topic": "AWS::SNS::Topic"}),
        (["AWS::Serverless::*"], ["Topic"], {"Pet": "AWS::Serverless::Function", "Bare": "AWS::Serverless::Api"}),
        (["Pet.Get"], ["Pet", "Topic", "Bare"], {"Pet.Get": "event of type Api"}),
        (["Pet.Tick"], ["Pet", "Topic", "Bare"], {"Pet.Tick": "event of type None"}),
        (["arn:aws:lambda:*"], ["Pet", "Topic", "Bare"], {}),
    ],
)
def test_before_the_translator(names, left, left_out):
    found = resources()
    leaving_out = LeavingOut(names, found)
    leaving_out.after_translation({})
    assert (list(found), leaving_out.types) == (left, left_out)


def test_after_the_translator():
    leaving_out = LeavingOut(["PetGet", "AWS::ApiGateway::*"], resources())
    made = {
        "PetGet": {"Type": "A"},
        "Rest": {"Type": "AWS::ApiGateway::RestApi"},
        "V2": {"Type": "AWS::ApiGatewayV2::Api"},
    }
    leaving_out.after_translation(made)
    assert list(made) == ["V2"]
    assert leaving_out.types == {"PetGet": "A", "Rest": "AWS::ApiGateway::RestApi"}


def test_what_names_nothing_and_what_leaves_nothing():
    with pytest.raises(TemplateError) as caught:
        LeavingOut(["Topics", "Cat", "Topic"], resources()).after_translation({})
    assert [error.message for error in caught.value.errors] == [
        "there is no resource, type or event Topics to leave out",
        "there is no resource, type or event Cat to leave out",
    ]
    with pytest.raises(TemplateError, match="nothing is left"):
        LeavingOut(["*"], resources())

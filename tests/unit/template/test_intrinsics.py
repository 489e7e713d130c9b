"""Intrinsic functions on their own; names resolve to `<name>` and attributes to `<id.attribute>`."""

import pytest

from local.template.errors import TemplateError
from local.template.intrinsics import NO_VALUE, Resolver


class Names:
    def ref(self, name, where):
        if name == "Missing":
            raise TemplateError("no such name", where)
        return ["a", "b"] if name == "List" else f"<{name}>"

    def get_att(self, logical_id, attribute, where):
        return f"<{logical_id}.{attribute}>"


@pytest.fixture
def resolver():
    return Resolver(
        {"Sizes": {"small": {"memory": 128}}},
        {
            "Yes": {"Fn::Equals": ["a", "a"]},
            "No": {"Fn::Not": [{"Condition": "Yes"}]},
            "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
            "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
            "Numbers": {"Fn::Equals": [1, "1"]},
            "Round": {"Condition": "Trip"},
            "Trip": {"Condition": "Round"},
        },
        Names(),
    )


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"Ref": "A"}, "<A>"),
        ({"Fn::GetAtt": ["A", "Arn"]}, "<A.Arn>"),
        ({"Fn::GetAtt": "A.Outputs.B"}, "<A.Outputs.B>"),
        (
            {"Fn::Sub": "x-${A}-${A.Arn}-${!Literal}-${AWS::Region}-$1-${ A }"},
            "x-<A>-<A.Arn>-${Literal}-<AWS::Region>-$1-<A>",
        ),
        ({"Fn::Sub": ["${V}/${A}", {"V": {"Ref": "B"}}]}, "<B>/<A>"),
        ({"Fn::Join": [",", ["a", {"Ref": "B"}, 1, True]]}, "a,<B>,1,true"),
        ({"Fn::Join": ["-", {"Ref": "List"}]}, "a-b"),
        ({"Fn::If": ["Yes", {"Ref": "A"}, {"Ref": "Missing"}]}, "<A>"),
        ({"Fn::If": ["No", {"Ref": "Missing"}, "b"]}, "b"),
        ({"Fn::Select": [1, {"Ref": "List"}]}, "b"),
        ({"Fn::Select": ["0", {"Fn::Split": ["|", "x|y"]}]}, "x"),
        ({"Fn::FindInMap": ["Sizes", "small", "memory"]}, 128),
        ({"Fn::Base64": "abc"}, "YWJj"),
        ({"Ref": "AWS::NoValue"}, NO_VALUE),
        ({"a": {"Ref": "AWS::NoValue"}, "b": [1, {"Ref": "AWS::NoValue"}]}, {"b": [1]}),
        ({"a": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}}, {}),
        ({"Condition": {"StringEquals": {"a": "b"}}}, {"Condition": {"StringEquals": {"a": "b"}}}),
    ],
)
def test_values(resolver, node, value):
    assert resolver.resolve(node, ()) == value


@pytest.mark.parametrize(
    ("name", "holds"), [("Yes", True), ("No", False), ("Both", False), ("Either", True), ("Numbers", True)]
)
def test_conditions(resolver, name, holds):
    assert resolver.condition(name) is holds


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ({"Fn::ImportValue": "x"}, "Fn::ImportValue is not evaluated here"),
        ({"Fn::Transform": {"Name": "AWS::Include"}}, "Fn::Transform is not evaluated here"),
        ({"Fn::Sub": 1}, "Fn::Sub takes"),
        ({"Fn::Sub": ["a", {}, 1]}, "Fn::Sub takes"),
        ({"Fn::Sub": "${List}"}, "a string is needed"),
        ({"Fn::Join": ["a"]}, "Fn::Join takes"),
        ({"Fn::Join": [",", "text"]}, "a list is needed"),
        ({"Fn::If": ["Unknown", 1, 2]}, "Unknown is not in Conditions"),
        ({"Fn::If": ["Yes", 1]}, "Fn::If takes"),
        ({"Fn::Select": [2, ["a"]]}, "no item 2 in a list of 1"),
        ({"Fn::Split": ["", "a"]}, "Fn::Split takes"),
        ({"Fn::FindInMap": ["Sizes", "large", "memory"]}, "Mappings has no Sizes.large.memory"),
        ({"Fn::GetAtt": "A"}, "Fn::GetAtt takes"),
        ({"Ref": ["A"]}, "Ref takes a name"),
        ("{{resolve:ssm:name}}", "dynamic reference"),
        ({"Fn::If": ["Round", 1, 2]}, "circular conditions"),
    ],
)
def test_errors_say_where(resolver, node, message):
    with pytest.raises(TemplateError) as caught:
        resolver.resolve({"Key": node}, ("Resources", "X", "Properties"))
    assert message in str(caught.value)
    assert caught.value.where[0] in ("Resources", "Conditions")

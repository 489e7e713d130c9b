import pytest

from local.template import TemplateError
from local.template.rules import check_rules

_GIVEN = {"Stage": "prod", "Zones": "2", "Names": ["a", "b"], "Empty": ""}


def _rule(assertion, condition=None):
    rule = {"Assertions": [{"Assert": assertion, "AssertDescription": "this is wrong"}]}
    return {"R": rule | ({} if condition is None else {"RuleCondition": condition})}


HOLD = [
    {"Fn::Equals": [{"Ref": "Stage"}, "prod"]},
    {"Fn::Not": [{"Fn::Equals": [{"Ref": "Empty"}, "x"]}]},
    {"Fn::Contains": [["dev", "prod"], {"Ref": "Stage"}]},
    {"Fn::Contains": [{"Ref": "Names"}, "b"]},
    {"Fn::And": [{"Fn::Equals": [{"Ref": "Zones"}, 2]}, {"Fn::Equals": [{"Ref": "Empty"}, ""]}]},
    {"Fn::Or": [{"Fn::Equals": [{"Ref": "Zones"}, 3]}, {"Fn::Equals": [{"Ref": "Empty"}, ""]}]},
]


@pytest.mark.parametrize("assertion", HOLD)
def test_an_assertion_holds_or_is_refused_with_its_description(assertion):
    check_rules(_rule(assertion), _GIVEN)
    with pytest.raises(TemplateError, match=r"this is wrong \(rule R\)"):
        check_rules(_rule({"Fn::Not": [assertion]}), _GIVEN)


def test_a_rule_is_asked_only_where_its_condition_holds():
    wrong = {"Fn::Equals": [{"Ref": "Stage"}, "dev"]}
    check_rules(_rule(wrong, condition=wrong), _GIVEN)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"R": {}}, "a rule has a list of Assertions"),
        ({"R": {"Assertions": [{"Assertion": True}]}}, "an assertion has an Assert"),
        ({"R": {"Assertions": [{"Assert": HOLD[0]}], "Condition": "x"}}, "a rule has no Condition"),
        (_rule({"Fn::EachMemberIn": [["a"], ["a"]]}), "is needed, not"),
        (_rule({"Fn::Not": [HOLD[0], HOLD[1]]}), "Fn::Not takes a list of 1"),
        (_rule({"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}), "AWS::Region is none"),
        (_rule({"Fn::Equals": [{"Fn::Sub": "x"}, "x"]}), "a parameter, a text or a list of texts is needed"),
    ],
)
def test_a_rule_that_is_none(rules, message):
    with pytest.raises(TemplateError) as caught:
        check_rules(rules, _GIVEN)
    assert message in str(caught.value)


def test_a_template_with_a_broken_rule_is_not_loaded_and_its_line_is_named(load):
    text = """
        Parameters:
          Domain: {Type: String, Default: ""}
        Rules:
          DomainIsGiven:
            Assertions:
              - Assert: !Not [!Equals [!Ref Domain, ""]]
                AssertDescription: Domain is needed
        Resources:
          F: {Type: AWS::Serverless::Function, Properties: {CodeUri: src/, Handler: app.handler, Runtime: python3.11}}
    """
    assert load(text, Domain="x").functions
    with pytest.raises(TemplateError, match=r"template.yaml:8: Rules.DomainIsGiven.*Domain is needed"):
        load(text)

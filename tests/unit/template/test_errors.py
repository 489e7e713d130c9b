import pytest

from local.template.errors import Problems, TemplateError, TemplateErrors


def test_no_problem_is_none():
    Problems().check()


def test_one_problem_is_itself():
    problems, error = Problems(), TemplateError("wrong", ("Resources", "Pet"))
    with problems.attempt():
        raise error
    with pytest.raises(TemplateError) as caught:
        problems.check()
    assert caught.value is error


def test_several_are_told_by_line_and_each_once():
    problems = Problems()
    for line, name in ((9, "B"), (3, "A"), (9, "B"), (9, "C")):
        with problems.attempt():
            raise TemplateError("wrong", ("Resources", name), line=line)
    with pytest.raises(TemplateErrors) as caught:
        problems.check()
    error = caught.value
    assert [(one.line, one.resource) for one in error.errors] == [(3, "A"), (9, "B"), (9, "C")]
    assert (error.line, error.resource) == (3, "A")
    assert str(error) == "A: wrong\nB: wrong\nC: wrong"
    assert "--without A " in error.advice


def test_several_within_several():
    inner = TemplateErrors([TemplateError("a"), TemplateError("b")])
    assert [one.message for one in TemplateErrors([inner, TemplateError("c")]).errors] == ["a", "b", "c"]
    assert inner.advice == ""

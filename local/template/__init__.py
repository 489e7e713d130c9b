"""Turns a SAM template into a `local.application.Application`: SAM's translator, then CloudFormation's intrinsics."""

from local.template.errors import TemplateError
from local.template.loader import load_application
from local.template.samconfig import local_parameters, local_stack_name

__all__ = ["TemplateError", "load_application", "local_parameters", "local_stack_name"]

"""LoggingConfig of a function.

Properties: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-loggingconfig.html
"""

from local.application import FunctionLogging
from local.template.context import Properties

_APPLICATION_LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")
_SYSTEM_LEVELS = ("DEBUG", "INFO", "WARN")


def read_logging(properties: Properties) -> FunctionLogging:
    """Raises TemplateError for levels without the JSON format, which Lambda refuses too."""
    part = properties.part("LoggingConfig", ("LogFormat", "ApplicationLogLevel", "SystemLogLevel", "LogGroup"))
    json = part.choice("LogFormat", ("JSON", "Text"), "Text") == "JSON"
    for name in ("ApplicationLogLevel", "SystemLogLevel"):
        if name in part and not json:
            raise part.error("a level needs LogFormat JSON", name)
    return FunctionLogging(
        json=json,
        application_level=part.choice("ApplicationLogLevel", _APPLICATION_LEVELS, "INFO"),
        system_level=part.choice("SystemLogLevel", _SYSTEM_LEVELS, "INFO"),
        group=part.optional_text("LogGroup"),
    )

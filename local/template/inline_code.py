"""Code that stands in the template itself: `InlineCode` of SAM, `ZipFile` of CloudFormation.

Source: docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html: the file is
`index.py`, at most 4 MB, and CloudFormation puts the module `cfnresponse` beside it (cfn-lambda-function-code-cfnresponsemodule).
"""

import hashlib
from pathlib import Path

from local.engines.cache import cache_dir, locked, publish
from local.template.errors import TemplateError
from local.template.intrinsics import Where

_LIMIT_BYTES = 4 * 1024 * 1024
_RESPONSE_MODULE = Path(__file__).with_name("cfnresponse.py")


def inline_folder(code: str, where: Where) -> Path:
    """Return a folder of the cache with the code, made where it is not there: equal code is in one folder.

    Raises:
        TemplateError: the code is too large.
    """
    if len(code.encode()) > _LIMIT_BYTES:
        raise TemplateError("inline code is at most 4 MB", where)
    response = _RESPONSE_MODULE.read_text("utf-8")
    folder = cache_dir() / "inline" / hashlib.sha256(f"{code}\0{response}".encode()).hexdigest()[:16]

    def write(made: Path) -> None:
        (made / "index.py").write_text(code, "utf-8")
        (made / _RESPONSE_MODULE.name).write_text(response, "utf-8")

    if not folder.exists():
        with locked("inline", lambda: None):
            if not folder.exists():
                publish(folder, write)
    return folder

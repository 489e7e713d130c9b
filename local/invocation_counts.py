"""How often each function was invoked since the stack started."""

from collections import Counter

from local.lambda_service.environment import InvokeResult
from local.lambda_service.service import LambdaService


class CountingLambdaService(LambdaService):
    """Counts every invocation, synchronous, asynchronous and by mappings alike, as CloudWatch's metrics of Lambda do."""

    invocations: Counter[str]
    """By function name: those that ran, whatever their outcome."""
    errors: Counter[str]
    """By function name: those that ended with a function error."""

    async def start(self) -> None:
        self.invocations, self.errors = Counter(), Counter()
        await super().start()

    async def invoke(
        self, name: str, payload: bytes, *, client_context: str | None = None, request_id: str | None = None
    ) -> InvokeResult:
        result = await super().invoke(name, payload, client_context=client_context, request_id=request_id)
        self.invocations[name] += 1
        if result.function_error is not None:
            self.errors[name] += 1
        return result

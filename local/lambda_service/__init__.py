"""Runs Lambda functions as Lambda does: own process for each environment, one invocation at a time, init once.

`service.LambdaService` is what the rest of the stack calls. The warm parent (`zygote`) forks the environments; what runs
inside one is `runtime`. This file imports nothing: the warm parent holds as little of the stack as possible.
"""

"""The fifth channel: short messages over a gateway that exists only here. It shows all that a channel must have (CONTRIBUTING).

The gateway posts `{"messages": [{"id", "to", "from", "text"}], "reports": [{"id", "from", "to", "state", "at", "error"?}]}`,
signed by `X-Sms-Signature`: HMAC-SHA256 of the body, in hex. It takes `POST <api_base>/messages {"from", "to", "text"}` with
`Authorization: Bearer <token>` and answers `{"id"}`.
"""

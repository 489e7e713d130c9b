"""Every operation of the HTTP API, from the contract. Written by scripts/write-contract."""

from collections.abc import Mapping

from chat4all_client.operation import Operation

OPERATIONS: Mapping[str, Operation] = {
    "createToken": Operation(
        "createToken", "POST", "/token", "Sign in, or refresh (OAuth 2.0)", body="form", is_open=True
    ),
    "signIn": Operation("signIn", "POST", "/auth/token", "Sign in", body="json", is_open=True),
    "refreshToken": Operation(
        "refreshToken", "POST", "/auth/refresh", "New tokens for a refresh token", body="json", is_open=True
    ),
    "revokeToken": Operation("revokeToken", "POST", "/auth/revoke", "Sign out", body="json", is_open=True),
    "exchangeSignIn": Operation(
        "exchangeSignIn",
        "POST",
        "/auth/{provider}/exchange",
        "Tokens for the code of a sign-in by a provider",
        body="json",
        is_open=True,
    ),
    "listSignIns": Operation("listSignIns", "GET", "/v1/users/me/sign-ins", "How one signs in oneself"),
    "linkSignIn": Operation(
        "linkSignIn", "PUT", "/v1/users/me/sign-ins/{provider}", "Sign in by a provider, too", body="json"
    ),
    "unlinkSignIn": Operation(
        "unlinkSignIn", "DELETE", "/v1/users/me/sign-ins/{provider}", "Sign in by a provider no more"
    ),
    "registerUser": Operation("registerUser", "POST", "/v1/users", "Register", body="json", is_open=True),
    "findUsers": Operation("findUsers", "GET", "/v1/users", "Find users by name or by ids", query=("username", "ids")),
    "getMe": Operation("getMe", "GET", "/v1/users/me", "The caller's own profile"),
    "updateMe": Operation("updateMe", "PATCH", "/v1/users/me", "Change the own profile", body="json"),
    "deleteMe": Operation("deleteMe", "DELETE", "/v1/users/me", "Delete the own account"),
    "exportMe": Operation(
        "exportMe",
        "GET",
        "/v1/users/me/export",
        "Everything that is kept of the caller",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "getUser": Operation("getUser", "GET", "/v1/users/{id}", "A user, as others see them"),
    "listIdentities": Operation(
        "listIdentities", "GET", "/v1/users/me/identities/{channel}", "Own addresses on a channel"
    ),
    "linkIdentity": Operation(
        "linkIdentity", "PUT", "/v1/users/me/identities/{channel}", "Have a code sent to an address", body="json"
    ),
    "verifyIdentity": Operation(
        "verifyIdentity", "POST", "/v1/users/me/identities/{channel}/verify", "Link an address by its code", body="json"
    ),
    "unlinkIdentity": Operation(
        "unlinkIdentity",
        "DELETE",
        "/v1/users/me/identities/{channel}",
        "Let go of addresses",
        query=("account_id", "address"),
    ),
    "createConversation": Operation(
        "createConversation", "POST", "/v1/conversations", "Begin a conversation", body="json", takes_key=True
    ),
    "listConversations": Operation(
        "listConversations",
        "GET",
        "/v1/conversations",
        "Own conversations, newest activity first",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "getConversation": Operation("getConversation", "GET", "/v1/conversations/{id}", "A conversation with its members"),
    "updateConversation": Operation(
        "updateConversation", "PATCH", "/v1/conversations/{id}", "Change title or metadata", body="json"
    ),
    "deleteConversation": Operation(
        "deleteConversation", "DELETE", "/v1/conversations/{id}", "Delete a conversation for everybody"
    ),
    "addMember": Operation(
        "addMember", "POST", "/v1/conversations/{id}/members", "Add a member", body="json", takes_key=True
    ),
    "listMembers": Operation(
        "listMembers",
        "GET",
        "/v1/conversations/{id}/members",
        "Members, by user id",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "updateMember": Operation(
        "updateMember", "PATCH", "/v1/conversations/{id}/members/{user_id}", "Change a member's role", body="json"
    ),
    "removeMember": Operation(
        "removeMember", "DELETE", "/v1/conversations/{id}/members/{user_id}", "Remove a member, or leave"
    ),
    "sendMessage": Operation("sendMessage", "POST", "/v1/messages", "Send a message", body="json", takes_key=True),
    "listMessages": Operation(
        "listMessages",
        "GET",
        "/v1/conversations/{id}/messages",
        "The history of a conversation",
        query=("limit", "cursor", "before_seq", "after_seq", "offset"),
        is_paged=True,
    ),
    "getMessage": Operation("getMessage", "GET", "/v1/messages/{id}", "One message"),
    "getMessageStatus": Operation("getMessageStatus", "GET", "/v1/messages/{id}/status", "What became of a message"),
    "editMessage": Operation(
        "editMessage", "PATCH", "/v1/messages/{id}", "Change the content of a message", body="json"
    ),
    "unsendMessage": Operation("unsendMessage", "DELETE", "/v1/messages/{id}", "Unsend a message, for everybody"),
    "addReaction": Operation("addReaction", "PUT", "/v1/messages/{id}/reactions/{emoji}", "React to a message"),
    "removeReaction": Operation(
        "removeReaction", "DELETE", "/v1/messages/{id}/reactions/{emoji}", "Take a reaction back"
    ),
    "recordReceipt": Operation(
        "recordReceipt", "POST", "/v1/conversations/{id}/receipts", "Say how far one has received and read", body="json"
    ),
    "sendTyping": Operation(
        "sendTyping", "POST", "/v1/conversations/{id}/typing", "Show that one is writing", body="json"
    ),
    "uploadFile": Operation("uploadFile", "POST", "/v1/files", "Upload a small file", body="multipart", takes_key=True),
    "getFile": Operation("getFile", "GET", "/v1/files/{id}", "A file, and how far its upload is"),
    "deleteFile": Operation("deleteFile", "DELETE", "/v1/files/{id}", "Delete a file, or give an upload up"),
    "getFileDownload": Operation("getFileDownload", "GET", "/v1/files/{id}/presigned", "An address for the download"),
    "initiateUpload": Operation(
        "initiateUpload", "POST", "/v1/files/initiate", "Begin an upload in parts", body="json", takes_key=True
    ),
    "signUploadParts": Operation("signUploadParts", "POST", "/v1/files/{id}/parts", "Addresses for parts", body="json"),
    "completeUpload": Operation("completeUpload", "POST", "/v1/files/complete", "Complete an upload", body="json"),
    "getPresence": Operation("getPresence", "GET", "/v1/users/{id}/presence", "Whether somebody is online"),
    "sendHeartbeat": Operation(
        "sendHeartbeat", "POST", "/v1/presence/heartbeat", "A sign of life, for apps without a WebSocket", body="json"
    ),
    "createRoutingRule": Operation("createRoutingRule", "POST", "/v1/routing-rules", "Put in a rule", body="json"),
    "listRoutingRules": Operation(
        "listRoutingRules", "GET", "/v1/routing-rules", "Own rules, in order", query=("limit", "cursor"), is_paged=True
    ),
    "testRoutingRules": Operation(
        "testRoutingRules", "POST", "/v1/routing-rules/test", "What the rules would choose, and why", body="json"
    ),
    "getRoutingRule": Operation("getRoutingRule", "GET", "/v1/routing-rules/{id}", "One rule"),
    "updateRoutingRule": Operation(
        "updateRoutingRule", "PATCH", "/v1/routing-rules/{id}", "Change or move a rule", body="json"
    ),
    "deleteRoutingRule": Operation("deleteRoutingRule", "DELETE", "/v1/routing-rules/{id}", "Delete a rule"),
    "createAccount": Operation("createAccount", "POST", "/v1/accounts", "Connect an account of a channel", body="json"),
    "listAccounts": Operation(
        "listAccounts",
        "GET",
        "/v1/accounts",
        "Accounts that the caller manages",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "getAccount": Operation("getAccount", "GET", "/v1/accounts/{id}", "One account, without its secrets"),
    "updateAccount": Operation("updateAccount", "PATCH", "/v1/accounts/{id}", "Change an account", body="json"),
    "deleteAccount": Operation("deleteAccount", "DELETE", "/v1/accounts/{id}", "Disconnect an account"),
    "createWebhook": Operation("createWebhook", "POST", "/v1/webhooks", "Register an endpoint", body="json"),
    "listWebhooks": Operation(
        "listWebhooks", "GET", "/v1/webhooks", "Own endpoints", query=("limit", "cursor"), is_paged=True
    ),
    "getWebhook": Operation("getWebhook", "GET", "/v1/webhooks/{id}", "One endpoint, without its secret"),
    "updateWebhook": Operation(
        "updateWebhook", "PATCH", "/v1/webhooks/{id}", "Change, enable or disable an endpoint", body="json"
    ),
    "deleteWebhook": Operation("deleteWebhook", "DELETE", "/v1/webhooks/{id}", "Delete an endpoint"),
    "rotateWebhookSecret": Operation(
        "rotateWebhookSecret", "POST", "/v1/webhooks/{id}/secret", "Have another secret", body="json"
    ),
    "testWebhook": Operation("testWebhook", "POST", "/v1/webhooks/{id}/test", "Have a `webhook.test` sent"),
    "listWebhookDeliveries": Operation(
        "listWebhookDeliveries",
        "GET",
        "/v1/webhooks/{id}/deliveries",
        "What became of deliveries",
        query=("limit", "cursor", "status"),
        is_paged=True,
    ),
    "replayWebhookDeliveries": Operation(
        "replayWebhookDeliveries", "POST", "/v1/webhooks/{id}/replay", "Have deliveries sent again", body="json"
    ),
    "listMyAuditLog": Operation(
        "listMyAuditLog",
        "GET",
        "/v1/users/me/audit-log",
        "What the caller did",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "listConversationAuditLog": Operation(
        "listConversationAuditLog",
        "GET",
        "/v1/conversations/{id}/audit-log",
        "What was done to a conversation",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "listAccountAuditLog": Operation(
        "listAccountAuditLog",
        "GET",
        "/v1/accounts/{id}/audit-log",
        "What was done to an account",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "listAuditLog": Operation(
        "listAuditLog",
        "GET",
        "/v1/audit-log",
        "Any log, for administrators",
        query=("limit", "cursor", "log", "day"),
        is_paged=True,
    ),
    "listAdministrators": Operation("listAdministrators", "GET", "/v1/administrators", "All administrators"),
    "getAdministrator": Operation("getAdministrator", "GET", "/v1/administrators/{user_id}", "One administrator"),
    "grantAdministrator": Operation(
        "grantAdministrator", "PUT", "/v1/administrators/{user_id}", "Make a user an administrator"
    ),
    "revokeAdministrator": Operation(
        "revokeAdministrator", "DELETE", "/v1/administrators/{user_id}", "Make an administrator none"
    ),
    "listUserWebhooks": Operation(
        "listUserWebhooks",
        "GET",
        "/v1/users/{id}/webhooks",
        "A user's endpoints, for administrators",
        query=("limit", "cursor"),
        is_paged=True,
    ),
    "deleteUserWebhook": Operation(
        "deleteUserWebhook",
        "DELETE",
        "/v1/users/{id}/webhooks/{webhook_id}",
        "Delete a user's endpoint, for administrators",
    ),
    "getHealth": Operation("getHealth", "GET", "/health", "Whether the process answers", is_open=True),
    "getLiveness": Operation("getLiveness", "GET", "/health/live", "The same as /health", is_open=True),
    "getReadiness": Operation("getReadiness", "GET", "/health/ready", "Whether every dependency answers", is_open=True),
    "getOpenIdConfiguration": Operation(
        "getOpenIdConfiguration", "GET", "/.well-known/openid-configuration", "Who issues access tokens", is_open=True
    ),
    "getKeys": Operation("getKeys", "GET", "/.well-known/jwks.json", "Keys that sign access tokens", is_open=True),
}

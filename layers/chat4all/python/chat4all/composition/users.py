"""Users, their sessions and tokens, and what they did."""

from functools import cached_property
from typing import TYPE_CHECKING

from chat4all.composition.messages import MessageServices

if TYPE_CHECKING:
    from chat4all.access_tokens import AccessTokens
    from chat4all.administrators import Administrators
    from chat4all.audit import AuditLog
    from chat4all.audit_readers import AuditReaders
    from chat4all.erasing.sweeper import ErasureSweeper
    from chat4all.erasing.users import UserErasure
    from chat4all.found_users import FoundUsers
    from chat4all.heartbeats import Heartbeats
    from chat4all.identity_limits import IdentityLimits
    from chat4all.key_rotation import KeyRotation
    from chat4all.passwords import Passwords
    from chat4all.provider_sign_in.accounts import ProviderAccounts
    from chat4all.provider_sign_in.links import SignInLinks
    from chat4all.provider_sign_in.login import ProviderLogin
    from chat4all.public_keys import PublicKeys
    from chat4all.sessions import Sessions
    from chat4all.signing_keys import SigningKeys
    from chat4all.tokens import Tokens
    from chat4all.users import Users


class UserServices(MessageServices):
    """A part of `bootstrap.App`, which says how services are made."""

    @cached_property
    def users(self) -> "Users":
        from chat4all.users import Users

        self.bind_tables()
        return Users(self.passwords, self.sessions, self.user_erasure, self.session_ends, self.presences)

    @cached_property
    def user_erasure(self) -> "UserErasure":
        from chat4all.erasing.users import UserErasure

        self.bind_tables()
        return UserErasure(self.members, self.sessions)

    @cached_property
    def erasure_sweeper(self) -> "ErasureSweeper":
        from chat4all.erasing.sweeper import ErasureSweeper

        self.bind_tables()
        return ErasureSweeper(self.user_erasure)

    @cached_property
    def found_users(self) -> "FoundUsers":
        from chat4all.found_users import FoundUsers

        self.bind_tables()
        return FoundUsers(self.rate_limiter)

    @cached_property
    def heartbeats(self) -> "Heartbeats":
        from chat4all.heartbeats import Heartbeats

        return Heartbeats(
            self.connections, self.presences, self.sessions, self.push, self.session_ends, lambda: self.access_tokens
        )

    @cached_property
    def passwords(self) -> "Passwords":
        from chat4all.passwords import Passwords

        return Passwords()

    @cached_property
    def sessions(self) -> "Sessions":
        from chat4all.sessions import Sessions

        self.bind_tables()
        return Sessions(self.settings.refresh_token_s, self.settings.refresh_grace_s)

    @cached_property
    def identity_limits(self) -> "IdentityLimits":
        from chat4all.identity_limits import IdentityLimits

        self.bind_tables()
        return IdentityLimits(self.settings, self.rate_limiter)

    @cached_property
    def tokens(self) -> "Tokens":
        from chat4all.tokens import Tokens

        self.bind_tables()
        return Tokens(
            self.settings, self.signing_keys, self.identity_limits, self.passwords, self.sessions, self.session_ends
        )

    @cached_property
    def provider_login(self) -> "ProviderLogin":
        from chat4all.provider_sign_in.attempts import Attempts
        from chat4all.provider_sign_in.configured import configured, origins_of
        from chat4all.provider_sign_in.login import ProviderLogin

        self.bind_tables()
        public_url = self.settings.public_url
        return ProviderLogin(configured(self.settings), Attempts(), origins_of(self.settings), public_url)

    @cached_property
    def provider_accounts(self) -> "ProviderAccounts":
        from chat4all.provider_sign_in.accounts import ProviderAccounts
        from chat4all.provider_sign_in.attempts import Attempts

        self.bind_tables()
        return ProviderAccounts(Attempts(), self.identity_limits)

    @cached_property
    def sign_in_links(self) -> "SignInLinks":
        from chat4all.provider_sign_in.attempts import Attempts
        from chat4all.provider_sign_in.links import SignInLinks

        self.bind_tables()
        return SignInLinks(Attempts())

    @cached_property
    def access_tokens(self) -> "AccessTokens":
        from chat4all.access_tokens import AccessTokens

        self.bind_tables()
        return AccessTokens(self.settings, self.public_keys, self.sessions)

    @cached_property
    def signing_keys(self) -> "SigningKeys":
        from chat4all.signing_keys import SigningKeys
        from chat4all.stores.signing_secret import SigningSecret

        return SigningKeys(SigningSecret(self.settings.signing_secret))

    @cached_property
    def public_keys(self) -> "PublicKeys":
        from chat4all.public_keys import PublicKeys

        self.bind_tables()
        return PublicKeys()

    @cached_property
    def key_rotation(self) -> "KeyRotation":
        from chat4all.key_rotation import KeyRotation
        from chat4all.stores.signing_secret import SigningSecret

        self.bind_tables()
        return KeyRotation(SigningSecret(self.settings.signing_secret), self.settings.access_token_s)

    @cached_property
    def audit(self) -> "AuditLog":
        from chat4all.audit import AuditLog

        self.bind_tables()
        return AuditLog(self.settings)

    @cached_property
    def audit_readers(self) -> "AuditReaders":
        from chat4all.audit_readers import AuditReaders

        self.bind_tables()
        return AuditReaders(self.audit, self.administrators)

    @cached_property
    def administrators(self) -> "Administrators":
        from chat4all.administrators import Administrators

        self.bind_tables()
        return Administrators(self.settings.channel_accounts)

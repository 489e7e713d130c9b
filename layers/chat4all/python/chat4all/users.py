"""Users: registered, shown, changed and erased. A name belongs to one user: it is claimed in the transaction that uses it."""

from typing import Any

from pynamodb.exceptions import PynamoDBException, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chat4all.administrators import Administrators, is_administrator
from chat4all.clock import now_ms
from chat4all.domain.presence import Visibility
from chat4all.domain.user import ProfileChanges, Registration
from chat4all.erasing.users import UserErasure
from chat4all.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Unauthenticated, Unavailable
from chat4all.found_users import own_view, shown
from chat4all.ids import new_id
from chat4all.logs import logger
from chat4all.passwords import Passwords
from chat4all.presence import Presences
from chat4all.session_ends import SessionEnds
from chat4all.sessions import Sessions
from chat4all.stores.erasures import USER, erasure
from chat4all.stores.presence import Presence
from chat4all.stores.table import condition_failed, met_another
from chat4all.stores.users import UniqueName, User, email_key, username_key

_ATTEMPTS = 3


class Users:
    """Accounts of people, and guests."""

    def __init__(
        self,
        passwords: Passwords,
        sessions: Sessions,
        erasure_of_users: UserErasure,
        ends: SessionEnds,
        presences: Presences,
    ) -> None:
        self._passwords = passwords
        self._sessions = sessions
        self._erasure = erasure_of_users
        self._ends = ends
        self._presences = presences

    def register(self, registration: Registration) -> dict[str, Any]:
        """Make a user; the object as the user sees it.

        Raises:
            Conflict: code `username_taken` or `email_taken`; nothing is written.
            Unavailable.
        """
        user = _new(registration, self._passwords.hash(registration.password))
        names = [username_key(registration.username), email_key(registration.email)]
        for attempt in range(_ATTEMPTS):
            try:
                with TransactWrite(connection=User.client()) as transaction:
                    for name in names:
                        transaction.save(UniqueName(name, user_id=user.id), condition=UniqueName.name.does_not_exist())
                    transaction.save(user, condition=User.id.does_not_exist())
                break
            except TransactWriteError as error:
                if condition_failed(error) or not met_another(error) or attempt == _ATTEMPTS - 1:
                    raise _taken(error, names) from error
        return own_view(user)

    def create_guest(self, display_name: str | None) -> str:
        """Make a guest, who is known only by a channel's address; the user id. Raises Unavailable."""
        now = now_ms()
        guest = User(new_id(), kind="guest", display_name=display_name, created_at=now, updated_at=now)
        try:
            guest.save()
        except PynamoDBException as error:
            raise Unavailable("The guest could not be stored") from error
        return str(guest.id)

    def own(self, user_id: str) -> dict[str, Any]:
        """The caller's own object; raises Unauthenticated where the account is gone."""
        return own_view(_own(user_id))

    def public(self, user_id: str, caller_id: str) -> dict[str, Any]:
        """What the caller sees of a user (found_users.shown).

        Raises:
            NotFound. Unauthenticated: the caller's account is gone.
        """
        found = shown({user_id}, caller_id)
        if user_id not in found:
            raise NotFound("No such user")
        return found[user_id]

    def update(self, user_id: str, changes: ProfileChanges, session_id: str | None = None) -> dict[str, Any]:
        """Change what is given; the whole object. A new password ends every session but the one it is changed in.

        Raises:
            Forbidden: code `wrong_password`, `sign_in_needed`. Invalid, Unauthenticated, Conflict, Unavailable.
        """
        user = _own(user_id)
        actions: list[Action] = [User.updated_at.set(now_ms())]
        unchanged = User.id.exists() & User.deleted_at.does_not_exist()
        if changes.password is not None:
            has_password = user.password_hash is not None
            unchanged &= (
                User.password_hash == user.password_hash if has_password else User.password_hash.does_not_exist()
            )
            actions += self._new_password(user, changes, session_id)
        if "display_name" in changes.model_fields_set:
            name = changes.display_name
            actions.append(User.display_name.set(name) if name else User.display_name.remove())
        visibility = changes.presence_visibility if "presence_visibility" in changes.model_fields_set else None
        try:
            if visibility is None:
                user.update(actions, condition=unchanged)
            else:
                _update_both(user, [*actions, User.presence_visibility.set(visibility)], unchanged, visibility)
        except (UpdateError, TransactWriteError) as error:
            if condition_failed(error) and changes.password is not None:
                raise Conflict("Somebody else changed this account meanwhile; look again") from error
            if condition_failed(error):
                raise _gone() from error
            raise Unavailable("The profile could not be changed; try again") from error
        if changes.password is not None:
            self._end_others(user_id, session_id)
        if visibility is not None:
            self._presences.shown_otherwise(user_id)
            return self.own(user_id)
        return own_view(user)

    def _new_password(self, user: User, changes: ProfileChanges, session_id: str | None) -> list[Action]:
        """The other sessions are over in the moment in which the password is another."""
        self._prove(user, changes.current_password, session_id)
        kept = User.session_kept.set(session_id) if session_id else User.session_kept.remove()
        hashed = self._passwords.hash(changes.password or "")
        since = max(now_ms(), int(user.sessions_since or 0) + 1)  # another value each time, whatever the clock says
        return [User.password_hash.set(hashed), User.sessions_since.set(since), kept]

    def _prove(self, user: User, password: str | None, session_id: str | None) -> None:
        """By the current password; a first one by having signed in just now."""
        if user.password_hash is None and password is None:
            if not self._sessions.is_new(session_id):
                raise Forbidden("A first password is set just after signing in; sign in again", code="sign_in_needed")
        elif password is None:
            raise Invalid.at("/current_password", "is needed, since the account has a password")
        elif not self._passwords.matches(password, user.password_hash):
            raise Forbidden("The current password is another", code="wrong_password")

    def _end_others(self, user_id: str, session_id: str | None) -> None:
        """What is over already is removed, and its connections are closed."""
        self._ends.close_all(user_id, but=session_id)
        try:
            self._sessions.end_all(user_id, but=session_id)
        except Unavailable as error:
            logger.warning("sessions that are over not removed", user_id=user_id, cause=error.detail)

    def delete(self, user_id: str) -> None:
        """Erase what is personal and free the names, in one transaction; then leave every conversation and end every session.

        Who is no member can neither read nor send nor be told, whatever tokens are still alive. What is left undone, the sweeper
        of erasures does: the transaction has told it. A refresh and a new WebSocket ask whether the user is there.

        Raises:
            Unauthenticated, Unavailable. Conflict: `last_administrator`.
        """
        user = _own(user_id)
        if is_administrator(user_id):
            Administrators("").revoke(user_id)
        now = now_ms()
        personal = [User.username, User.email, User.display_name, User.password_hash, User.session_kept]
        personal += [User.sessions_since, User.presence_visibility, User.google_sign_in, User.github_sign_in]
        actions: list[Action] = [attribute.remove() for attribute in personal]
        actions += [User.deleted_at.set(now), User.updated_at.set(now)]
        try:
            with TransactWrite(connection=User.client()) as transaction:
                for name in _names(user):
                    transaction.delete(UniqueName(name), condition=UniqueName.user_id == user_id)
                transaction.update(user, actions, condition=_is_there_with_its_sign_ins(user))
                transaction.save(erasure(USER, user_id, now))
        except TransactWriteError as error:
            if condition_failed(error):
                _own(user_id)  # raises, where it is gone
            raise Unavailable("The account could not be deleted; try again") from error
        self._ends.close_all(user_id)
        try:
            self._erasure.erase(user_id, lambda: True)
        except (DomainError, PynamoDBException) as error:
            logger.warning("the sweeper of erasures goes on", user_id=user_id, cause=str(error))


def find(name: str) -> User | None:
    """The user who signs in as `name`, a username or an email, in any case."""
    key = email_key(name) if "@" in name else username_key(name)
    try:
        user = User.get(UniqueName.get(key, consistent_read=True).user_id, consistent_read=True)
    except (UniqueName.DoesNotExist, User.DoesNotExist):
        return None
    return user if user.deleted_at is None else None


def _update_both(user: User, actions: list[Action], condition: Condition, visibility: Visibility) -> None:
    """The user and the copy that presence is shown by, which never says otherwise."""
    next_version = (Presence.version | 0) + 1
    copied = [Presence.visibility.set(visibility), Presence.version.add(1), Presence.hidden_version.set(next_version)]
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with TransactWrite(connection=User.client()) as transaction:
                transaction.update(user, actions, condition=condition)
                transaction.update(Presence(user.id), copied)
            return
        except TransactWriteError as error:
            if condition_failed(error) or not met_another(error) or attempt == _ATTEMPTS:
                raise


def _new(registration: Registration, password_hash: str) -> User:
    now = now_ms()
    return User(
        new_id(),
        kind="user",
        username=registration.username,
        email=registration.email,
        display_name=registration.display_name,
        password_hash=password_hash,
        created_at=now,
        updated_at=now,
    )


def _names(user: User) -> list[str]:
    names = [username_key(user.username)] if user.username else []
    names += [email_key(user.email)] if user.email else []
    return names + [sign_in["key"] for sign_in in (user.google_sign_in, user.github_sign_in) if sign_in]


def _is_there_with_its_sign_ins(user: User) -> Condition:
    """One that is linked meanwhile would keep its claim, and its person could never sign in again."""
    condition: Condition = User.id.exists() & User.deleted_at.does_not_exist()
    for attribute, found in (
        (User.google_sign_in, user.google_sign_in),
        (User.github_sign_in, user.github_sign_in),
    ):
        condition &= attribute.exists() if found else attribute.does_not_exist()
    return condition


def _get(user_id: str) -> User:
    try:
        return User.get(user_id, consistent_read=True)
    except User.DoesNotExist:
        raise NotFound("No such user") from None


def _own(user_id: str) -> User:
    try:
        user = _get(user_id)
    except NotFound:
        raise _gone() from None
    if user.deleted_at is not None:
        raise _gone()
    return user


def _gone() -> Unauthenticated:
    return Unauthenticated("The account of this token is gone", code="account_deleted")


def _taken(error: TransactWriteError, names: list[str]) -> DomainError:
    """Reasons stand in the order of the actions: username, email, user."""
    for name, reason in zip(names, error.cancellation_reasons, strict=False):
        if reason is not None and reason.code == "ConditionalCheckFailed":
            field = name.partition(":")[0]
            return Conflict(f"This {field} is taken", code=f"{field}_taken")
    return Unavailable("The user could not be stored; nothing was written. Try again")

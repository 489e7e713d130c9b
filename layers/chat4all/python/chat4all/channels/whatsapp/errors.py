"""The Cloud API's errors as fates (…/whatsapp/support/error-codes), of answers and of statuses alike."""

from typing import Any

from chat4all.channels.fates import Fate
from chat4all.channels.meta import errors as meta
from chat4all.channels.meta.errors import Failure, again, gone, permanent, throttled

_DAY_S = 24 * 3600.0

MEANINGS: meta.Meanings = {
    33: permanent("account_refused"),  # the number was deleted
    130429: throttled("throttled", 1.0),  # throughput of the number
    130472: permanent("withheld"),  # the user's number is part of an experiment
    130497: permanent("restricted_country"),
    131000: again("unreachable"),  # something went wrong
    131005: permanent("account_refused"),  # access denied
    131008: permanent("refused"),  # a parameter is missing
    131009: permanent("refused"),  # a parameter's value is not valid
    131016: again("unreachable"),  # service unavailable
    131021: permanent("refused"),  # the recipient is the sender
    131026: gone(),  # not on WhatsApp, its terms not accepted, or too old an app
    131030: permanent("recipient_not_allowed"),  # a test number sends to listed recipients only
    131031: permanent("account_refused"),  # account locked
    131037: permanent("account_refused"),  # the number's display name is not approved
    131042: permanent("account_refused"),  # payment
    131045: permanent("account_refused"),  # number not registered
    131047: permanent("window_closed"),  # more than 24 hours since their last message
    131048: permanent("spam_limited"),
    131049: throttled("withheld", _DAY_S),  # "to maintain healthy ecosystem engagement"; Meta: not again within a day
    131050: permanent("opted_out"),  # the user has stopped marketing messages
    131051: permanent("unsupported_type"),
    131052: permanent("media_refused"),  # a user's media cannot be downloaded
    131053: permanent("media_refused"),  # ours could not be taken
    131056: throttled("throttled", 6.0),  # too many to the same recipient
    131057: again("unreachable"),  # the account is in maintenance
    131062: permanent("phone_needed"),  # this message cannot go to a business-scoped id
    133010: permanent("account_refused"),  # number not registered
    133016: throttled("throttled", 60.0),  # too many registrations
}
_OF_TEMPLATES = range(132000, 133000)
INVALID_VALUE = 131009


def fate_of(failure: Failure) -> Fate:
    """The fate of a call that failed."""
    if failure.code in _OF_TEMPLATES:
        return permanent("template_refused")(failure)
    return meta.fate_of(failure, MEANINGS)


def reason_of(errors: Any) -> str:
    """Why a message failed, of a status' `errors`: a stable word, a colon and WhatsApp's text."""
    first = errors[0] if isinstance(errors, list) and errors else None
    failure = meta.read_error(first, status=400)
    if failure.code is None:
        return "failed: WhatsApp does not say why"
    return fate_of(failure).reason

"""Errors of the Send API as fates, the same on Messenger and Instagram.

Sources: developers.facebook.com/documentation/business-messaging/messenger-platform/error-codes, and the errors of
developers.facebook.com/docs/graph-api/reference/page/messages.
"""

from chat4all.channels.fates import Fate
from chat4all.channels.meta.errors import Failure, Meanings, again, gone, permanent
from chat4all.channels.meta.errors import fate_of as _fate_of

MEANINGS: Meanings = {
    1: again("unreachable"),  # unknown error; of a missing permission it stays, and the retries end by themselves
    (10, 2018278): permanent("window_closed"),  # sent outside of the allowed window
    (10, 2018065): permanent("window_closed"),  # the same, of older versions
    (10, 2018108): gone("unavailable"),  # the person does not receive messages
    (100, 2018001): gone(),  # no matching user
    (100, 2018008): permanent("media_refused"),  # the file could not be fetched from its URL
    (100, 2018047): again("media"),  # the attachment could not be uploaded (secondary)
    (100, 2018109): permanent("too_large"),  # the attachment is too large
    (100, 2018294): again("media"),  # the upload of a video timed out (secondary)
    (200, 1545041): gone("unavailable"),  # the person is not available
    (200, 2018108): gone("unavailable"),  # the person does not receive messages
    (200, 2018021): permanent("refused"),  # a recipient by phone number is not allowed here
    230: permanent("account_refused"),  # the page may not message this person
    551: gone("unavailable"),  # this person is not available right now
    1200: again("unreachable"),  # temporary failure of the send
    2022: permanent("account_refused"),  # commerce messages are disabled for the app
    10903: gone("unavailable"),  # the user cannot reply to this activity
    10904: permanent("account_refused"),  # the page has messages disabled
}


def fate_of(failure: Failure) -> Fate:
    """The fate of a call that failed."""
    return _fate_of(failure, MEANINGS)

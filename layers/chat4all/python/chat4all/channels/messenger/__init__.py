"""Messenger, by a Facebook page (developers.facebook.com/documentation/business-messaging/messenger-platform).

The webhook's shape and the Send API are Instagram's too: `meta.messaging` has them, and here is what is Messenger's own.
"""

"""Instagram, by a professional account (developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login).

The webhook's shape and the Send API are Messenger's too: `meta.messaging` has them, and here is what is Instagram's own.
"""

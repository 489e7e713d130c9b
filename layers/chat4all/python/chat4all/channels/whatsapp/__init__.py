"""WhatsApp, by the Cloud API (developers.facebook.com/documentation/business-messaging/whatsapp).

The fixed modules of a channel (`channels.channel`), and `contents`, what a message says by its type, and `bodies`, messages as
the API takes them.
"""

"""A local stack that runs a SAM application as AWS does, without Docker and without an account.

It knows SAM, Lambda, API Gateway and Kafka event source mappings. It knows nothing of the application it runs.
"""

"""The AWS endpoint of a stack: what `aws --endpoint-url`, boto3 and functions call instead of amazonaws.com."""

"""What the functions share. `sam build` puts it under python/ in the layer."""

import os

import boto3


def visitors():
    return boto3.resource("dynamodb").Table(os.environ["VISITORS"])


def pets():
    return boto3.resource("dynamodb").Table(os.environ["PETS"])

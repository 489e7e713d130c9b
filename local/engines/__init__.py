"""The real engines behind the stack: Apache Kafka, a DynamoDB engine and an S3 engine, each a process of its own."""

"""The classic: takes ten messages at a time from a queue of SQS, and puts them as batch-ID.csv into a bucket of S3.

With the word fill it sends messages instead; with the word rows it prints what is in the bucket.
"""

import csv
import io
import json
import sys

import boto3

word, queue, bucket = sys.argv[1:]
sqs = boto3.client("sqs")
s3 = boto3.client("s3")
url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
fields = ["id", "text"]


def take():
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", [])


if word == "make":
    s3.create_bucket(Bucket=bucket)
elif word == "fill":
    for number in range(25):
        body = json.dumps({"id": number, "text": f"grüße, {number}"})
        origin = {"origin": {"DataType": "String", "StringValue": "boto3"}}
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=origin)
elif word == "rows":
    for item in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        text = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read().decode()
        for row in csv.DictReader(io.StringIO(text)):
            print(item["Key"].split("-")[0], row["id"], row["text"])
else:
    while messages := take():
        text = io.StringIO()
        writer = csv.DictWriter(text, fields)
        writer.writeheader()
        writer.writerows(json.loads(message["Body"]) for message in messages)
        key = f"batch-{messages[0]['MessageId']}.csv"
        s3.put_object(Bucket=bucket, Key=key, Body=text.getvalue().encode())
        print(key)
        entries = [{"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]} for at, each in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)

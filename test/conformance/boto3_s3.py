"""Drives the S3 of the local SageMaker as boto3 programs do; prints what it saw as JSON."""
import hashlib
import io
import json
import os
import sys
import urllib.request

import boto3
from botocore.exceptions import ClientError

endpoint = sys.argv[1]
s3 = boto3.client("s3", endpoint_url=endpoint)
seen = {}


def code_of(call):
    try:
        call()
        return "no error"
    except ClientError as error:
        return error.response["Error"]["Code"]


s3.create_bucket(Bucket="boto-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
s3.head_bucket(Bucket="boto-bucket")
seen["buckets"] = [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]

s3.put_object(Bucket="boto-bucket", Key="about", Body=b"hello", Metadata={"folds": "5"}, ContentType="text/csv")
got = s3.get_object(Bucket="boto-bucket", Key="about", ChecksumMode="ENABLED")
seen["about"] = [got["Body"].read().decode(), got["Metadata"], got["ContentType"], got["ETag"], got.get("ChecksumCRC32")]

# 20 MB: the transfer manager uploads and downloads in parts.
content = os.urandom(20_000_000)
s3.upload_fileobj(io.BytesIO(content), "boto-bucket", "big")
back = io.BytesIO()
s3.download_fileobj("boto-bucket", "big", back)
seen["big"] = hashlib.sha256(back.getvalue()).hexdigest() == hashlib.sha256(content).hexdigest()
seen["bigEtag"] = s3.head_object(Bucket="boto-bucket", Key="big")["ETag"]

keys = ["a b+c&d", "a//b", "p/x", "p/x/y", "ä/日本/🙂", "100%25", "../up", "line\nbreak"]
for key in keys:
    s3.put_object(Bucket="boto-odd", Key=key, Body=key.encode())
pages = s3.get_paginator("list_objects_v2").paginate(Bucket="boto-odd", PaginationConfig={"PageSize": 3})
listed = [item["Key"] for page in pages for item in page.get("Contents", [])]
seen["listed"] = listed == sorted(keys, key=lambda key: key.encode())
seen["read"] = all(s3.get_object(Bucket="boto-odd", Key=key)["Body"].read() == key.encode() for key in keys)
old = s3.list_objects(Bucket="boto-odd", Delimiter="/")
seen["prefixes"] = [item["Prefix"] for item in old["CommonPrefixes"]]
s3.copy({"Bucket": "boto-bucket", "Key": "big"}, "boto-odd", "copied")
seen["copied"] = s3.head_object(Bucket="boto-odd", Key="copied")["ContentLength"]
deleted = s3.delete_objects(Bucket="boto-odd", Delete={"Objects": [{"Key": key} for key in keys]})
seen["deleted"] = len(deleted["Deleted"])

url = s3.generate_presigned_url("get_object", Params={"Bucket": "boto-bucket", "Key": "about"})
seen["presigned"] = urllib.request.urlopen(url).read().decode()
s3.put_object(Bucket="boto-bucket", Key="once", Body=b"1", IfNoneMatch="*")
seen["codes"] = [
    code_of(lambda: s3.put_object(Bucket="boto-bucket", Key="once", Body=b"2", IfNoneMatch="*")),
    code_of(lambda: s3.get_object(Bucket="boto-bucket", Key="missing")),
    code_of(lambda: s3.head_object(Bucket="boto-bucket", Key="missing")),
    code_of(lambda: s3.list_objects_v2(Bucket="boto-missing")),
    code_of(lambda: s3.get_object(Bucket="boto-bucket", Key="about", Range="bytes=9-")),
    code_of(lambda: s3.delete_bucket(Bucket="boto-bucket")),
]
seen["account"] = boto3.client("sts", endpoint_url=endpoint).get_caller_identity()["Account"]
print(json.dumps(seen))

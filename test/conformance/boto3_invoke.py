"""Makes a model, an endpoint and a transform-like request as a boto3 program does; prints what it saw as JSON."""
import json
import sys

import boto3

endpoint, artifact = sys.argv[1], sys.argv[2]
sagemaker = boto3.client("sagemaker", endpoint_url=endpoint)
runtime = boto3.client("sagemaker-runtime", endpoint_url=endpoint)
role = "arn:aws:iam::000000000000:role/service-role/Local"

sagemaker.create_model(ModelName="Boto", ExecutionRoleArn=role, PrimaryContainer={"Image": "doubling:1", "ModelDataUrl": artifact})
variant = {"VariantName": "A", "ModelName": "Boto", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
sagemaker.create_endpoint_config(EndpointConfigName="Boto", ProductionVariants=[variant])
sagemaker.create_endpoint(EndpointName="Boto", EndpointConfigName="Boto")
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="Boto")
answer = runtime.invoke_endpoint(EndpointName="Boto", ContentType="text/csv", Accept="text/x-own", Body=b"21", TargetVariant="A")
seen = {
    "body": answer["Body"].read().decode(),
    "type": answer["ContentType"],
    "variant": answer["InvokedProductionVariant"],
}
try:
    runtime.invoke_endpoint(EndpointName="Boto", ContentType="text/csv", Body=b"bad")
except runtime.exceptions.ModelError as error:
    seen["modelError"] = [error.response["OriginalStatusCode"], error.response["OriginalMessage"]]
try:
    runtime.invoke_endpoint(EndpointName="Nobody", Body=b"1")
except runtime.exceptions.ClientError as error:
    seen["missing"] = error.response["Error"]["Code"]
sagemaker.delete_endpoint(EndpointName="Boto")
print(json.dumps(seen))

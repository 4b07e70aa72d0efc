"""Creates, runs and reads a pipeline as boto3 programs do; prints what it saw as JSON."""
import datetime
import json
import sys
import time

import boto3

endpoint, definition = sys.argv[1], sys.argv[2]
client = boto3.client("sagemaker", endpoint_url=endpoint)
role = "arn:aws:iam::000000000000:role/service-role/Local"
seen = {}

created = client.create_pipeline(PipelineName="Boto", PipelineDefinition=definition, RoleArn=role, Tags=[{"Key": "a", "Value": "b"}])
seen["arn"] = created["PipelineArn"]
seen["tags"] = client.list_tags(ResourceArn=created["PipelineArn"])["Tags"]
client.update_pipeline(PipelineName="Boto", PipelineDescription="changed")
described = client.describe_pipeline(PipelineName="Boto")
seen["described"] = [described["PipelineStatus"], described["PipelineDescription"], described["PipelineDefinition"] == definition]
seen["creationTime"] = isinstance(described["CreationTime"], datetime.datetime)

started = client.start_pipeline_execution(PipelineName="Boto", PipelineParameters=[{"Name": "Limit", "Value": "3"}])
arn = started["PipelineExecutionArn"]
for _ in range(200):
    execution = client.describe_pipeline_execution(PipelineExecutionArn=arn)
    if execution["PipelineExecutionStatus"] not in ("Executing", "Stopping"):
        break
    time.sleep(0.05)
seen["status"] = execution["PipelineExecutionStatus"]
seen["reason"] = execution.get("FailureReason")
steps = [step for page in client.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn) for step in page["PipelineExecutionSteps"]]
seen["steps"] = {step["StepName"]: [step["StepStatus"], step.get("Metadata")] for step in steps}
seen["parameters"] = client.list_pipeline_parameters_for_execution(PipelineExecutionArn=arn)["PipelineParameters"]
seen["executions"] = [item["PipelineExecutionArn"] == arn for item in client.list_pipeline_executions(PipelineName="Boto")["PipelineExecutionSummaries"]]

try:
    client.describe_pipeline(PipelineName="Missing")
except client.exceptions.ResourceNotFound as error:
    seen["missing"] = error.response["Error"]["Message"]
try:
    client.create_pipeline(PipelineName="Boto", PipelineDefinition=definition, RoleArn=role)
except client.exceptions.ClientError as error:
    seen["clash"] = [error.response["Error"]["Code"], error.response["Error"]["Message"]]
client.delete_pipeline(PipelineName="Boto")
print(json.dumps(seen, default=str))

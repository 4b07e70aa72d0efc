"""Works off a Callback step's message as a boto3 program does; prints what it saw as JSON."""
import json
import sys
import time

import boto3

endpoint, definition, queue = sys.argv[1], sys.argv[2], sys.argv[3]
sagemaker = boto3.client("sagemaker", endpoint_url=endpoint)
sqs = boto3.client("sqs", endpoint_url=endpoint)
role = "arn:aws:iam::000000000000:role/service-role/Local"

sagemaker.create_pipeline(PipelineName="Asking", PipelineDefinition=definition, RoleArn=role)
arn = sagemaker.start_pipeline_execution(PipelineName="Asking")["PipelineExecutionArn"]
[message] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20, MaxNumberOfMessages=10)["Messages"]
body = json.loads(message["Body"])
hidden = sqs.receive_message(QueueUrl=queue).get("Messages", [])
sagemaker.send_pipeline_execution_step_success(
    CallbackToken=body["token"], OutputParameters=[{"Name": "answer", "Value": str(body["arguments"]["number"] * 2)}]
)
sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
for _ in range(200):
    status = sagemaker.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"]
    if status not in ("Executing", "Stopping"):
        break
    time.sleep(0.05)
[step] = sagemaker.list_pipeline_execution_steps(PipelineExecutionArn=arn)["PipelineExecutionSteps"]
sent = sqs.send_message(QueueUrl=queue, MessageBody="mine")
again = sqs.receive_message(QueueUrl=sqs.get_queue_url(QueueName=queue.split("/")[-1])["QueueUrl"])["Messages"]
try:
    sqs.get_queue_url(QueueName="nothing")
    missing = None
except sqs.exceptions.QueueDoesNotExist as error:
    missing = error.response["Error"]["Code"]
print(json.dumps({
    "isOwn": body["pipelineExecutionArn"] == arn,
    "status": [body["status"], status],
    "hidden": hidden,
    "outputs": step["Metadata"]["Callback"]["OutputParameters"],
    "again": [item["Body"] for item in again if item["MessageId"] == sent["MessageId"]],
    "missing": missing,
}))

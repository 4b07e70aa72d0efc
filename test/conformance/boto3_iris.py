"""Runs the Iris cross-validation with boto3 alone; prints what it saw as JSON."""
import json
import sys
import time

import boto3

endpoint, definition_file, data_file = sys.argv[1:4]
s3 = boto3.client("s3", endpoint_url=endpoint)
client = boto3.client("sagemaker", endpoint_url=endpoint)
role = "arn:aws:iam::111122223333:role/SageMakerExecutionRole"

s3.upload_file(data_file, "boto-iris", "input/iris.csv")
# As large definitions are sent: through S3.
s3.upload_file(definition_file, "boto-iris", "definition.json")
location = {"Bucket": "boto-iris", "ObjectKey": "definition.json"}
client.create_pipeline(PipelineName="BotoIris", PipelineDefinitionS3Location=location, RoleArn=role)
parameters = {"InputDataUri": "s3://boto-iris/input/iris.csv", "BaselineObjective": "0.98"}
arn = client.start_pipeline_execution(
    PipelineName="BotoIris",
    PipelineParameters=[{"Name": name, "Value": value} for name, value in parameters.items()],
    ParallelismConfiguration={"MaxParallelExecutionSteps": 2},
)["PipelineExecutionArn"]
while client.describe_pipeline_execution(PipelineExecutionArn=arn)["PipelineExecutionStatus"] == "Executing":
    time.sleep(0.2)

execution = client.describe_pipeline_execution(PipelineExecutionArn=arn)
steps = []
for page in client.get_paginator("list_pipeline_execution_steps").paginate(PipelineExecutionArn=arn, PaginationConfig={"PageSize": 3}):
    steps += page["PipelineExecutionSteps"]
jobs = [step["Metadata"]["TrainingJob"]["Arn"].split("/")[-1] for step in steps if "TrainingJob" in step["Metadata"]]
described = [client.describe_training_job(TrainingJobName=job) for job in jobs]
processing = [step["Metadata"]["ProcessingJob"]["Arn"].split("/")[-1] for step in steps if "ProcessingJob" in step["Metadata"]]
packages = client.list_model_packages(ModelPackageGroupName="IrisClassifier")["ModelPackageSummaryList"]
package = client.describe_model_package(ModelPackageName=packages[0]["ModelPackageArn"])
report = package["ModelMetrics"]["ModelQuality"]["Statistics"]["S3Uri"].split("/", 3)
evaluation = json.loads(s3.get_object(Bucket=report[2], Key=report[3])["Body"].read())
print(json.dumps({
    "arn": arn,
    "status": execution["PipelineExecutionStatus"],
    "steps": sorted(step["StepName"] for step in steps),
    "statuses": sorted({step["StepStatus"] for step in steps}),
    "trainings": sorted({job["TrainingJobStatus"] for job in described}),
    "processing": sorted({client.describe_processing_job(ProcessingJobName=job)["ProcessingJobStatus"] for job in processing}),
    "artifacts": all(job["ModelArtifacts"]["S3ModelArtifacts"].endswith("/output/model.tar.gz") for job in described),
    "metrics": sorted({metric["MetricName"] for job in described for metric in job.get("FinalMetricDataList", [])}),
    "mean": evaluation["objective"]["mean"],
    "approval": package["ModelApprovalStatus"],
    "package": package["ModelPackageArn"],
}))

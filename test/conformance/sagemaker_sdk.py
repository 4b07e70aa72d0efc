"""Drives the local SageMaker with the SageMaker Python SDK (v2) as its users do; prints what it saw as JSON."""
import json
import logging
import os
import sys
import tempfile
import time

endpoint, data_file = sys.argv[1:3]
os.environ["AWS_ENDPOINT_URL_S3"] = endpoint
os.environ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1"
# The SDK reports each call to AWS unless a configuration file says no.
with tempfile.NamedTemporaryFile("w", suffix=".yaml", delete=False) as config:
    config.write("SchemaVersion: '1.0'\nSageMaker:\n  PythonSDK:\n    Modules:\n      TelemetryOptOut: true\n")
os.environ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = config.name
logging.disable(logging.WARNING)

import boto3  # noqa: E402
from sagemaker.estimator import Estimator  # noqa: E402
from sagemaker.inputs import TrainingInput  # noqa: E402
from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor  # noqa: E402
from sagemaker.workflow.condition_step import ConditionStep  # noqa: E402
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo  # noqa: E402
from sagemaker.workflow.fail_step import FailStep  # noqa: E402
from sagemaker.workflow.functions import Join, JsonGet  # noqa: E402
from sagemaker.workflow.parameters import ParameterFloat, ParameterString  # noqa: E402
from sagemaker.workflow.pipeline import Pipeline  # noqa: E402
from sagemaker.workflow.pipeline_context import PipelineSession  # noqa: E402
from sagemaker.workflow.properties import PropertyFile  # noqa: E402
from sagemaker.workflow.steps import ProcessingStep, TrainingStep  # noqa: E402

role = "arn:aws:iam::111122223333:role/SageMakerExecutionRole"
registry = "111122223333.dkr.ecr.us-east-1.amazonaws.com"
boto_session = boto3.Session(region_name="us-east-1")
session = PipelineSession(
    boto_session=boto_session,
    sagemaker_client=boto_session.client("sagemaker", endpoint_url=endpoint),
    # Without it the SDK asks AWS's own STS for the account, whatever the endpoints of the session are.
    default_bucket="sdk-bucket",
)
seen = {"bucket": session.default_bucket()}
data = session.upload_data(data_file, key_prefix="input")
uri = ParameterString("InputDataUri", default_value=data)
kernel = ParameterString("Kernel", default_value="linear")
least = ParameterFloat("LeastRecords", default_value=150.0)


def processor(*entrypoint):
    return Processor(
        image_uri=f"{registry}/foldwise-processing:1",
        role=role,
        instance_count=1,
        instance_type="ml.m5.large",
        entrypoint=list(entrypoint),
        sagemaker_session=session,
    )


folds = PropertyFile(name="FoldReport", output_name="report", path="folds.json")
split = ProcessingStep(
    name="Split",
    step_args=processor("node", "/opt/foldwise/split.mjs").run(
        inputs=[ProcessingInput(source=uri, destination="/opt/ml/processing/input/data", input_name="data")],
        outputs=[
            ProcessingOutput(output_name=name, source=f"/opt/ml/processing/output/{name}")
            for name in ("train", "validation", "all", "report")
        ],
        arguments=["--strategy", "kfold", "--k", "2", "--header", "--label", "species", "--shuffle", "--seed", "23"],
    ),
    property_files=[folds],
)
outputs = split.properties.ProcessingOutputConfig.Outputs
estimator = Estimator(
    image_uri=f"{registry}/foldwise-training:1",
    role=role,
    instance_count=1,
    instance_type="ml.m5.large",
    hyperparameters={"kernel": kernel, "C": "1", "label": "species", "header": "true"},
    metric_definitions=[{"Name": "validation:accuracy", "Regex": "validation:accuracy=([0-9.eE+-]+)"}],
    sagemaker_session=session,
)
channels = {
    name: TrainingInput(Join(on="", values=[outputs[name].S3Output.S3Uri, "/0/"]), content_type="text/csv")
    for name in ("train", "validation")
}
train = TrainingStep(name="Train", step_args=estimator.fit(channels))
gate = ConditionStep(
    name="Gate",
    conditions=[ConditionGreaterThanOrEqualTo(left=JsonGet(step_name="Split", property_file=folds, json_path="records"), right=least)],
    if_steps=[train],
    else_steps=[FailStep(name="TooFew", error_message=Join(on=" ", values=["fewer records than", least]))],
)
pipeline = Pipeline(name="SdkPipeline", parameters=[uri, kernel, least], steps=[split, gate], sagemaker_session=session)
seen["created"] = pipeline.upsert(role_arn=role, tags=[{"Key": "team", "Value": "ml"}])["PipelineArn"]
seen["updated"] = pipeline.upsert(role_arn=role, description="again")["PipelineArn"]
seen["description"] = pipeline.describe()["PipelineDescription"]

execution = pipeline.start(parameters={"Kernel": "rbf"}, execution_display_name="first")
execution.wait(delay=1, max_attempts=120)
seen["status"] = execution.describe()["PipelineExecutionStatus"]
steps = {step["StepName"]: step for step in execution.list_steps()}
seen["steps"] = {name: step["StepStatus"] for name, step in steps.items()}
job = steps["Train"]["Metadata"]["TrainingJob"]["Arn"].split("/")[-1]
described = session.sagemaker_client.describe_training_job(TrainingJobName=job)
seen["hyperparameters"] = described["HyperParameters"]
seen["metrics"] = [metric["MetricName"] for metric in described["FinalMetricDataList"]]
seen["parameters"] = execution.list_parameters()["PipelineParameters"]

failing = pipeline.start(parameters={"LeastRecords": 151.0})
try:
    failing.wait(delay=1, max_attempts=120)
except Exception as error:  # botocore's WaiterError
    seen["waitFails"] = type(error).__name__
seen["failedSteps"] = {step["StepName"]: step.get("FailureReason") for step in failing.list_steps() if step["StepStatus"] == "Failed"}

sleeper = Pipeline(
    name="SdkSleeper",
    steps=[ProcessingStep(name="Sleep", step_args=processor("node", "-e", "setTimeout(() => {}, 600000)").run())],
    sagemaker_session=session,
)
sleeper.upsert(role_arn=role)
sleeping = sleeper.start()
while [step["StepStatus"] for step in sleeping.list_steps()] != ["Executing"]:
    time.sleep(0.1)
sleeping.stop()
while sleeping.describe()["PipelineExecutionStatus"] in ("Executing", "Stopping"):
    time.sleep(0.1)
seen["stopped"] = [sleeping.describe()["PipelineExecutionStatus"]] + [step["StepStatus"] for step in sleeping.list_steps()]

# From 100 KiB on, the SDK sends a definition through S3.
large = Pipeline(
    name="SdkLarge",
    steps=[FailStep(name=f"Fail{i}", error_message="x" * 3000) for i in range(40)],
    sagemaker_session=session,
)
large.upsert(role_arn=role)
seen["large"] = len(large.describe()["PipelineDefinition"]) > 100 * 1024
seen["executions"] = len(pipeline.list_executions()["PipelineExecutionSummaries"])
pipeline.delete()
try:
    pipeline.describe()
except Exception as error:
    seen["deleted"] = error.response["Error"]["Code"]
os.unlink(config.name)
print(json.dumps(seen))

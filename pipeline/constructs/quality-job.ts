import type { ProcessingInstanceType } from '@aws-sdk/client-sagemaker'
import type { Args } from '../dsl/args.ts'
import { type Text, textMap } from '../dsl/emit.ts'
import { type Instance, type JobOptions, resources, type StringValue, tagList, vpcConfig } from '../dsl/job-options.ts'
import { mistake, show } from '../dsl/mistake.ts'
import type { ProcessingArguments } from '../dsl/steps/processing.ts'

/** How the data set is written, as Model Monitor names it. */
export type DatasetFormat =
  | { readonly csv: { readonly header: boolean; readonly output_columns_position?: 'START' | 'END' } }
  | { readonly json: { readonly lines: boolean } }
  | { readonly parquet: Record<never, never> }

/** What of a record is predicted and what is true: a position or a JSONPath. */
export interface ModelQuality {
  readonly problem: 'Regression' | 'BinaryClassification' | 'MulticlassClassification'
  readonly inference?: Text
  readonly probability?: Text
  readonly groundTruth?: Text
  /** From this probability on a record counts as positive. */
  readonly probabilityThreshold?: Text
}

export interface QualityJobOptions
  extends Pick<JobOptions, 'role' | 'image' | 'vpc' | 'kmsKey' | 'networkIsolation' | 'tags' | 'environment'>,
    Partial<Pick<JobOptions, 'maxRuntimeInSeconds'>> {
  /** S3 URI of the data set. */
  readonly dataset: StringValue
  readonly format: DatasetFormat
  /** S3 URI that statistics and constraints are written to. */
  readonly output: StringValue
  /** @default 'ml.m5.xlarge' on a disk of 30 GB */
  readonly instance?: Instance<ProcessingInstanceType>
  /** For the check `MODEL_QUALITY`. */
  readonly model?: ModelQuality
  /** S3 URI of a Python script that changes each record first; not for `MODEL_QUALITY`. Literal: its name goes to the container. */
  readonly preprocessor?: string
  /** S3 URI of a Python script that runs in the end. */
  readonly postprocessor?: string
}

const root = '/opt/ml/processing'

/**
 * The processing job of a quality check, as Model Monitor's container wants it: for the `arguments` of `qualityCheckStep`.
 *
 * @param options `image` is that of Model Monitor in the region, `…/sagemaker-model-monitor-analyzer`.
 * @throws UserError for a script whose name cannot be known
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-byoc-parameters.html
 */
export function qualityJob(options: QualityJobOptions): Args<ProcessingArguments> {
  const {
    image,
    role,
    dataset,
    format,
    output,
    instance = 'ml.m5.xlarge',
    model,
    kmsKey,
    vpc,
    networkIsolation,
  } = options
  const { preprocessor, postprocessor, maxRuntimeInSeconds, tags, environment } = options
  if (model !== undefined && preprocessor !== undefined) {
    throw mistake('qualityJob: preprocessor — a check of a model runs none; leave it out.')
  }
  const scripts = [
    ['post_analytics_processor_script', postprocessor] as const,
    ['record_preprocessor_script', preprocessor] as const,
  ].flatMap(([name, uri]) => (uri === undefined ? [] : [{ name, uri, input: `${name}_input` }]))
  return {
    ProcessingResources: { ClusterConfig: resources(instance, kmsKey) },
    AppSpecification: { ImageUri: image },
    RoleArn: role,
    ProcessingInputs: [
      inputOf('baseline_dataset_input', dataset),
      ...scripts.map(({ input, uri }) => inputOf(input, uri)),
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: 'quality_check_output',
          AppManaged: false,
          S3Output: { S3Uri: output, LocalPath: `${root}/output`, S3UploadMode: 'EndOfJob' },
        },
      ],
      KmsKeyId: kmsKey,
    },
    Environment: textMap({
      ...environment,
      output_path: `${root}/output`,
      publish_cloudwatch_metrics: 'Disabled',
      dataset_format: spacedJson(format),
      dataset_source: `${root}/input/baseline_dataset_input`,
      ...Object.fromEntries(
        scripts.map(({ name, uri, input }) => [name, `${root}/input/${input}/${fileName(name, uri)}`]),
      ),
      ...(model && {
        analysis_type: 'MODEL_QUALITY',
        problem_type: model.problem,
        inference_attribute: model.inference,
        probability_attribute: model.probability,
        ground_truth_attribute: model.groundTruth,
        probability_threshold_attribute: model.probabilityThreshold,
      }),
    }),
    StoppingCondition: maxRuntimeInSeconds === undefined ? undefined : { MaxRuntimeInSeconds: maxRuntimeInSeconds },
    NetworkConfig:
      vpc === undefined && networkIsolation === undefined
        ? undefined
        : { EnableNetworkIsolation: networkIsolation, VpcConfig: vpcConfig(vpc) },
    Tags: tagList(tags),
  } as Args<ProcessingArguments>
}

const inputOf = (name: string, uri: StringValue) => ({
  InputName: name,
  AppManaged: false,
  S3Input: {
    S3Uri: uri,
    LocalPath: `${root}/input/${name}`,
    S3DataType: 'S3Prefix',
    S3InputMode: 'File',
    S3DataDistributionType: 'FullyReplicated',
    S3CompressionType: 'None',
  },
})

function fileName(option: string, uri: string): string {
  const name = typeof uri === 'string' ? /^s3:\/\/[^/]+\/(?:.*\/)?([^/]+)$/.exec(uri)?.[1] : undefined
  if (name !== undefined) return name
  throw mistake(
    `qualityJob: ${option} — ${show(uri)} names no script in S3; give its literal URI, such as "s3://bucket/code/post.py".`,
  )
}

/** JSON as Python writes it, which is what the SageMaker Python SDK hands over: the same text, the same cache key. */
const spacedJson = (value: object): string =>
  JSON.stringify(value, null, 1)
    .replace(/\n\s*/g, ' ')
    .replace(/([{[]) /g, '$1')
    .replace(/ ([}\]])/g, '$1')

import type { ProcessingInstanceType } from '@aws-sdk/client-sagemaker'
import { repackContainer } from '../../schemas/containers.ts'
import { didYouMean } from '../../schemas/nearest.ts'
import { type CodePlace, codeAsset } from '../dsl/code-place.ts'
import { execution } from '../dsl/execution.ts'
import type { Expr } from '../dsl/expression.ts'
import type { Instance, StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { readSource } from '../dsl/source-archive.ts'
import { type ConciseProcessing, processingStep, type ProcessingStep } from '../dsl/steps/processing.ts'
import { type OutputPlace, outputUri } from './output-uri.ts'

export interface RepackModelOptions
  extends Omit<
    ConciseProcessing,
    'instance' | 'entrypoint' | 'containerArguments' | 'inputs' | 'outputs' | 'propertyFiles'
  > {
  /** S3 URI of the model's `.tar.gz`, such as a training step's `properties.ModelArtifacts.S3ModelArtifacts`. */
  readonly modelData: StringValue
  /** Folder with the inference code: a URL, an absolute path, or a path relative to the file that calls. */
  readonly source: string | URL
  /** Program inside the folder, such as `inference.py`. */
  readonly entryPoint: string
  /** Bucket and prefix that the packed code is uploaded to. */
  readonly code: CodePlace
  /** The step writes `<output>/<pipeline>/<execution id>/<step>/model.tar.gz`. */
  readonly output: OutputPlace
  /** @default 'ml.m5.large' */
  readonly instance?: Instance<ProcessingInstanceType>
}

export interface RepackModelStep extends ProcessingStep<'model', 'model' | 'code', never> {
  /** S3 URI of the model with its code, for `modelStep` and `registerModelStep`. */
  readonly modelData: Expr<string>
  /** Variables by which AWS's serving containers find the program; give them to the model. */
  readonly environment: {
    readonly SAGEMAKER_PROGRAM: string
    readonly SAGEMAKER_SUBMIT_DIRECTORY: string
  }
}

/**
 * A step that packs inference code into a model, under `code/`, where AWS's serving containers look for it.
 *
 * It is the job that the SageMaker Python SDK starts behind your back when a model has an `entry_point`: here it is one
 * visible processing step of Foldwise's image. The code is uploaded below its digest, so that an unchanged folder never
 * breaks a cache, and the same model and code give the same bytes.
 *
 * @throws UserError for a folder without the program
 */
export function repackModel(name: string, options: RepackModelOptions): RepackModelStep {
  const where = `repackModel "${name}"`
  const { modelData, source, entryPoint, code, output, assets = [], ...job } = options
  const { files, sha256, bytes } = readSource(where, source)
  if (!files.includes(entryPoint)) {
    throw mistake(
      `${where}: entryPoint — the source has no ${show(entryPoint)}; name a file in it.${didYouMean(String(entryPoint), files)}`,
    )
  }
  const asset = codeAsset(`${where}: code`, code, {
    sha256,
    name: repackContainer.codeFile,
    contentType: 'application/gzip',
    bytes,
  })
  const { inputs, outputs } = repackContainer
  const step = processingStep<'model', 'model' | 'code', never>(name, {
    instance: 'ml.m5.large',
    ...job,
    entrypoint: repackContainer.entrypoint,
    inputs: {
      model: { uri: modelData, path: inputs.model },
      code: { uri: `s3://${asset.bucket}/${asset.key}`, path: inputs.code },
    },
    outputs: {
      model: {
        uri: join`${outputUri(`${where}: output`, output)}/${execution.PipelineName}/${execution.PipelineExecutionId}/${name}`,
        path: outputs.model,
      },
    },
    assets: [asset, ...assets],
  })
  const written = step.properties.ProcessingOutputConfig.Outputs.model.S3Output.S3Uri
  return Object.freeze({
    ...step,
    modelData: join`${written}/${repackContainer.modelFile}`,
    environment: Object.freeze({
      SAGEMAKER_PROGRAM: entryPoint,
      SAGEMAKER_SUBMIT_DIRECTORY: '/opt/ml/model/code',
    }),
  })
}

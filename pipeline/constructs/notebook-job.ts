import { basename } from 'node:path'
import type { CodePlace } from '../dsl/code-place.ts'
import { overlay, type Text } from '../dsl/emit.ts'
import { execution } from '../dsl/execution.ts'
import type { Expr, Value } from '../dsl/expression.ts'
import type { JobOptions, StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { locateSource } from '../dsl/source-path.ts'
import type { Step } from '../dsl/step.ts'
import { type ConciseTraining, trainingStep, type TrainingProperties } from '../dsl/steps/training.ts'
import { notebookFiles } from './notebook-files.ts'

/** The notebook: a file that an upsert uploads, or one that lies in S3 already. */
export type NotebookSource =
  | {
      /** The `.ipynb` file: a URL, an absolute path, or a path relative to the file that calls. */
      readonly notebook: string | URL
      /** Bucket and prefix that the files are uploaded to. */
      readonly code: CodePlace
      /** Shell script that runs before the notebook. */
      readonly initializationScript?: string | URL
      /** Files and folders that lie beside the notebook when it runs. */
      readonly dependencies?: readonly (string | URL)[]
    }
  | {
      /** The folder in S3 and the names of the files in it. */
      readonly notebook: { readonly folder: StringValue; readonly name: string; readonly initializationScript?: string }
      readonly code?: never
      readonly initializationScript?: never
      readonly dependencies?: never
    }

type Passed = Pick<
  ConciseTraining,
  | 'role'
  | 'image'
  | 'vpc'
  | 'tags'
  | 'retry'
  | 'dependsOn'
  | 'displayName'
  | 'description'
  | 'arguments'
  | 'networkIsolation'
>

export type NotebookJobOptions = NotebookSource &
  Passed & {
    /** Kernel of the image, such as `python3`. */
    readonly kernel: string
    /** Region that the job runs in, literal; the image must lie in it. */
    readonly region: string
    /** S3 URI; the job writes below `<output>/<pipeline>/<execution id>/<step>`. */
    readonly output: StringValue
    /** Name in Studio, and the beginning of the training job's name. @default the notebook's, without `.ipynb` */
    readonly jobName?: string
    /** Values for the notebook's cell that is tagged `parameters`. */
    readonly parameters?: Readonly<Record<string, Text>>
    readonly environment?: Readonly<Record<string, Text>>
    /** @default 'ml.m5.large' on a disk of 30 GB; there is always one instance */
    readonly instance?: ConciseTraining['instance']
    /** KMS key of what the job writes, and of its disk unless `volumeKmsKey` names another. */
    readonly kmsKey?: StringValue
    readonly volumeKmsKey?: StringValue
    /** @default 172800, two days */
    readonly maxRuntimeInSeconds?: Value<number>
    /** How often the training job itself is tried again after a fault of the service, 1 to 30. @default 1 */
    readonly maxRetryAttempts?: Value<number>
    /** Encrypt what the containers send to each other. @default true */
    readonly encryptTraffic?: boolean
  }

/** What Studio calls the parts of the training job. */
interface NotebookProperties {
  readonly ComputingJobName: Expr<string>
  readonly ComputingJobStatus: Expr<string>
  readonly NotebookJobInputLocation: Expr<string>
  readonly NotebookJobOutputLocationPrefix: Expr<string>
  readonly InputNotebookName: Expr<string>
  readonly OutputNotebookName: Expr<string>
}

export type NotebookJobStep = Step<TrainingProperties<string> & NotebookProperties>

const channel = 'sagemaker_headless_execution_pipelinestep'

/**
 * A step that runs a Jupyter notebook: a training job of an image with SageMaker's notebook scheduler.
 *
 * It writes what the SageMaker Python SDK's `NotebookJobStep` writes, except that the files are uploaded below their digest
 * instead of a timestamp. Studio shows the job only with the tags `sagemaker:domain-arn` and a user profile's or space's.
 *
 * @throws UserError for a notebook that is missing or none, and for an image of another region
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/notebook-auto-run.html
 */
export function notebookJobStep(name: string, options: NotebookJobOptions): NotebookJobStep {
  const where = `Step "${name}"`
  const {
    kernel,
    region,
    jobName: givenName,
    parameters,
    volumeKmsKey,
    maxRetryAttempts,
    encryptTraffic,
    ...rest
  } = options
  const { notebook: _notebook, code: _code, initializationScript: _script, dependencies: _dependencies, ...job } = rest
  const { image, output, environment, tags } = job
  checkImage(where, image, region)
  if (typeof kernel !== 'string' || kernel === '') {
    throw mistake(
      `${where}: kernel — ${show(kernel)} names no kernel; give the name of a kernel of the image, such as "python3".`,
    )
  }
  checkEnvironment(where, environment)
  const files = findFiles(where, options)
  const jobName = givenName ?? files.notebook.replace(/\.ipynb$/, '').replace(/^[^a-zA-Z]+|[^\w-]+/g, '')
  if (!/^[a-zA-Z][\w-]*$/.test(jobName)) {
    throw mistake(
      `${where}: jobName — ${show(jobName)} is no name of a notebook job; begin with a letter and use letters, digits, "-" and "_".`,
    )
  }
  const prefix = jobName.replaceAll('_', '-')
  const step = trainingStep(name, {
    ...job,
    instance: job.instance ?? 'ml.m5.large',
    output: join('/', [output, execution.PipelineName, execution.PipelineExecutionId, name]),
    entrypoint: ['amazon_sagemaker_scheduler'],
    channels: { [channel]: files.uri },
    maxRuntimeInSeconds: job.maxRuntimeInSeconds ?? 172_800,
    jobNamePrefix: prefix,
    assets: files.assets,
    ...(parameters && { hyperparameters: parameters }),
    environment: {
      ...environment,
      AWS_DEFAULT_REGION: region,
      SM_JOB_DEF_VERSION: '1.0',
      SM_ENV_NAME: 'sagemaker-default-env',
      SM_SKIP_EFS_SIMULATION: 'true',
      SM_EXECUTION_INPUT_PATH: `/opt/ml/input/data/${channel}`,
      SM_KERNEL_NAME: kernel,
      SM_INPUT_NOTEBOOK_NAME: files.notebook,
      SM_OUTPUT_NOTEBOOK_NAME: `${prefix}.ipynb`,
      ...(files.script !== undefined && { SM_INIT_SCRIPT: files.script }),
    },
    tags: {
      ...tags,
      'sagemaker:name': jobName,
      'sagemaker:notebook-name': files.notebook,
      'sagemaker:notebook-job-origin': 'PIPELINE_STEP',
      'sagemaker:is-studio-archived': 'false',
    },
    arguments: overlay(
      {
        RetryStrategy: { MaximumRetryAttempts: maxRetryAttempts ?? 1 },
        EnableInterContainerTrafficEncryption: encryptTraffic ?? true,
        ...(volumeKmsKey !== undefined && { ResourceConfig: { VolumeKmsKeyId: volumeKmsKey } }),
      },
      job.arguments,
    ) as NonNullable<Passed['arguments']>,
  })
  return Object.freeze({ ...step, properties: withAliases(step.properties) })
}

function findFiles(where: string, options: NotebookJobOptions) {
  const { notebook } = options
  if (typeof notebook === 'object' && !(notebook instanceof URL)) {
    const { folder, name, initializationScript: script } = notebook
    if (!name.endsWith('.ipynb')) {
      throw mistake(
        `${where}: notebook.name — ${show(name)} is no Jupyter notebook; name an .ipynb file of the folder.`,
      )
    }
    return { uri: folder, notebook: name, script, assets: [] }
  }
  const { initializationScript: script, dependencies = [], code } = options
  if (code === undefined) {
    throw mistake(`${where}: code — it is missing; give the bucket that an upsert uploads the notebook to.`)
  }
  const { uri, assets } = notebookFiles(where, { notebook, initializationScript: script, dependencies }, code)
  const nameOf = (file: string | URL) => basename(locateSource(file))
  return { uri, assets, notebook: nameOf(notebook), script: script && nameOf(script) }
}

/** The scheduler reads the image from its own region only. */
function checkImage(where: string, image: StringValue, region: string): void {
  if (typeof region !== 'string' || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw mistake(`${where}: region — ${show(region)} is no region; give one such as "us-east-1".`)
  }
  const other = typeof image === 'string' ? /\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\./.exec(image)?.[1] : undefined
  if (other === undefined || other === region) return
  throw mistake(
    `${where}: image — ${show(image)} lies in ${other}, and the job runs in ${region}; give the image of ${region}.`,
  )
}

const reserved =
  /^(AWS_DEFAULT_REGION|SM_(JOB_DEF_VERSION|ENV_NAME|SKIP_EFS_SIMULATION|EXECUTION_INPUT_PATH|KERNEL_NAME|INPUT_NOTEBOOK_NAME|OUTPUT_NOTEBOOK_NAME|INIT_SCRIPT))$/

function checkEnvironment(where: string, environment: JobOptions['environment']): void {
  const taken = Object.keys(environment ?? {}).find(name => reserved.test(name))
  if (taken === undefined) return
  throw mistake(
    `${where}: environment.${taken} — the notebook scheduler reads it, and the step sets it; choose another name.`,
  )
}

const aliases: { readonly [K in keyof NotebookProperties]: (properties: TrainingProperties<string>) => Expr<string> } =
  {
    ComputingJobName: properties => properties.TrainingJobName,
    ComputingJobStatus: properties => properties.TrainingJobStatus,
    NotebookJobInputLocation: properties => properties.InputDataConfig[0].DataSource.S3DataSource.S3Uri,
    NotebookJobOutputLocationPrefix: properties => properties.OutputDataConfig.S3OutputPath,
    InputNotebookName: properties => properties.Environment['SM_INPUT_NOTEBOOK_NAME'] as Expr<string>,
    OutputNotebookName: properties => properties.Environment['SM_OUTPUT_NOTEBOOK_NAME'] as Expr<string>,
  }

function withAliases(properties: TrainingProperties<string>): NotebookJobStep['properties'] {
  return new Proxy(properties, {
    get: (target, key, receiver) =>
      Object.hasOwn(aliases, key)
        ? aliases[key as keyof NotebookProperties](target)
        : (Reflect.get(target, key, receiver) as unknown),
  }) as NotebookJobStep['properties']
}

import { createHash } from 'node:crypto'
import type { ProcessingInstanceType } from '@aws-sdk/client-sagemaker'
import { splitContainer } from '../../schemas/containers.ts'
import { hashFoldsProgram } from '../../processing/spark/hash-folds-program.ts'
import { type Asset, assetUri } from '../dsl/asset.ts'
import { type CodePlace, codeAsset } from '../dsl/code-place.ts'
import type { Instance, StringValue } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake, show } from '../dsl/mistake.ts'
import { type EMRServerlessArguments, emrServerlessStep, type EMRServerlessStep } from '../dsl/steps/emr-serverless.ts'
import { type ConciseProcessing, processingStep, type ProcessingStep } from '../dsl/steps/processing.ts'
import { type Data, checkColumn } from './data.ts'

/** What the Spark program splits, and how. */
export interface SparkFoldsOptions {
  /** CSV, TSV or JSON Lines, one record per line; a header is read and not written. */
  readonly data: Data
  readonly k: number
  /** Column whose hashed value decides the fold, as in `hashKFold`. */
  readonly key: string | number
  /** @default 0 */
  readonly seed?: number
  /** S3 URI, without a trailing `/`, of an empty folder: it gets `validation/<i>/`, and lists in `train/<i>/` and `all/`. */
  readonly output: StringValue
  /** Bucket that the program is uploaded to. */
  readonly code: CodePlace
}

export interface SparkProcessingOptions
  extends SparkFoldsOptions,
    Omit<ConciseProcessing, 'instance' | 'entrypoint' | 'containerArguments' | 'inputs' | 'outputs' | 'propertyFiles'> {
  /** @default two ml.m5.xlarge */
  readonly instance?: Instance<ProcessingInstanceType>
}

const twoInstances: Instance<ProcessingInstanceType> = { type: 'ml.m5.xlarge', count: 2 }

const programFile = 'hash_folds.py'
const programFolder = '/opt/ml/processing/input/code'

/**
 * A processing job of AWS's Spark image that splits as `hashKFold` does: the same fold for the same record. The fold report
 * is its property file `FoldReport` and lies in `report/` of the output.
 *
 * @throws UserError for data or options that the program cannot take
 */
export function sparkFoldsStep(
  name: string,
  options: SparkProcessingOptions,
): ProcessingStep<'report', 'code', 'FoldReport'> {
  const { data, k, key, seed, output, code, assets = [], ...job } = options
  const where = `Step "${name}"`
  const asset = programAsset(where, code)
  const folder = splitContainer.outputs.report
  return processingStep(name, {
    instance: twoInstances,
    ...job,
    entrypoint: ['smspark-submit', `${programFolder}/${programFile}`],
    containerArguments: programArguments(where, { data, k, key, seed, output }, folder),
    inputs: { code: { uri: assetUri(asset), path: programFolder } },
    outputs: { report: { path: folder, uri: reportUri(output) } },
    propertyFiles: { FoldReport: { output: 'report', path: splitContainer.reportFile } },
    assets: [asset, ...assets],
  })
}

export interface SparkServerlessOptions extends SparkFoldsOptions {
  readonly executionRole: StringValue
  /** An application of EMR Serverless for Spark. */
  readonly application: StringValue
  /** Such as `--conf spark.executor.memory=8g`. */
  readonly submitParameters?: string
}

/**
 * The same on EMR Serverless; the fold report lies in `report/` of the output.
 *
 * @throws UserError as {@link sparkFoldsStep}
 */
export function sparkFoldsServerlessStep(name: string, options: SparkServerlessOptions): EMRServerlessStep {
  const { executionRole, application, submitParameters, code } = options
  const where = `Step "${name}"`
  const asset = programAsset(where, code)
  const job: EMRServerlessArguments = {
    ExecutionRoleArn: executionRole,
    ApplicationId: application,
    JobConfig: {
      jobDriver: {
        sparkSubmit: {
          entryPoint: assetUri(asset),
          entryPointArguments: programArguments(where, options, null),
          ...(submitParameters !== undefined && { sparkSubmitParameters: submitParameters }),
        },
      },
    },
  }
  return emrServerlessStep(name, { arguments: job, assets: [asset] })
}

function programAsset(where: string, code: CodePlace): Asset {
  const bytes = Buffer.from(hashFoldsProgram)
  return codeAsset(`${where}: code`, code, {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    name: programFile,
    contentType: 'text/x-python',
    bytes: () => Promise.resolve(bytes),
  })
}

type Split = Pick<SparkFoldsOptions, 'data' | 'k' | 'key' | 'output'> & { readonly seed?: number | undefined }

/** @param report Folder of the container for the fold report; null for `report/` of the output. */
function programArguments(where: string, { data, k, key, seed, output }: Split, report: string | null): StringValue[] {
  if (!['csv', 'tsv', 'jsonl'].includes(data.format))
    throw mistake(`${where}: data — the Spark program reads csv, tsv and jsonl, not ${data.format}; use hashKFold.`)
  if (data.labels !== undefined)
    throw mistake(`${where}: data — the Spark program counts the classes of one label; give label, not labels.`)
  if (!Number.isInteger(k) || k < 2) throw mistake(`${where}: k — ${show(k)} is no number of folds; give 2 or more.`)
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed <= 4294967295))
    throw mistake(`${where}: seed — ${show(seed)} is no seed; give a whole number from 0 to 4294967295.`)
  checkColumn(`${where}: key`, String(key), data)
  return [
    '--input',
    data.uri,
    '--output',
    output,
    ...(report === null ? [] : ['--report', `file://${report}`]),
    '--k',
    String(k),
    '--key',
    String(key),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    '--format',
    data.format,
    ...(data.header ? ['--header'] : []),
    ...(data.label === undefined ? [] : ['--label', data.label]),
  ]
}

/** An output has no trailing slash: the platform appends `/folds.json`. */
const reportUri = (output: StringValue): StringValue =>
  typeof output === 'string' ? `${output.replace(/\/+$/, '')}/report` : join`${output}/report`

import { join } from 'node:path'
import {
  type Clients,
  describeProcessingJob,
  downloadObject,
  jobNameOf,
  parseS3Uri,
  readObject,
} from '../../pipeline/service/index.ts'
import { choiceSchema } from '../../schemas/choice.ts'
import { aggregateContainer, chooseContainer, splitContainer } from '../../schemas/containers.ts'
import { type Evaluation, evaluationSchema } from '../../schemas/evaluation.ts'
import { type FoldReport, foldReportSchema } from '../../schemas/fold-report.ts'
import { outerFolds } from '../../schemas/nested-folds.ts'
import { secondsBetween } from '../render/quantities.ts'
import type { CrossValidation } from './cross-validation.ts'
import type { FollowedExecution } from './follow-execution.ts'

/** One fold as it came out. */
export interface FoldOutcome {
  readonly index: number
  /** Null for a fold that gave none. */
  readonly value: number | null
  readonly status: string
  readonly seconds: number | null
  /** Records on each side; undefined while the fold report is missing. */
  readonly trainingRecords: number | undefined
  readonly validationRecords: number | undefined
  /** The candidate whose hyperparameters it was trained with; undefined where nothing was chosen. */
  readonly chosen: string | undefined
}

/** A cross-validation as far as it came. */
export interface CrossValidationOutcome {
  readonly folds: readonly FoldOutcome[]
  /** Undefined when the aggregation did not get to write it. */
  readonly evaluation: Evaluation | undefined
  /** The candidate of the final training; undefined where nothing was chosen. */
  readonly chosen: string | undefined
  /** The verdict of the gate; null when it was not reached. */
  readonly passed: boolean | null
  /** S3 URI of the folder that holds everything of the execution; undefined when nothing was written. */
  readonly artifacts: string | undefined
  /** Path of the downloaded HTML report. */
  readonly report: string | null
}

/** Collects what a cross-validation left behind, also when a fold failed. */
export async function collectOutcome(
  clients: Clients,
  validation: CrossValidation,
  followed: FollowedExecution,
  reportFolder: string,
): Promise<CrossValidationOutcome> {
  const { outputs } = aggregateContainer
  const evaluationUri = await outputUri(clients, followed, validation.aggregate, outputs.evaluation)
  const foldsUri =
    validation.split && (await outputUri(clients, followed, validation.split, splitContainer.outputs.report))
  const evaluation = await readEvaluation(clients, evaluationUri)
  const foldReport = await readFoldReport(clients, foldsUri)
  const gate = validation.gate && followed.steps.get(validation.gate.name)?.Metadata?.Condition?.Outcome
  const written = evaluationUri ?? foldsUri
  const choices = await Promise.all(validation.choices.map(step => readChoice(clients, followed, step)))
  return {
    folds: validation.folds.map((name, index) => ({
      ...foldOutcome(name, index, validation, followed, evaluation, foldReport),
      chosen: choices[index],
    })),
    evaluation,
    chosen: await readChoice(clients, followed, validation.finalChoice),
    passed: gate === undefined ? null : gate === 'True',
    artifacts: written?.replace(/[^/]+\/?$/, ''),
    report: await downloadReport(clients, evaluationUri, reportFolder),
  }
}

function foldOutcome(
  name: string,
  index: number,
  validation: CrossValidation,
  followed: FollowedExecution,
  evaluation: Evaluation | undefined,
  foldReport: FoldReport | undefined,
): Omit<FoldOutcome, 'chosen'> {
  const step = followed.steps.get(name)
  const { objective } = validation
  const reported = objective === undefined ? undefined : followed.metrics.get(name)?.[objective]
  const repaired = evaluation?.objective.folds.find(fold => fold.index === index)?.value
  const facts = foldReport?.folds.find(fold => fold.index === index)
  return {
    index,
    value: repaired ?? reported ?? null,
    status: step?.StepStatus ?? 'NotStarted',
    seconds: secondsBetween(step?.StartTime, step?.EndTime),
    trainingRecords: facts?.train.records,
    validationRecords: facts?.validation.records,
  }
}

/** Where a finished processing step put the output of a local path, without the last slash. */
async function outputUri(
  clients: Clients,
  followed: FollowedExecution,
  stepName: string,
  localPath: string,
): Promise<string | undefined> {
  const step = followed.steps.get(stepName)
  const job = step?.StepStatus === 'Succeeded' ? jobNameOf(step) : undefined
  if (job === undefined) return undefined
  const { ProcessingOutputConfig } = await describeProcessingJob(clients, job)
  const output = ProcessingOutputConfig?.Outputs?.find(({ S3Output }) => S3Output?.LocalPath === localPath)
  return output?.S3Output?.S3Uri?.replace(/\/+$/, '')
}

async function readJson(clients: Clients, folder: string | undefined, file: string): Promise<unknown> {
  if (folder === undefined) return undefined
  const text = await readObject(clients, parseS3Uri(`${folder}/${file}`))
  return text === undefined ? undefined : JSON.parse(text)
}

async function readEvaluation(clients: Clients, folder: string | undefined): Promise<Evaluation | undefined> {
  const value = await readJson(clients, folder, aggregateContainer.evaluationFile)
  return value === undefined ? undefined : evaluationSchema.parse(value)
}

async function readFoldReport(clients: Clients, folder: string | undefined): Promise<FoldReport | undefined> {
  const value = await readJson(clients, folder, splitContainer.reportFile)
  return value === undefined ? undefined : outerFolds(foldReportSchema.parse(value))
}

/** What a step has chosen. */
async function readChoice(
  clients: Clients,
  followed: FollowedExecution,
  step: string | undefined,
): Promise<string | undefined> {
  if (step === undefined) return undefined
  const folder = await outputUri(clients, followed, step, chooseContainer.outputs.choice)
  const value = await readJson(clients, folder, chooseContainer.choiceFile)
  return value === undefined ? undefined : choiceSchema.parse(value).candidate
}

async function downloadReport(clients: Clients, folder: string | undefined, to: string): Promise<string | null> {
  if (folder === undefined) return null
  const path = join(to, aggregateContainer.reportFile)
  return (await downloadObject(clients, parseS3Uri(`${folder}/${aggregateContainer.reportFile}`), path)) ? path : null
}

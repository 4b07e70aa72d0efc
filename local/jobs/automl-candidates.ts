import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CONTAINER_ROOT, svmContainer } from '../../schemas/containers.ts'
import { optMl } from '../../schemas/opt-ml.ts'
import { readCsv } from '../../schemas/read-csv.ts'
import { decisionFunction } from '../../training/decision.ts'
import { svmModelSchema } from '../../training/model-file.ts'
import { LOCAL_ACCOUNT } from '../engine/names.ts'
import type { AutoMLData } from './automl-data.ts'
import type { AutoMLGoal, AutoMLRequest } from './automl-request.ts'
import { explain, type Explanations } from './checks/explainability.ts'
import { binaryMetrics, multiclassMetrics, type Scored } from './checks/model-quality.ts'
import { numberIn } from './checks/table.ts'
import type { StepRun } from './job-runner.ts'
import { joinS3Uri } from './s3-uri.ts'
import { runTrainingJob } from './training-job.ts'

/** What candidates differ in, in the order in which they are tried: hyperparameters of Foldwise's C-SVC trainer. */
const configurations: readonly Readonly<Record<string, string>>[] = [
  { kernel: 'linear', C: '1' },
  { kernel: 'rbf', C: '1' },
  { kernel: 'rbf', C: '10' },
  { kernel: 'linear', C: '0.1' },
  { kernel: 'poly', C: '1', degree: '2' },
  { kernel: 'rbf', C: '100' },
  { kernel: 'linear', C: '10' },
  { kernel: 'rbf', C: '1', gamma: 'auto' },
]

/** How many candidates a job has. */
export const candidateCount = (request: AutoMLRequest): number =>
  Math.min(configurations.length, request.AutoMLJobConfig?.CompletionCriteria?.MaxCandidates ?? configurations.length)

/** A trained candidate: a training job, judged by what was held out. */
export interface Candidate {
  readonly name: string
  readonly hyperparameters: Readonly<Record<string, string>>
  readonly training: Readonly<Record<string, unknown>>
  /** By name in model quality; empty when the training failed. */
  readonly metrics: Readonly<Record<string, number>>
  readonly records: readonly Scored[]
}

/** Trains a candidate, or takes over one that had ended before the engine was started again. */
export async function trainCandidate(
  run: StepRun,
  job: { readonly request: AutoMLRequest; readonly data: AutoMLData; readonly goal: AutoMLGoal; readonly arn: string },
  index: number,
): Promise<Candidate> {
  const name = `${run.jobName}-${String(index + 1).padStart(3, '0')}`
  const hyperparameters = configurations[index] ?? {}
  const earlier = await run.world.jobs.find('TrainingJob', name)
  const training =
    earlier?.description['TrainingJobStatus'] === 'Completed'
      ? earlier.description
      : (
          await runTrainingJob({
            ...run,
            jobName: name,
            arguments: trainingRequest(run, job, hyperparameters),
            onCreated: () => {},
            extra: { AutoMLJobArn: job.arn },
          })
        ).description
  const records = training['TrainingJobStatus'] === 'Completed' ? await readPredictions(run, name) : []
  return { name, hyperparameters, training, records, metrics: records.length === 0 ? {} : metricsOf(job.goal, records) }
}

function trainingRequest(
  run: StepRun,
  { request, data }: { request: AutoMLRequest; data: AutoMLData },
  hyperparameters: object,
): Readonly<Record<string, unknown>> {
  const channel = (ChannelName: string, S3Uri: string): object => ({
    ChannelName,
    ContentType: 'text/csv',
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3DataDistributionType: 'FullyReplicated', S3Uri } },
  })
  return {
    AlgorithmSpecification: {
      TrainingImage: imageOf(run),
      TrainingInputMode: 'File',
      MetricDefinitions: Object.entries(svmContainer.metrics).map(([Name, Regex]) => ({ Name, Regex })),
    },
    HyperParameters: { ...hyperparameters, header: 'true', label: data.training.table.columns.at(-1) as string },
    InputDataConfig: [
      channel(svmContainer.channels.train, data.training.uri),
      channel(svmContainer.channels.validation, data.validation.uri),
    ],
    OutputDataConfig: { S3OutputPath: joinS3Uri(request.OutputDataConfig.S3OutputPath, run.jobName, 'candidates') },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    RoleArn: run.arguments['RoleArn'] ?? run.execution.roleArn,
  }
}

/** Foldwise's own trainer, which runs here without a container. */
export const imageOf = (run: StepRun): string =>
  `${LOCAL_ACCOUNT}.dkr.ecr.${run.execution.region}.amazonaws.com/foldwise-training:latest`

/** `key,label,prediction,score:<class>,…` of the records that were held out. */
async function readPredictions(run: StepRun, name: string): Promise<Scored[]> {
  const file = join(run.world.jobs.folder(name), 'ml', optMl.outputData, svmContainer.predictionsFile)
  const [header, ...lines] = readCsv(await readFile(file, 'utf8'), svmContainer.predictionsFile)
  const scores = (header?.cells ?? []).flatMap((cell, index) => (cell.startsWith('score:') ? [index] : []))
  return lines.map(({ cells }) => ({
    truth: cells[1] ?? '',
    prediction: cells[2] ?? '',
    // Of the greater class; any score that grows with it ranks the records.
    ...(scores.length === 2 && { probability: numberIn(cells[scores[1] as number] ?? null) }),
  }))
}

function metricsOf({ problem }: AutoMLGoal, records: readonly Scored[]): Readonly<Record<string, number>> {
  if (problem === 'BinaryClassification') return binaryMetrics(records)
  const labels = [...new Set(records.map(({ truth }) => truth))]
  const rate = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
  const perLabel = labels.map(label => {
    const right = records.filter(({ truth, prediction }) => truth === label && prediction === label).length
    const recall = rate(right, records.filter(({ truth }) => truth === label).length)
    const precision = rate(right, records.filter(({ prediction }) => prediction === label).length)
    return { recall, f1: rate(2 * precision * recall, precision + recall) }
  })
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    ...multiclassMetrics(records),
    balanced_accuracy: mean(perLabel.map(({ recall }) => recall)),
    f1_macro: mean(perLabel.map(({ f1 }) => f1)),
  }
}

/** The share of the most frequent class among what was held out: what any candidate must beat. */
export function majorityAccuracy(data: AutoMLData): number {
  const counts = new Map<unknown, number>()
  for (const row of data.training.table.rows) counts.set(row.at(-1), (counts.get(row.at(-1)) ?? 0) + 1)
  const [majority] = [...counts].reduce((most, one) => (one[1] > most[1] ? one : most))
  const held = data.validation.table.rows
  return held.filter(row => row.at(-1) === majority).length / held.length
}

/** The container that serves a candidate. */
export const inferenceContainer = (run: StepRun, candidate: Candidate): object => ({
  Image: imageOf(run),
  ModelDataUrl:
    (candidate.training['ModelArtifacts'] as { S3ModelArtifacts?: string } | undefined)?.S3ModelArtifacts ?? '',
  Environment: {
    MODEL_NAME: candidate.name,
    SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT: 'text/csv',
    SAGEMAKER_INFERENCE_OUTPUT: 'predicted_label',
    SAGEMAKER_INFERENCE_SUPPORTED: 'predicted_label',
    SAGEMAKER_PROGRAM: 'train.mjs',
    SAGEMAKER_SUBMIT_DIRECTORY: CONTAINER_ROOT,
  },
})

/** Kernel SHAP asks the model thousands of times for each record. */
const explainedRecords = 20

/** Kernel SHAP of the candidate's scores for the first records that were held out. */
export async function explainCandidate(run: StepRun, candidate: Candidate, data: AutoMLData): Promise<Explanations> {
  const file = join(run.world.jobs.folder(candidate.name), 'ml', optMl.model, svmContainer.modelFile)
  const model = svmModelSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  const score = decisionFunction(model)
  const { columns, rows } = data.validation.table
  const label = columns.at(-1) as string
  const { explanations } = await explain(
    { columns, rows: rows.slice(0, explainedRecords) },
    { label, methods: { shap: {} }, predictor: { label_headers: model.classes } },
    {
      predict: async asked => {
        // Between two records others have their turn.
        await new Promise(resolve => setImmediate(resolve))
        return asked.map(cells => ({ scores: score(cells.map(cell => numberIn(cell) ?? 0)) }))
      },
    },
    undefined,
  )
  return { explanations }
}

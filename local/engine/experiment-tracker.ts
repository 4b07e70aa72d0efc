import type { JobBook, JobKind, JobRecord } from '../jobs/job-book.ts'
import type { ResourceBook } from '../registry/resource-book.ts'
import { arnOf } from './names.ts'
import { type ExecutionRecord, isTerminal, type JournalEvent, type StepRecord } from './record.ts'
import { trialComponentOf } from './trial-component.ts'

/** Keeps experiments, trials and trial components of executions whose pipeline has a PipelineExperimentConfig. */
export interface ExperimentTracker {
  readonly see: (record: ExecutionRecord, event: JournalEvent) => void
  /** Waits until everything seen so far is recorded. */
  settled(): Promise<void>
}

/** Jobs that get a trial component, by the type of their step. */
const tracked: Readonly<Record<string, JobKind>> = {
  Processing: 'ProcessingJob',
  Training: 'TrainingJob',
  Transform: 'TransformJob',
}

/**
 * Source: SageMaker Python SDK's integration tests: experiment and trial are made when they are absent, and each job gets one
 * trial component.
 *
 * @param onFailure Told when something cannot be written; executions go on.
 */
export function createExperimentTracker(
  books: { readonly jobs: JobBook; readonly resources: ResourceBook },
  onFailure: (error: unknown) => void,
): ExperimentTracker {
  let working: Promise<void> = Promise.resolve()
  const later = (work: () => Promise<void>): void => {
    working = working.then(work).catch(onFailure)
  }
  return {
    see: (record, event) => {
      const names = namesOf(record)
      if (names === undefined) return
      if (event.type === 'execution-started') later(() => saveTrial(books.resources, record, names))
      if (event.type === 'step-finished') {
        const step = record.steps.get(event.step)
        if (step !== undefined) later(() => saveStep(books, record, step, names))
      }
      // What a crash kept from being recorded is made up for at the end.
      if (event.type === 'execution-status' && isTerminal(record.status)) {
        later(async () => {
          await saveTrial(books.resources, record, names)
          for (const step of record.steps.values()) await saveStep(books, record, step, names)
        })
      }
    },
    settled: () => working,
  }
}

interface Names {
  readonly experiment: string
  readonly trial: string
}

function namesOf({ experiment }: ExecutionRecord): Names | undefined {
  if (experiment === undefined) return undefined
  return { experiment: String(experiment['ExperimentName']), trial: String(experiment['TrialName']) }
}

async function saveTrial(
  resources: ResourceBook,
  record: ExecutionRecord,
  { experiment, trial }: Names,
): Promise<void> {
  const times = { CreationTime: record.createdAt, LastModifiedTime: record.createdAt }
  if ((await resources.find('Experiment', experiment)) === undefined) {
    const ExperimentArn = arnOf(record.region, 'experiment', experiment)
    const description = { ExperimentName: experiment, ExperimentArn, DisplayName: experiment, ...times }
    await resources.save({ kind: 'Experiment', name: experiment, owner: record.arn, description })
  }
  if ((await resources.find('Trial', trial)) !== undefined) return
  await resources.save({
    kind: 'Trial',
    name: trial,
    owner: record.arn,
    description: {
      TrialName: trial,
      TrialArn: arnOf(record.region, 'experiment-trial', trial),
      DisplayName: trial,
      ExperimentName: experiment,
      ...times,
    },
  })
}

async function saveStep(
  books: { readonly jobs: JobBook; readonly resources: ResourceBook },
  record: ExecutionRecord,
  step: StepRecord,
  names: Names,
): Promise<void> {
  // A result that was taken over is of a job that has its component in another trial.
  if (step.result === undefined || step.result.cacheSource !== undefined || step.result.selectedSource !== undefined)
    return
  for (const job of await jobsOf(books.jobs, step)) {
    const component = trialComponentOf(job, { region: record.region, step: step.name })
    if ((await books.resources.find('TrialComponent', component.TrialComponentName)) !== undefined) continue
    await books.resources.save({
      kind: 'TrialComponent',
      name: component.TrialComponentName,
      owner: record.arn,
      // Not shown by Describe: what ListTrialComponents asks for.
      description: { ...component, TrialName: names.trial, ExperimentName: names.experiment },
    })
  }
}

async function jobsOf(jobs: JobBook, step: StepRecord): Promise<readonly JobRecord[]> {
  if (step.type === 'Tuning') {
    const all = await jobs.entries('TrainingJob')
    const names = all.filter(({ tuningArn }) => tuningArn?.endsWith(`/${step.jobName}`)).map(({ name }) => name)
    const records = await Promise.all(names.map(name => jobs.find('TrainingJob', name)))
    return records.filter(record => record !== undefined)
  }
  const kind = Object.hasOwn(tracked, step.type) ? tracked[step.type] : undefined
  const job = kind === undefined ? undefined : await jobs.find(kind, step.jobName)
  return job === undefined ? [] : [job]
}

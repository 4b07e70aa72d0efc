import { mkdir } from 'node:fs/promises'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import {
  type Candidate,
  candidateCount,
  explainCandidate,
  inferenceContainer,
  majorityAccuracy,
  trainCandidate,
} from './automl-candidates.ts'
import { type AutoMLData, readAutoMLTables, storeAutoMLData } from './automl-data.ts'
import { type AutoMLGoal, type AutoMLRequest, readAutoMLRequest, resolveGoal } from './automl-request.ts'
import { modelStatistics } from './checks/model-quality.ts'
import { failedStep, jobFault, MAX_FAILURE_REASON, refusedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import { sharedMembers } from './request.ts'
import { joinS3Uri, parseS3Uri } from './s3-uri.ts'
import { ClientFault, CreateRefused } from './step-fault.ts'

/**
 * An AutoML job of classification: a few candidates of Foldwise's C-SVC trainer, each a real training job, judged by records
 * that were held out. It is no Autopilot: it says so in its leaderboard, and refuses what its candidates cannot learn.
 */
export const autoMLRunner: JobRunner<StepOf<'AutoML'>> = {
  // Its trainings take the places.
  takesJobSlot: false,
  evaluatesArguments: true,
  run: runAutoML,
}

async function runAutoML(run: StepRun): Promise<AttemptResult> {
  let request: AutoMLRequest
  try {
    request = readAutoMLRequest(run.arguments)
  } catch (error) {
    if (error instanceof CreateRefused) return refusedStep(run, 'CreateAutoMLJob', error)
    throw error
  }
  const now = (): string => run.world.clock.now().toISOString()
  const arn = arnOf(run.execution.region, 'automl-job', run.jobName)
  const metadata = { AutoMLJob: { Arn: arn } }
  let description: Record<string, unknown> = {
    RoleArn: run.execution.roleArn,
    ...sharedMembers(run.arguments, 'DescribeAutoMLJobResponse'),
    AutoMLJobName: run.jobName,
    AutoMLJobArn: arn,
    CreationTime: now(),
  }
  const change = async (
    AutoMLJobStatus: string,
    AutoMLJobSecondaryStatus: string,
    more: object = {},
  ): Promise<void> => {
    description = { ...description, ...more, AutoMLJobStatus, AutoMLJobSecondaryStatus, LastModifiedTime: now() }
    await run.world.jobs.save({
      kind: 'AutoMLJob',
      name: run.jobName,
      executionArn: run.execution.arn,
      step: run.step.Name,
      description,
    })
  }
  await mkdir(run.world.jobs.folder(run.jobName), { recursive: true })
  await change('InProgress', 'AnalyzingData')
  run.executing(metadata)
  try {
    const tables = await readAutoMLTables(run, request)
    const goal = resolveGoal(request, tables.target)
    const data = await storeAutoMLData(run, request, tables)
    await change('InProgress', 'TrainingModels', {
      ResolvedAttributes: { ProblemType: goal.problem, AutoMLJobObjective: { MetricName: goal.objective } },
    })
    const candidates = await trainAll(run, { request, data, goal, arn })
    if (run.signal.aborted) {
      await change('Stopped', 'Stopped', { EndTime: now() })
      return { status: 'Stopped', metadata }
    }
    const ranked = candidates
      .filter(({ metrics }) => metrics[goal.metric] !== undefined)
      .sort(
        (a, b) => (b.metrics[goal.metric] as number) - (a.metrics[goal.metric] as number) || (a.name < b.name ? -1 : 1),
      )
    const [best] = ranked
    if (best === undefined)
      throw new ClientFault(
        `No candidate could be trained: ${String(candidates[0]?.training['FailureReason'] ?? `none gave the metric ${goal.objective}`)}`,
      )
    const reports = await writeReports(run, request, { data, goal, ranked, best })
    const described = candidates.map(candidate =>
      candidateOf(run, goal, candidate, candidate === best ? reports : undefined),
    )
    const BestCandidate = candidateOf(run, goal, best, reports)
    await change('Completed', 'Completed', { EndTime: now(), BestCandidate, Candidates: described })
    const BestCandidateProperties = {
      ModelInsightsJsonReportPath: reports.insights,
      ExplainabilityJsonReportPath: reports.explainability,
    }
    return { status: 'Succeeded', metadata, properties: { ...description, BestCandidateProperties } }
  } catch (error) {
    const { reason, exceptionType } = jobFault(error)
    await change('Failed', 'Failed', { FailureReason: reason.slice(0, MAX_FAILURE_REASON), EndTime: now() })
    return failedStep(reason, metadata, exceptionType)
  }
}

/** Every candidate takes a place among the engine's jobs. */
async function trainAll(run: StepRun, job: Parameters<typeof trainCandidate>[1]): Promise<Candidate[]> {
  const trainings = Array.from({ length: candidateCount(job.request) }, async (_, index) => {
    const giveBack = await run.takeJobSlot()
    if (giveBack === undefined) return []
    try {
      return [await trainCandidate(run, job, index)]
    } finally {
      giveBack()
    }
  })
  return (await Promise.all(trainings)).flat()
}

interface Reports {
  readonly leaderboard: string
  readonly insights: string
  readonly explainability: string
}

/** The leaderboard with the majority class as its lowest bar, the best candidate's metrics and its feature attributions. */
async function writeReports(
  run: StepRun,
  request: AutoMLRequest,
  found: { data: AutoMLData; goal: AutoMLGoal; ranked: readonly Candidate[]; best: Candidate },
): Promise<Reports> {
  const { data, goal, ranked, best } = found
  const root = joinS3Uri(request.OutputDataConfig.S3OutputPath, run.jobName)
  const write = async (path: string, content: object): Promise<string> => {
    const uri = joinS3Uri(root, path)
    const place = parseS3Uri(uri)
    if (place === undefined) throw new ClientFault(`${JSON.stringify(uri)} is not an S3 URI such as s3://bucket/prefix`)
    await run.world.store.put(place.bucket, place.key, Buffer.from(`${JSON.stringify(content, null, 2)}\n`))
    return uri
  }
  return {
    leaderboard: await write('leaderboard.json', {
      madeBy: "Foldwise's local candidates, not Autopilot",
      problem: goal.problem,
      objective: goal.objective,
      records: { training: data.training.table.rows.length, validation: data.validation.table.rows.length },
      majorityClassAccuracy: majorityAccuracy(data),
      candidates: ranked.map(({ name, hyperparameters, metrics }) => ({
        name,
        hyperparameters,
        value: metrics[goal.metric],
        accuracy: metrics['accuracy'],
      })),
    }),
    insights: await write(
      `documentation/model_insights/${best.name}/statistics.json`,
      modelStatistics(goal.problem, best.records),
    ),
    explainability: await write(
      `documentation/explainability/${best.name}/analysis.json`,
      await explainCandidate(run, best, data),
    ),
  }
}

/** An `AutoMLCandidate`. */
function candidateOf(run: StepRun, goal: AutoMLGoal, candidate: Candidate, reports: Reports | undefined): object {
  const { name, training, metrics } = candidate
  const Value = metrics[goal.metric]
  const datum = (MetricName: string, value: number | undefined): object[] =>
    value === undefined
      ? []
      : [{ MetricName, StandardMetricName: MetricName, Value: Math.fround(value), Set: 'Validation' }]
  return {
    CandidateName: name,
    CandidateStatus: training['TrainingJobStatus'],
    ObjectiveStatus: Value === undefined ? 'Failed' : 'Succeeded',
    CandidateSteps: [
      {
        CandidateStepType: 'AWS::SageMaker::TrainingJob',
        CandidateStepArn: training['TrainingJobArn'],
        CandidateStepName: name,
      },
    ],
    CreationTime: training['CreationTime'],
    EndTime: training['TrainingEndTime'],
    LastModifiedTime: training['LastModifiedTime'],
    ...(training['FailureReason'] !== undefined && { FailureReason: training['FailureReason'] }),
    ...(Value !== undefined && {
      FinalAutoMLJobObjectiveMetric: {
        Type: 'Maximize',
        MetricName: goal.objective,
        StandardMetricName: goal.objective,
        Value: Math.fround(Value),
      },
      InferenceContainers: [inferenceContainer(run, candidate)],
      CandidateProperties: {
        CandidateMetrics: [
          ...datum(goal.objective, Value),
          ...(goal.objective === 'Accuracy' ? [] : datum('Accuracy', metrics['accuracy'])),
        ],
        ...(reports !== undefined && {
          CandidateArtifactLocations: { Explainability: reports.explainability, ModelInsights: reports.insights },
        }),
      },
    }),
  }
}

import { join, resolve } from 'node:path'
import { jobNameOf } from '../../pipeline/service/index.ts'
import type { PipelineDefinition } from '../../schemas/definition.ts'
import type { RunResult } from '../../schemas/run-result.ts'
import type { Colors, CommandResult } from '../host.ts'
import { shown } from '../load-pipeline.ts'
import { formatSeconds, formatValue } from '../render/quantities.ts'
import { type Column, counted, pad, renderTable } from '../render/table.ts'
import type { CrossValidation } from './cross-validation.ts'
import type { CrossValidationOutcome, FoldOutcome } from './cross-validation-outcome.ts'
import type { FollowedExecution } from './follow-execution.ts'
import { gateComparison } from './gate.ts'
import { statusColor, summarizeExecution } from './summary.ts'

/** Everything that a finished run is reported from. */
export interface FinishedRun {
  readonly document: PipelineDefinition
  readonly executionArn: string
  readonly startValues: Readonly<Record<string, string>>
  readonly followed: FollowedExecution
  /** Undefined for a pipeline without cross-validation. */
  readonly crossValidation: { readonly plan: CrossValidation; readonly outcome: CrossValidationOutcome } | undefined
  readonly stateDir: string
  readonly seconds: number
}

/** The verdict of `foldwise run`, as data and as text. */
export function reportRun(run: FinishedRun): Pick<Required<CommandResult>, 'data' | 'text'> {
  return { data: runResult(run), text: colors => renderRun(run, colors) }
}

function runResult({ executionArn, followed, crossValidation, seconds }: FinishedRun): RunResult {
  const outcome = crossValidation?.outcome
  const objective = outcome?.evaluation?.objective
  return {
    status: followed.status,
    executionArn,
    folds: (outcome?.folds ?? []).map(({ index, value, status, seconds, chosen }) => ({
      index,
      value,
      status,
      seconds,
      ...(chosen !== undefined && { chosen }),
    })),
    ...(outcome?.chosen !== undefined && { chosen: outcome.chosen }),
    mean: objective?.mean ?? null,
    std: objective?.std ?? null,
    passed: outcome?.passed ?? null,
    modelPackageArn: modelPackageArn(followed),
    report: typeof outcome?.report === 'string' ? resolve(outcome.report) : null,
    seconds: Math.round(seconds * 1000) / 1000,
    ...(followed.failureReason === undefined ? {} : { failureReason: followed.failureReason }),
  }
}

/** The model version that was registered; null when none was. */
function modelPackageArn({ steps }: FollowedExecution): string | null {
  const registered = [...steps.values()].find(
    step => step.StepStatus === 'Succeeded' && step.Metadata?.RegisterModel?.Arn !== undefined,
  )
  return registered?.Metadata?.RegisterModel?.Arn ?? null
}

function renderRun(run: FinishedRun, colors: Colors): string {
  const { crossValidation, followed, executionArn, seconds } = run
  const ending = `${statusColor(followed.status, colors)} in ${formatSeconds(seconds)}`
  const failures = failureLines(run, colors)
  if (crossValidation === undefined) {
    const steps = summarizeExecution(executionArn, followed).text(colors)
    const model = modelPackageArn(followed)
    return [steps, ...(model === null ? [] : [fact('model', model, colors)]), ending].join('\n')
  }
  const { plan, outcome } = crossValidation
  return [
    ...foldTable(plan, outcome.folds),
    '',
    ...meanLines(plan, outcome, colors),
    ...gateLines(run, plan, outcome, colors),
    ...(outcome.chosen === undefined ? [] : [fact('chosen', `${outcome.chosen}  for the final training`, colors)]),
    ...artifactLines(run, outcome, colors),
    fact('execution', executionArn, colors),
    ...failures,
    '',
    ending,
  ].join('\n')
}

function foldTable(plan: CrossValidation, folds: readonly FoldOutcome[]): string[] {
  const isChosen = plan.choices.some(choice => choice !== undefined)
  const columns: Column[] = [
    { title: 'fold', align: 'right' },
    { title: plan.objective ?? 'value', align: 'right' },
    { title: 'training', align: 'right' },
    { title: 'validation', align: 'right' },
    { title: 'duration', align: 'right' },
    ...(isChosen ? [{ title: 'chosen' }] : []),
    { title: 'status' },
  ]
  const rows = folds.map(fold => [
    String(fold.index),
    fold.value === null ? '-' : formatValue(fold.value),
    fold.trainingRecords === undefined ? '-' : String(fold.trainingRecords),
    fold.validationRecords === undefined ? '-' : String(fold.validationRecords),
    fold.seconds === null ? '-' : formatSeconds(fold.seconds),
    ...(isChosen ? [fold.chosen ?? '-'] : []),
    fold.status,
  ])
  return renderTable(columns, rows)
}

function meanLines(plan: CrossValidation, { evaluation }: CrossValidationOutcome, colors: Colors): string[] {
  if (evaluation === undefined) return []
  const { mean, std, folds } = evaluation.objective
  const value = `${colors.bold(`${formatValue(mean)} ± ${formatValue(std)}`)}  mean and population deviation of ${counted(folds.length, 'fold')}`
  return [fact(shortName(plan.objective), value, colors)]
}

const shortName = (objective: string | undefined): string => objective?.split(':').at(-1) ?? 'value'

function gateLines(run: FinishedRun, plan: CrossValidation, outcome: CrossValidationOutcome, colors: Colors): string[] {
  const model = modelPackageArn(run.followed)
  const { passed, evaluation } = outcome
  const compared =
    evaluation === undefined ? undefined : gateComparison(run.document, plan, run.startValues, evaluation)
  const prefix = compared === undefined ? '' : `${compared}: `
  const modelLine = model === null ? [] : [fact('model', model, colors)]
  if (passed === null) return modelLine
  const verdict = passed
    ? colors.green('passed')
    : colors.yellow(`did not pass${model === null ? ': nothing was registered' : ''}`)
  return [fact('gate', `${prefix}${verdict}`, colors), ...modelLine]
}

function artifactLines(
  { stateDir }: FinishedRun,
  { artifacts, report }: CrossValidationOutcome,
  colors: Colors,
): string[] {
  const lines: string[] = []
  if (artifacts !== undefined) {
    lines.push(fact('artifacts', artifacts, colors))
    lines.push(fact('', shown(resolve(stateDir, 's3', artifacts.slice('s3://'.length))), colors))
  }
  if (report !== null) lines.push(fact('report', shown(resolve(report)), colors))
  return lines
}

/** Why an execution failed: the reason of each failed step with the log of its job. */
function failureLines({ followed, stateDir }: FinishedRun, colors: Colors): string[] {
  const { status, failureReason, steps } = followed
  if (status === 'Succeeded') return []
  const reasons = [...steps.values()].flatMap(step => {
    if (step.StepStatus !== 'Failed') return []
    const job = jobNameOf(step)
    const log = job === undefined ? [] : [fact('log', shown(join(stateDir, 'jobs', job, 'log.txt')), colors)]
    return [`${colors.red(step.StepName ?? '')}: ${step.FailureReason ?? 'failed without a reason'}`, ...log]
  })
  return ['', ...reasons, ...(failureReason === undefined ? [] : [failureReason])]
}

const fact = (name: string, value: string, colors: Colors): string => `${colors.dim(pad(name, 10))}  ${value}`

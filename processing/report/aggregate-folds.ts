import type { AggregateOptions } from '../../schemas/aggregate-options.ts'
import type { Evaluation, ExtraMetric, Objective } from '../../schemas/evaluation.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { UserError } from '../../schemas/problem.ts'
import { collectValues } from './collect-values.ts'
import type { CollectedMetric, ValueSources } from './collect-values.ts'
import { compareChampion } from './compare-champion.ts'
import { repairFloat32 } from './float32.ts'
import { poolPredictions } from './pool-predictions.ts'
import type { PredictionRecord } from './prediction-record.ts'
import { mergeGroups, registryGroups } from './registry-metrics.ts'
import { pooledGroups } from './registry-pooled.ts'
import { correctedStandardError, mean, summarize, tInterval, weightedMean } from './statistics.ts'

/** What the aggregation reads besides its options. */
export interface AggregateInputs extends ValueSources {
  readonly foldReport: FoldReport
  /** The champion's evaluation, to compare with. */
  readonly champion?: Evaluation | undefined
}

export interface Aggregation {
  readonly evaluation: Evaluation
  /** Every record's prediction by the model that had not seen it, in fold order; when they were asked for. */
  readonly predictions: readonly PredictionRecord[] | undefined
}

/**
 * The folds' values as one evaluation: statistics of the objective and of further metrics, the registry's form of them,
 * the comparison with a champion and the pooled out-of-fold predictions.
 *
 * @throws UserError that names every fold without a value, when too few have one
 */
export async function aggregateFolds(options: AggregateOptions, inputs: AggregateInputs): Promise<Aggregation> {
  const { foldReport, champion } = inputs
  if (foldReport.folds.length !== options.k) {
    throw new UserError(
      `The fold report has ${foldReport.folds.length} folds, but --k is ${options.k} — split and aggregation need the same k.`,
    )
  }
  const [collected, ...further] = await collectValues(options, inputs)
  const missing = missingFolds(collected?.folds ?? [], options)
  const objective = summarizeObjective(collected?.folds ?? [], options, foldReport)
  const metrics = further.map(metric => summarizeMetric(metric, options, foldReport))
  const predictions =
    options.predictions === undefined
      ? undefined
      : await poolPredictions({ ...options, predictions: options.predictions }, inputs, missing)
  const groups = registryGroups([objective, ...metrics], Object.keys(foldReport.classes).length)
  const evaluation: Evaluation = {
    ...(predictions === undefined ? groups : mergeGroups(pooledGroups(predictions.pooled), groups)),
    objective,
    folds_digest: foldReport.certificate.digest,
    ...(metrics.length === 0 ? {} : { metrics }),
    ...(missing.length === 0 ? {} : { missing_folds: missing }),
    ...(predictions === undefined ? {} : { pooled: predictions.pooled }),
  }
  const comparison =
    champion === undefined ? {} : { champion: compareChampion(evaluation, champion, testToTrain(foldReport)) }
  return { evaluation: { ...evaluation, ...comparison }, predictions: predictions?.records }
}

type Collected = CollectedMetric['folds']

function missingFolds(folds: Collected, { k, minFolds = k }: AggregateOptions) {
  const missing = folds.flatMap(fold => ('problem' in fold ? [{ index: fold.index, reason: fold.problem }] : []))
  if (k - missing.length >= minFolds) return missing
  const policy = minFolds === k ? '' : ` At least ${minFolds} folds need a value.`
  throw new UserError(missing.map(({ reason }) => reason).join(' ') + policy)
}

function summarizeObjective(collected: Collected, options: AggregateOptions, foldReport: FoldReport): Objective {
  const folds = collected.flatMap(fold => ('value' in fold ? [repaired(fold, options, foldReport)] : []))
  const values = folds.map(fold => fold.value)
  const summary = summarize(values)
  const standardError = correctedStandardError(values, testToTrain(foldReport))
  const worst = folds.find(({ value }) => value === (options.direction === 'maximize' ? summary.min : summary.max))
  return {
    name: options.objective,
    direction: options.direction,
    source: options.source,
    value: summary.mean,
    ...summary,
    weighted_mean: weightedMean(
      values,
      folds.map(fold => fold.records),
    ),
    ci95_corrected: tInterval(summary.mean, standardError, values.length - 1),
    ...(worst === undefined ? {} : { worst: { index: worst.index, value: worst.value } }),
    folds,
  }
}

function summarizeMetric({ name, folds }: CollectedMetric, options: AggregateOptions, report: FoldReport): ExtraMetric {
  const found = folds.flatMap(fold => ('value' in fold ? [repaired(fold, options, report)] : []))
  if (found.length === 0) {
    const [first] = folds
    throw new UserError(
      `Metric "${name}": no fold has it. ${first !== undefined && 'problem' in first ? first.problem : ''}`,
    )
  }
  return {
    name,
    ...summarize(found.map(fold => fold.value)),
    folds: found.map(({ index, value }) => ({ index, value })),
  }
}

/** Only the service's metrics went through float32; a number in a JSON file is what the training meant. */
function repaired(
  fold: { readonly index: number; readonly value: number },
  options: AggregateOptions,
  report: FoldReport,
) {
  const records = report.folds[fold.index]?.validation.records ?? 0
  const value = options.source === 'metric' ? repairFloat32(fold.value, records) : fold.value
  return { index: fold.index, value, ...(value === fold.value ? {} : { reported: fold.value }), records }
}

/** n_test/n_train of Nadeau and Bengio, the average over the folds. */
function testToTrain({ folds }: FoldReport): number {
  return mean(folds.map(({ train, validation }) => validation.records / Math.max(1, train.records)))
}

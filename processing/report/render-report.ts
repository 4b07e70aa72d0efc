import Handlebars from 'handlebars'
import type { Evaluation } from '../../schemas/evaluation.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { championSection } from './champion-section.ts'
import { foldPlot } from './fold-plot.ts'
import { decimalsFor, formatBytes, formatCount, formatNumber } from './format-number.ts'
import { pooledSection } from './pooled-section.ts'
import { reportStyle } from './report-style.ts'
import { reportTemplate } from './report-template.ts'

/** More classes or files than these make a table that nobody reads. */
const MAX_CLASSES = 12
const MAX_INPUTS = 50

const template = Handlebars.compile(reportTemplate, { strict: false, knownHelpersOnly: true })

/** `report.html`: one self-contained page about an evaluation and the folds it stands on. */
export function renderReport(evaluation: Evaluation, foldReport: FoldReport): string {
  const { objective } = evaluation
  const decimals = decimalsFor(objective.mean, objective.std)
  const number = (value: number) => formatNumber(value, decimals)
  return template({
    style: reportStyle,
    objective: objective.name,
    mean: number(objective.mean),
    std: number(objective.std),
    foldCount: objective.folds.length,
    lead: leadSentence(evaluation, foldReport),
    tiles: tiles(evaluation, foldReport, number),
    warnings: [...missingWarnings(evaluation, foldReport), ...foldReport.warnings],
    hasPredictions: evaluation.pooled !== undefined,
    foldPlot: foldPlot(objective),
    ...foldTable(evaluation, foldReport, number),
    sections: [
      ...(evaluation.champion === undefined ? [] : [championSection(evaluation.champion)]),
      ...(evaluation.pooled === undefined ? [] : [pooledSection(evaluation.pooled)]),
    ],
    ...classTable(foldReport),
    split: splitFacts(foldReport),
    inputs: foldReport.inputs.slice(0, MAX_INPUTS).map(input => ({
      ...input,
      records: formatCount(input.records),
      bytes: formatBytes(input.bytes),
    })),
    inputsLeftOut: Math.max(0, foldReport.inputs.length - MAX_INPUTS),
    certificate: certificateFacts(foldReport),
    digest: foldReport.certificate.digest,
    calculation: calculationFacts(evaluation),
    generator: foldReport.generator,
  })
}

function leadSentence({ objective }: Evaluation, foldReport: FoldReport): string {
  const better = objective.direction === 'maximize' ? 'Higher is better' : 'Lower is better'
  const repeats = foldReport.repeats > 1 ? `, ${foldReport.repeats} repeats` : ''
  const nested =
    foldReport.options?.['innerK'] === undefined ? '' : ', its hyperparameters chosen on inner folds without them too'
  return `${objective.folds.length} models, each trained without the records it was validated on${nested}: ${foldReport.strategy}${repeats}, ${formatCount(foldReport.records)} records. ${better}.`
}

function tiles({ objective }: Evaluation, foldReport: FoldReport, number: (value: number) => string) {
  return [
    { first: true, name: 'Mean', value: number(objective.mean), detail: `± ${number(objective.std)} over the folds` },
    {
      name: '95 % interval',
      value: `${number(objective.ci95[0])} – ${number(objective.ci95[1])}`,
      detail: `standard error ${number(objective.sem)}`,
    },
    {
      name: 'Range',
      value: `${number(objective.min)} – ${number(objective.max)}`,
      detail: 'worst and best fold',
    },
    { name: 'Records', value: formatCount(foldReport.records), detail: `in ${foldReport.folds.length} folds` },
  ]
}

function missingWarnings({ missing_folds: missing = [], objective }: Evaluation, foldReport: FoldReport): string[] {
  if (missing.length === 0) return []
  const policy = `Only ${objective.folds.length} of ${foldReport.folds.length} folds have a value; all numbers are about those.`
  return [policy, ...missing.map(({ reason }) => reason)]
}

function foldTable(
  { objective, metrics = [], missing_folds: missingFolds }: Evaluation,
  foldReport: FoldReport,
  number: (value: number) => string,
) {
  const extra = metrics.map(metric => {
    const decimals = decimalsFor(metric.mean, metric.std)
    const values = new Map(metric.folds.map(fold => [fold.index, formatNumber(fold.value, decimals)]))
    return { name: metric.name, mean: formatNumber(metric.mean, decimals), values }
  })
  const missing = (missingFolds ?? []).map(({ index }) => ({ index, value: null, reported: undefined }))
  const rows = [...objective.folds, ...missing].sort((a, b) => a.index - b.index)
  return {
    extraMetrics: extra,
    anyReported: objective.folds.some(fold => fold.reported !== undefined),
    folds: rows.map(fold => {
      const split = foldReport.folds[fold.index]
      return {
        index: fold.index,
        value: fold.value === null ? 'no value' : number(fold.value),
        missing: fold.value === null,
        reported: fold.reported === undefined ? '' : String(fold.reported),
        extra: extra.map(metric => metric.values.get(fold.index) ?? '–'),
        worst: fold.index === objective.worst?.index && objective.min !== objective.max,
        train: split === undefined ? '' : formatCount(split.train.records),
        validation: split === undefined ? '' : formatCount(split.validation.records),
      }
    }),
  }
}

function classTable({ classes, folds }: FoldReport) {
  const names = Object.keys(classes)
  const shown = names
    .toSorted((a, b) => (classes[b] ?? 0) - (classes[a] ?? 0))
    .slice(0, MAX_CLASSES)
    .toSorted((a, b) => names.indexOf(a) - names.indexOf(b))
  return {
    classNames: shown,
    classTotals: shown.map(name => formatCount(classes[name] ?? 0)),
    classRows: folds.map(({ index, train, validation }) => ({
      index,
      counts: shown.map(name => ({
        train: formatCount(train.classes?.[name] ?? 0),
        validation: formatCount(validation.classes?.[name] ?? 0),
      })),
    })),
    classesLeftOut: names.length - shown.length,
  }
}

function splitFacts(report: FoldReport) {
  const seed = report.seed === null ? 'none: nothing is random' : String(report.seed)
  return [
    { name: 'Strategy', value: report.strategy },
    { name: 'Folds', value: report.repeats > 1 ? `${report.k} × ${report.repeats} repeats` : String(report.k) },
    { name: 'Shuffled', value: report.shuffle ? 'yes' : 'no' },
    { name: 'Seed (random_state)', value: seed },
    { name: 'Label', value: report.label ?? 'none' },
    { name: 'Format', value: `${report.format}${report.header ? ' with a header' : ''}` },
    { name: 'Layout', value: report.layout },
    { name: 'Records', value: formatCount(report.records) },
  ]
}

function certificateFacts({ certificate }: FoldReport) {
  const fact = (name: string, holds: boolean | null) => ({
    name,
    state: holds === null ? 'na' : holds ? 'yes' : 'no',
    value: holds === null ? 'does not apply' : holds ? 'yes' : 'no',
  })
  return [
    fact('No record is trained and validated on in one fold', certificate.disjoint),
    fact('Every record is validated exactly once', certificate.complete),
    fact('Groups are kept together', certificate.groupsKeptTogether),
    fact('Training records come before validation records', certificate.timeOrderKept),
    copiesFact(certificate.duplicates),
  ]
}

function copiesFact(duplicates: FoldReport['certificate']['duplicates']) {
  const name = 'No validation record is a copy of a training record'
  if (duplicates === null) return { name, state: 'na', value: 'was not looked for' }
  const { records } = duplicates
  return records === 0
    ? { name, state: 'yes', value: 'yes' }
    : { name, state: 'no', value: `no: ${formatCount(records)} ${records === 1 ? 'is' : 'are'}` }
}

function calculationFacts({ objective }: Evaluation) {
  const sources = {
    metric: 'training metric of the service (float32, repaired)',
    file: 'JSON file of the training',
  } as const satisfies Record<typeof objective.source, string>
  return [
    { name: 'Objective', value: `${objective.name}, ${objective.direction}` },
    { name: 'Values from', value: sources[objective.source] },
    { name: 'Mean', value: `${objective.mean}` },
    ...(objective.weighted_mean === undefined
      ? []
      : [{ name: 'Mean weighted by records', value: `${objective.weighted_mean}` }]),
    { name: 'Standard deviation (population)', value: `${objective.std}` },
    { name: 'Standard deviation (sample)', value: `${objective.std_sample}` },
    { name: 'Standard error of the mean', value: `${objective.sem}` },
    {
      name: '95 % interval',
      value: `${objective.ci95[0]} to ${objective.ci95[1]}, Student's t with ${objective.folds.length - 1} degrees of freedom`,
    },
    ...(objective.ci95_corrected === undefined
      ? []
      : [
          {
            name: '95 % interval, corrected',
            value: `${objective.ci95_corrected[0]} to ${objective.ci95_corrected[1]}, for the folds' common training records (Nadeau and Bengio 2003)`,
          },
        ]),
  ]
}

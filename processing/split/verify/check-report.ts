import type { FoldPart, FoldReport } from '../../../schemas/fold-report.ts'
import { foldCount, splitOptionsSchema } from '../../../schemas/split-options.ts'
import { certificateText } from '../fold-report.ts'
import { digestOfText } from './digest-algorithms.ts'

/** What in a fold report does not fit the rest of it: a report that somebody edited, or that is of other folds. */
export function checkReport(report: FoldReport): string[] {
  return [...checkFolds(report), ...checkTotals(report), ...checkCertificate(report)].map(
    problem => `report/folds.json — ${problem}`,
  )
}

function checkFolds({ folds, k, repeats, options }: FoldReport): string[] {
  const wanted = options === undefined ? k * repeats : foldCount(splitOptionsSchema.parse(options))
  return [
    ...(folds.length === wanted ? [] : [`it has ${folds.length} folds, but its options make ${wanted}`]),
    ...folds.flatMap(({ index, train, validation, hyperparameters }, position) => [
      ...(index === position ? [] : [`folds[${position}] says that it is fold ${index}`]),
      ...checkClasses(`folds[${position}].train`, train),
      ...checkClasses(`folds[${position}].validation`, validation),
      ...differing(`folds[${position}].hyperparameters`, hyperparameters, {
        num_training_samples: String(train.records),
        num_validation_samples: String(validation.records),
      }),
    ]),
  ]
}

function checkClasses(where: string, { records, classes }: FoldPart): string[] {
  if (classes === undefined) return []
  const sum = sumOf(Object.values(classes))
  return sum === records ? [] : [`${where} has ${records} records, but its classes add up to ${sum}`]
}

function checkTotals({ records, classes, inputs, hyperparameters, test }: FoldReport): string[] {
  const read = sumOf(inputs.map(input => input.records))
  const named = Object.values(classes)
  return [
    ...(read === records ? [] : [`it says ${records} records, but its inputs have ${read}`]),
    ...(named.length === 0 || sumOf(named) === records
      ? []
      : [`it says ${records} records, but its classes add up to ${sumOf(named)}`]),
    ...differing('hyperparameters', hyperparameters, { num_training_samples: String(records - (test?.records ?? 0)) }),
  ]
}

function checkCertificate({ certificate, options, folds, ...report }: FoldReport): string[] {
  const broken = (['disjoint', 'complete', 'groupsKeptTogether', 'timeOrderKept'] as const)
    .filter(name => certificate[name] === false)
    .map(name => `its certificate says that ${name} is false`)
  if (options === undefined) return broken
  const wrongOptions = (['strategy', 'k', 'shuffle', 'format'] as const)
    .filter(name => options[name] !== report[name])
    .map(name => `${name} is ${report[name]}, but the options say ${options[name]}`)
  const seed =
    (options['seed'] ?? null) === report.seed ? [] : [`seed is ${report.seed}, but the options say ${options['seed']}`]
  const digest = digestOfText(report, certificateText(options, folds))
  return [
    ...broken,
    ...wrongOptions,
    ...seed,
    ...(digest === certificate.digest
      ? []
      : [`its certificate has digest ${certificate.digest}, but its options and validation digests give ${digest}`]),
  ]
}

function differing(
  where: string,
  found: Readonly<Record<string, string>>,
  expected: Readonly<Record<string, string>>,
): string[] {
  return Object.entries(expected)
    .filter(([name, value]) => found[name] !== undefined && found[name] !== value)
    .map(([name, value]) => `${where}.${name} is ${found[name]} instead of ${value}`)
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

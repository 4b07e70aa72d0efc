import type { Parameter } from '../../schemas/definition.ts'
import type { Problem } from '../../schemas/problem.ts'
import { parseParameterValue } from '../definition/index.ts'
import type { Code } from './catalogue.ts'
import { createReporter } from './reporter.ts'
import { parameterTypes } from './read-document.ts'
import { oneOf, show } from './show.ts'
import { at, isRecord, type Json, records } from './values.ts'

/** StartPipelineExecution takes at most so many. */
const MAX_OVERRIDES = 200

/**
 * Judges the values that somebody wants to start a pipeline with, as texts: unknown, missing, empty and wrongly typed ones.
 * The path of a problem is the name of the parameter.
 */
export function checkOverrides(document: unknown, overrides: Readonly<Record<string, string>>): Problem[] {
  const reporter = createReporter()
  const report = (code: Code, name: string, text: string): void => reporter.report(code, name, text)
  const declared = new Map<string, Json>()
  for (const [, parameter] of records(at(document, 'Parameters'))) {
    if (typeof parameter['Name'] === 'string' && !declared.has(parameter['Name']))
      declared.set(parameter['Name'], parameter)
  }
  const entries = Object.entries(overrides)
  if (entries.length > MAX_OVERRIDES) {
    report(
      'FW9010',
      'PipelineParameters',
      `${entries.length} values; StartPipelineExecution takes at most ${MAX_OVERRIDES}. Leave out those that have a right default.`,
    )
  }
  for (const [name, text] of entries) {
    const parameter = declared.get(name)
    if (parameter === undefined) reportUnknown(name, text, document, declared, reporter)
    else checkValue(parameter, text, report)
  }
  for (const [name, parameter] of declared) {
    if (!Object.hasOwn(overrides, name) && parameter['DefaultValue'] === undefined) {
      report(
        'FW9002',
        name,
        `no value, and the parameter has no default. Pass one, such as -p ${name}=${example(parameter)}.`,
      )
    }
  }
  return reporter.problems()
}

const example = (parameter: Json): string => {
  const values = parameter['EnumValues']
  if (Array.isArray(values) && typeof values[0] === 'string') return values[0]
  const { Type: type } = parameter
  if (type === 'Integer') return '5'
  if (type === 'Float') return '0.98'
  return type === 'Boolean' ? 'true' : 'value'
}

/** How people call the number of folds. */
const namesOfK = new Set([
  'k',
  'kfold',
  'kfolds',
  'folds',
  'nfolds',
  'numfolds',
  'numberoffolds',
  'nsplits',
  'splits',
  'foldcount',
])

function reportUnknown(
  name: string,
  text: string,
  document: unknown,
  declared: ReadonlyMap<string, Json>,
  { report, suggest }: ReturnType<typeof createReporter>,
): void {
  const k = countFolds(document)
  if (k !== undefined && namesOfK.has(name.toLowerCase().replace(/[-_ ]/g, ''))) {
    report(
      'FW9006',
      name,
      `k is ${k} and fixed in the definition, because each fold is a step of its own; a start cannot make it ${show(text)}. Write kFold({ k: ${wholeOr(text, k)} }) in the pipeline file, and upsert it again.`,
    )
    return
  }
  const names = [...declared.keys()]
  const known = names.length === 0 ? 'It has none.' : `It has ${oneOf(names, 20)}.`
  report('FW9001', name, `the pipeline has no such parameter. ${known}${suggest(name, names)}`)
}

const wholeOr = (text: string, otherwise: number): string =>
  /^\d{1,6}$/.test(text.trim()) ? text.trim() : String(otherwise)

/** The folds of a k-fold document: its steps `TrainFold-0`, `TrainFold-1`, …; undefined for any other document. */
function countFolds(document: unknown): number | undefined {
  const folds = records(at(document, 'Steps')).filter(
    ([, step]) => typeof step['Name'] === 'string' && /Fold[-_]?\d+$/i.test(step['Name'].slice(0, 200)),
  )
  return folds.length < 2 ? undefined : folds.length
}

/** Enum values are strings; a document that somebody else wrote may hold anything in their place. */
const nameOf = (value: unknown): string => (typeof value === 'string' ? value : show(value))

function checkValue(parameter: Json, text: string, report: (code: Code, name: string, text: string) => void): void {
  const name = String(parameter['Name'])
  if (text === '') {
    report(
      'FW9004',
      name,
      'an empty value, which the service refuses. Leave it out to use the default, or pass a word such as "none".',
    )
    return
  }
  if (text.length > 1024) {
    report(
      'FW9007',
      name,
      `${text.length} characters; a start value has at most 1024. Put the text into a file on S3 and pass its URI.`,
    )
    return
  }
  const values = parameter['EnumValues']
  if (Array.isArray(values) && values.length > 0 && !values.includes(text)) {
    report('FW9005', name, `${show(text)} is not allowed; ${oneOf(values.map(nameOf), 20)} would be right.`)
    return
  }
  if (!isJudgeable(parameter)) return
  const parsed = parseParameterValue(parameter as unknown as Parameter, text)
  if ('expected' in parsed) {
    report(
      'FW9003',
      name,
      `${show(text)} is no ${String(parameter['Type'] ?? 'String')}; ${parsed.expected} would be right.`,
    )
  }
}

/** A parameter of a broken definition is not judged here; the judge of the definition says what is wrong with it. */
function isJudgeable(parameter: Json): boolean {
  const type = parameter['Type'] ?? 'String'
  const values = parameter['EnumValues']
  return (
    isRecord(parameter) && parameterTypes.includes(type as never) && (values === undefined || Array.isArray(values))
  )
}

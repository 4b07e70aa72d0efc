import type { ParameterView, Scope } from '../scope.ts'
import { typeOf } from '../evaluate.ts'
import { oneOf, show } from '../show.ts'
import { describeType } from '../../../schemas/service-model/check-shape.ts'
import { duplicates, isRecord, records } from '../values.ts'

const namePattern = /^[A-Za-z0-9\-_]+$/
const MAX_NAME = 64
const MAX_PARAMETERS = 200
const MAX_DEFAULT = 4096
/** Undocumented, seen by users of the SageMaker Python SDK (issue 2314). */
const MAX_ENUM_VALUES = 16

/** Names, types, defaults and enums of the declared parameters. */
export function parameters(scope: Scope): void {
  const { report, document } = scope
  const list = document['Parameters']
  if (Array.isArray(list) && list.length > MAX_PARAMETERS) {
    report(
      'FW1020',
      'Parameters',
      `${list.length} parameters; StartPipelineExecution takes at most ${MAX_PARAMETERS}. Put what belongs together into one JSON file on S3 and pass its URI.`,
    )
  }
  const named = records(list).flatMap(([index, record]) =>
    typeof record['Name'] === 'string' ? [[index, record['Name']] as const] : [],
  )
  for (const [index, name] of duplicates(named)) {
    report('FW1010', `Parameters[${index}].Name`, `${show(name)} is declared twice. Keep one of the two declarations.`)
  }
  for (const [index, name] of named) checkName(name, `Parameters[${index}].Name`, scope)
  for (const [index, record] of records(list))
    checkDefaultType(record['DefaultValue'], `Parameters[${index}].DefaultValue`, scope)
  for (const parameter of scope.parameters.values()) {
    checkDefault(parameter, scope)
    checkEnum(parameter, scope)
  }
}

function checkName(name: string, path: string, { report }: Scope): void {
  if (!namePattern.test(name)) {
    report('FW1011', path, `${show(name)} is no parameter name; letters, digits, "-" and "_" would be right.`)
  } else if (name.length > MAX_NAME) {
    report(
      'FW1012',
      path,
      `${show(name)} has ${name.length} characters. AWS's definition schema allows ${MAX_NAME}; choose a shorter name.`,
    )
  }
}

function checkDefaultType(value: unknown, path: string, { report }: Scope): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    report(
      'FW3014',
      path,
      'an expression or object where only a literal is allowed. A default is known when the pipeline is created: write the value itself.',
    )
  }
}

function checkDefault(parameter: ParameterView, { report }: Scope): void {
  const { default: value, type, path, enumValues } = parameter
  if (value === undefined || type === 'unknown') return
  const place = `${path}.DefaultValue`
  const found = typeOf(value)
  const fits = found === type || (type === 'Float' && found === 'Integer')
  if (!fits) {
    report(
      'FW1014',
      place,
      `${show(value)} is ${describeType(value)}, but the parameter's type is ${type}. Write ${rightLiteral[type]}.`,
    )
    return
  }
  if (typeof value === 'string') {
    if (value === '') {
      report(
        'FW1019',
        place,
        'an empty string. The service refuses empty values at start; leave DefaultValue out, or use a word such as "none".',
      )
    } else if (value.length > MAX_DEFAULT) {
      report(
        'FW1019',
        place,
        `${value.length} characters; at most ${MAX_DEFAULT} are allowed. Put the text into a file on S3 and pass its URI.`,
      )
    }
    if (enumValues !== undefined && enumValues.length > 0 && !enumValues.includes(value)) {
      report('FW1017', place, `${show(value)} is not in EnumValues; ${oneOf(enumValues)} would be right.`)
    }
  }
}

const rightLiteral = {
  String: 'a string in quotes',
  Integer: 'a whole number without quotes, such as 5',
  Float: 'a number without quotes, such as 0.98',
  Boolean: 'true or false without quotes',
} as const

function checkEnum({ enumValues, type, path }: ParameterView, { report }: Scope): void {
  if (enumValues === undefined) return
  const place = `${path}.EnumValues`
  if (type !== 'String' && type !== 'unknown')
    report(
      'FW1015',
      place,
      `EnumValues on a parameter of type ${type}. Only String parameters have them: remove it, or change the type.`,
    )
  if (enumValues.length === 0)
    report('FW1016', place, 'an empty list, so no value would be right. List the values, or remove EnumValues.')
  if (enumValues.length > MAX_ENUM_VALUES) {
    report(
      'FW1018',
      place,
      `${enumValues.length} values. Users report that the service takes at most ${MAX_ENUM_VALUES}; drop EnumValues and check the value in the first step when the upsert is refused.`,
    )
  }
}

/** Parameters that nothing refers to. */
export function unusedParameters(scope: Scope, used: ReadonlySet<string>): void {
  for (const { name, path } of scope.parameters.values()) {
    if (!used.has(name))
      scope.report(
        'FW1021',
        path,
        `nothing refers to Parameters.${name}. Use it or remove it: whoever starts the pipeline believes that it does something.`,
      )
  }
}

const secretName =
  /(^|[-_.])(password|passwd|secret|api[-_]?key|access[-_]?key|private[-_]?key|credentials?)($|[-_.\d])|(^|[-_.])(PASSWORD|PASSWD|SECRET|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)($|[-_.\d])|(Password|Secret|ApiKey|AccessKey|PrivateKey|Credentials?)($|[A-Z\d])/
/** Bare `token` is a word of language models. */
const secretToken = /(auth|api|access|bearer|session|refresh|hf|github|gitlab|slack)[-_]?token($|[-_.\d])/i
const secretValue =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bxox[baprs]-[A-Za-z0-9-]{10,}/
/** Values under such a name that only point at a secret. */
const pointsElsewhere = /^(arn:|s3:\/\/|https?:\/\/|true$|false$|none$|\d{0,6}$)/i

/** Where a request holds names and values that people choose; '' is the request itself. */
const ownersOfMaps = ['', 'TrainingJobDefinition', 'PrimaryContainer']
const openMaps = ['Environment', 'HyperParameters', 'StaticHyperParameters']

/** Keys and passwords in what DescribePipeline gives back to everybody. */
export function secrets(scope: Scope): void {
  for (const { name, default: value, path } of scope.parameters.values()) {
    if (typeof value === 'string' && looksSecret(name, value)) report(`${path}.DefaultValue`, `the default of ${name}`)
  }
  for (const { path, args } of scope.steps) {
    for (const owner of ownersOfMaps) {
      const record = owner === '' ? args : args[owner]
      if (!isRecord(record)) continue
      for (const map of openMaps) {
        const found = record[map]
        if (!isRecord(found)) continue
        for (const key in found) {
          const value = found[key]
          if (typeof value !== 'string' || !looksSecret(key, value)) continue
          report(`${path}.Arguments.${owner === '' ? '' : `${owner}.`}${map}`, show(key))
        }
      }
    }
  }
  function report(path: string, what: string): void {
    scope.report(
      'FW1024',
      path,
      `${what} looks like a secret. Everybody who may describe the pipeline or its jobs reads it: pass the name of a Secrets Manager secret and read it in the container.`,
    )
  }
}

const looksSecret = (name: string, value: string): boolean =>
  secretValue.test(value.slice(0, 10_000)) ||
  (value.length >= 6 &&
    (secretName.test(name.slice(0, 512)) || secretToken.test(name.slice(0, 512))) &&
    !pointsElsewhere.test(value))

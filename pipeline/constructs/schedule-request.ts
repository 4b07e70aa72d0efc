import type { Scalar } from '../../schemas/definition.ts'
import { didYouMeanOrList } from '../../schemas/nearest.ts'
import { mistake, show } from '../dsl/mistake.ts'
import type { ParameterDeclaration, Parameters } from '../dsl/parameters.ts'
import type { Pipeline, StartParameters } from '../dsl/pipeline.ts'
import { readSchedule, type ScheduleExpression, type ScheduleText } from './schedule-expression.ts'

/** EventBridge Scheduler's `CreateSchedule` request; times are ISO 8601 text. */
export interface ScheduleRequest {
  readonly Name: string
  readonly GroupName?: string
  readonly Description?: string
  readonly ScheduleExpression: string
  readonly ScheduleExpressionTimezone?: string
  readonly StartDate?: string
  readonly EndDate?: string
  readonly State: 'ENABLED' | 'DISABLED'
  readonly ActionAfterCompletion?: 'NONE' | 'DELETE'
  readonly KmsKeyArn?: string
  readonly FlexibleTimeWindow:
    | { readonly Mode: 'OFF' }
    | { readonly Mode: 'FLEXIBLE'; readonly MaximumWindowInMinutes: number }
  readonly Target: {
    readonly Arn: string
    readonly RoleArn: string
    readonly SageMakerPipelineParameters?: {
      readonly PipelineParameterList: readonly { readonly Name: string; readonly Value: string }[]
    }
    readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number }
    readonly DeadLetterConfig?: { readonly Arn: string }
  }
}

/** Values of the parameters; needed as soon as one has no default. */
type Given<P extends Pipeline> =
  Record<never, never> extends StartParameters<P>
    ? { readonly parameters?: StartParameters<P> }
    : { readonly parameters: StartParameters<P> }

export type ScheduleOptions<P extends Pipeline = Pipeline> = Given<P> & {
  /** @default the pipeline's name */
  readonly name?: string
  readonly schedule: ScheduleExpression | ScheduleText
  /** IANA name, such as `Europe/Berlin`. @default UTC by the service */
  readonly timeZone?: string
  /** The pipeline's ARN, as an upsert prints it, or what it is made of. */
  readonly pipeline: string | { readonly account: string; readonly region: string }
  /** ARN of the role that starts executions: it trusts `scheduler.amazonaws.com` and may `sagemaker:StartPipelineExecution`. */
  readonly role: string
  /** Nothing happens before. @default at once */
  readonly start?: Date | string
  /** Nothing happens after. @default never */
  readonly end?: Date | string
  /** Start within so many minutes, 1 to 1440, after the time. @default 0, within the minute */
  readonly flexibleMinutes?: number
  /** @default true */
  readonly enabled?: boolean
  /** What becomes of a schedule that will not happen again. @default 'NONE' by the service: it stays */
  readonly afterCompletion?: 'NONE' | 'DELETE'
  /** Group of schedules. @default 'default' by the service */
  readonly group?: string
  readonly description?: string
  /** How often, 0 to 185, and for how long, 60 to 86400 seconds, a start that failed is tried again. */
  readonly retry?: { readonly attempts?: number; readonly maxAgeInSeconds?: number }
  /** ARN of the SQS queue that gets the starts that failed for good. */
  readonly deadLetterQueue?: string
  /** ARN of the KMS key that the schedule is kept with. */
  readonly kmsKey?: string
}

/**
 * The request that makes EventBridge Scheduler start a pipeline's executions. Pure data: apply it with
 * `aws scheduler create-schedule --cli-input-json`, CDK, or EventBridge Scheduler's client.
 *
 * @throws UserError for a schedule that is none, and for parameters that a start would miss or refuse
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
 */
export function scheduleRequest<P extends Pipeline>(pipeline: P, options: ScheduleOptions<P>): ScheduleRequest {
  const { name = pipeline.name, enabled = true, timeZone, group, description, kmsKey, afterCompletion } = options
  const where = `scheduleRequest("${pipeline.name}")`
  checkText(`${where}: name`, name, /^[\w.-]{1,64}$/, '1 to 64 letters, digits, "-", "_" and "."')
  const schedule = readSchedule(`${where}: schedule`, options.schedule)
  if (timeZone !== undefined) checkTimeZone(where, timeZone)
  if (group !== undefined) checkText(`${where}: group`, group, /^[\w.-]{1,64}$/, 'the name of a schedule group')
  if (description !== undefined)
    checkText(`${where}: description`, description, /^[^]{0,512}$/, 'at most 512 characters')
  if (kmsKey !== undefined) checkText(`${where}: kmsKey`, kmsKey, /^arn:aws[a-z-]*:kms:/, 'the ARN of a KMS key')
  return Object.freeze({
    Name: name,
    ...(group !== undefined && { GroupName: group }),
    ...(description !== undefined && { Description: description }),
    ScheduleExpression: schedule.text,
    ...(timeZone !== undefined && { ScheduleExpressionTimezone: timeZone }),
    ...dates(where, options, schedule),
    State: enabled ? 'ENABLED' : 'DISABLED',
    ...(afterCompletion !== undefined && { ActionAfterCompletion: afterCompletion }),
    ...(kmsKey !== undefined && { KmsKeyArn: kmsKey }),
    FlexibleTimeWindow: window(where, options.flexibleMinutes),
    Target: target(where, pipeline, options),
  })
}

function target(where: string, pipeline: Pipeline, options: ScheduleOptions): ScheduleRequest['Target'] {
  const { role, deadLetterQueue: queue, retry } = options
  checkText(`${where}: role`, role, /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'the ARN of a role')
  if (queue !== undefined)
    checkText(`${where}: deadLetterQueue`, queue, /^arn:aws[a-z-]*:sqs:/, 'the ARN of an SQS queue')
  const given = startValues(where, pipeline.parameters, options.parameters ?? {})
  return {
    Arn: pipelineArn(where, pipeline.name, options.pipeline),
    RoleArn: role,
    ...(given.length > 0 && { SageMakerPipelineParameters: { PipelineParameterList: given } }),
    ...(retry !== undefined && { RetryPolicy: retryPolicy(where, retry) }),
    ...(queue !== undefined && { DeadLetterConfig: { Arn: queue } }),
  }
}

function pipelineArn(where: string, name: string, pipeline: ScheduleOptions['pipeline']): string {
  const form = /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]+:\d{12}:pipeline\/(.+)$/
  if (typeof pipeline === 'string') {
    checkText(`${where}: pipeline`, pipeline, form, 'the ARN of a pipeline, or { account, region }')
    // The service has written ARNs in lower case.
    if (form.exec(pipeline)?.[1]?.toLowerCase() === name.toLowerCase()) return pipeline
    throw mistake(`${where}: pipeline — ${show(pipeline)} is the ARN of another pipeline; give that of "${name}".`)
  }
  const { account, region } = pipeline
  checkText(`${where}: pipeline.account`, account, /^\d{12}$/, 'an account of 12 digits')
  checkText(`${where}: pipeline.region`, region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region such as "us-east-1"')
  return `arn:${partitionOf(region)}:sagemaker:${region}:${account}:pipeline/${name}`
}

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

/** Values as text, in the order of the declarations. */
function startValues(where: string, declared: Parameters, given: Readonly<Record<string, Scalar | undefined>>) {
  const unknown = Object.keys(given).find(name => !Object.hasOwn(declared, name))
  if (unknown !== undefined) {
    throw mistake(
      `${where}: parameters — the pipeline has no parameter "${unknown}".${didYouMeanOrList(unknown, Object.keys(declared))}`,
    )
  }
  const missing = Object.entries(declared).flatMap(([name, { required }]) =>
    required && given[name] === undefined ? [`"${name}"`] : [],
  )
  if (missing.length > 0) {
    throw mistake(
      `${where}: parameters — ${missing.join(', ')} ${missing.length === 1 ? 'has' : 'have'} no default, so every start without a value fails; give ${missing.length === 1 ? 'a value' : 'values'} here, or a default in the pipeline.`,
    )
  }
  return Object.entries(declared).flatMap(([name, declaration]) => {
    const value = given[name]
    if (value === undefined) return []
    return [{ Name: name, Value: startValue(`${where}: parameters.${name}`, declaration, value) }]
  })
}

const isRight = {
  String: (value: unknown) => typeof value === 'string',
  Integer: Number.isSafeInteger,
  Float: Number.isFinite,
  Boolean: (value: unknown) => typeof value === 'boolean',
} as const satisfies Record<ParameterDeclaration['type'], (value: unknown) => boolean>

/** Longest value of a parameter (EventBridge Scheduler, SageMakerPipelineParameter). */
const MAX_VALUE = 1024

function startValue(place: string, { type, oneOf }: ParameterDeclaration, value: Scalar): string {
  if (!isRight[type](value)) throw mistake(`${place} — ${show(value)} is no ${type}; give one.`)
  if (oneOf !== undefined && !oneOf.includes(value)) {
    throw mistake(`${place} — ${show(value)} is not one of ${oneOf.map(show).join(', ')}; give one of them.`)
  }
  const text = String(value)
  if (text.length <= MAX_VALUE) return text
  throw mistake(
    `${place} — the value has ${text.length} characters, and a schedule takes at most ${MAX_VALUE}; shorten it.`,
  )
}

function dates(where: string, { start, end }: ScheduleOptions, { isOnce }: ScheduleExpression) {
  const [from, to] = [readDate(`${where}: start`, start), readDate(`${where}: end`, end)]
  if (isOnce && (from !== undefined || to !== undefined)) {
    throw mistake(
      `${where}: ${from === undefined ? 'end' : 'start'} — a schedule that happens once has its time in at(…); leave start and end out.`,
    )
  }
  if (from !== undefined && to !== undefined && from >= to) {
    throw mistake(`${where}: end — ${to} is not after the start, ${from}; give a later one.`)
  }
  return { ...(from !== undefined && { StartDate: from }), ...(to !== undefined && { EndDate: to }) }
}

function readDate(place: string, date: Date | string | undefined): string | undefined {
  if (date === undefined) return undefined
  // A text without a zone would mean another time on every machine.
  const hasZone = date instanceof Date || /T.*(Z|[+-]\d{2}:\d{2})$/.test(date)
  const time = new Date(date)
  if (!hasZone || Number.isNaN(time.getTime())) {
    throw mistake(
      `${place} — ${show(date)} is no time with a zone; give a Date, or text such as "2027-01-31T08:00:00Z".`,
    )
  }
  return time.toISOString()
}

function window(where: string, minutes = 0): ScheduleRequest['FlexibleTimeWindow'] {
  checkNumber(`${where}: flexibleMinutes`, minutes, 0, 1440)
  return minutes === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: minutes }
}

function retryPolicy(where: string, { attempts, maxAgeInSeconds: age }: NonNullable<ScheduleOptions['retry']>) {
  if (attempts !== undefined) checkNumber(`${where}: retry.attempts`, attempts, 0, 185)
  if (age !== undefined) checkNumber(`${where}: retry.maxAgeInSeconds`, age, 60, 86_400)
  return {
    ...(attempts !== undefined && { MaximumRetryAttempts: attempts }),
    ...(age !== undefined && { MaximumEventAgeInSeconds: age }),
  }
}

function checkNumber(place: string, value: unknown, min: number, max: number): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return
  throw mistake(`${place} — ${show(value)} is no whole number from ${min} to ${max}; give one.`)
}

function checkText(place: string, value: unknown, form: RegExp, right: string): void {
  if (typeof value === 'string' && form.test(value)) return
  throw mistake(`${place} — ${show(value)} is not right; give ${right}.`)
}

function checkTimeZone(where: string, zone: string): void {
  // Node takes offsets such as +01:00 too, which are no names of zones.
  if (/^[A-Za-z]/.test(zone) && isZone(zone)) return
  throw mistake(`${where}: timeZone — ${show(zone)} is no time zone; give an IANA name such as "Europe/Berlin".`)
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

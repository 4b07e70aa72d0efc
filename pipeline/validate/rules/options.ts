import type { Scope, StepView } from '../scope.ts'
import { oneOf, show } from '../show.ts'
import { isRecord, records } from '../values.ts'

/** Step types whose caching AWS documents. */
const documentedCaching = new Set([
  'Processing',
  'Training',
  'Tuning',
  'AutoML',
  'Transform',
  'ClarifyCheck',
  'QualityCheck',
  'EMR',
])

/**
 * ISO-8601 and the spellings that AWS's own pages use: `P30D`, `30d`, `T16m`, `30dT5h`, `p4dt12h`. No seconds.
 */
const duration = /^p?(?=[\dt])(\d+y)?(\d+m)?(\d+w)?(\d+d)?(t(?=\d)(\d+h)?(\d+m)?)?$/i

export function cacheConfig(step: StepView, { report }: Scope): void {
  const config = step.fields['CacheConfig']
  if (!isRecord(config)) return
  const path = `${step.path}.CacheConfig`
  const { Enabled: enabled, ExpireAfter: expireAfter } = config
  if (enabled === true && expireAfter === undefined) {
    report('FW4001', path, 'the cache is on without ExpireAfter. AWS wants one: write "ExpireAfter": "P30D".')
  }
  if (typeof expireAfter === 'string' && !duration.test(expireAfter)) {
    report(
      'FW4002',
      `${path}.ExpireAfter`,
      `${show(expireAfter)} is no duration; something like "P30D" or "PT12H" would be right (years to minutes, no seconds).`,
    )
  }
  if (enabled === true && !documentedCaching.has(step.type)) {
    report(
      'FW4003',
      path,
      `AWS does not document caching for ${step.type} steps, so the entry may change nothing. Documented are ${oneOf([...documentedCaching])}.`,
    )
  }
}

const stepExceptions = ['Step.SERVICE_FAULT', 'Step.THROTTLING']
const jobExceptions = ['SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR', 'SageMaker.RESOURCE_LIMIT']
const knownExceptions = [...stepExceptions, ...jobExceptions, 'Emr.RESOURCE_LIMIT']

/** Step types that start no SageMaker job, so the job exceptions never come. */
const withoutJob = new Set(['Model', 'RegisterModel', 'EndpointConfig', 'EMR', 'EMRServerless'])
const limits = {
  MaxAttempts: [0, 20],
  ExpireAfterMin: [0, 14_400],
  IntervalSeconds: [0, 43_200],
  BackoffRate: [0, Number.POSITIVE_INFINITY],
} as const

export function retryPolicies(step: StepView, { report, suggest }: Scope): void {
  const seen = new Set<string>()
  for (const [index, policy] of records(step.fields['RetryPolicies'])) {
    const path = `${step.path}.RetryPolicies[${index}]`
    const types = policy['ExceptionType']
    if (Array.isArray(types) && types.length === 0)
      report(
        'FW4005',
        `${path}.ExceptionType`,
        `an empty list, so the policy is for nothing; ${oneOf(knownExceptions)} would be right.`,
      )
    for (const type of Array.isArray(types) ? types : []) {
      if (typeof type !== 'string') continue
      if (!knownExceptions.includes(type)) {
        report(
          'FW4006',
          `${path}.ExceptionType`,
          `${show(type)} is no documented exception; ${oneOf(knownExceptions)} would be right.${suggest(type, knownExceptions)}`,
        )
      } else if (jobExceptions.includes(type) && withoutJob.has(step.type)) {
        report(
          'FW4011',
          `${path}.ExceptionType`,
          `${type} comes from a SageMaker job, which ${article(step.type)} step does not start; ${oneOf(stepExceptions)} would be right.`,
        )
      } else if (type === 'SageMaker.JOB_INTERNAL_ERROR' && (step.type === 'Tuning' || step.type === 'AutoML')) {
        report('FW4012', `${path}.ExceptionType`, `${article(step.type)} step is never retried on ${type}. Remove it.`)
      }
      if (seen.has(type)) report('FW4023', `${path}.ExceptionType`, `a second policy for ${type}. Keep one.`)
      seen.add(type)
    }
    checkBounds(policy, path, report)
  }
}

const article = (type: string): string => (/^[AE]/.test(type) ? `an ${type}` : `a ${type}`)

function checkBounds(policy: Readonly<Record<string, unknown>>, path: string, report: Scope['report']): void {
  const { MaxAttempts: attempts, ExpireAfterMin: minutes } = policy
  if (attempts !== undefined && minutes !== undefined) {
    report('FW4007', path, 'both MaxAttempts and ExpireAfterMin, which the service refuses. Keep one of them.')
  } else if (attempts === undefined && minutes === undefined) {
    report(
      'FW4008',
      path,
      'neither MaxAttempts nor ExpireAfterMin; the service then tries 5 times. Write the bound that you want.',
    )
  } else if (attempts === 0 || minutes === 0) {
    report('FW4009', path, 'a bound of 0, so nothing is ever tried again. Remove the policy, or raise the bound.')
  }
  for (const [member, [least, most]] of Object.entries(limits)) {
    const value = policy[member]
    if (typeof value === 'number' && (value < least || value > most)) {
      report(
        'FW4010',
        `${path}.${member}`,
        `${value}; ${Number.isFinite(most) ? `${least} to ${most}` : `at least ${least}`} would be right.`,
      )
    }
  }
}

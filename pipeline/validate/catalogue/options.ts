import type { CatalogueEntry } from './entry.ts'

const retry = (policy: object) => ({ set: [['Steps[1].RetryPolicies', [policy]]] as const })
const capacity = { ExceptionType: ['SageMaker.CAPACITY_ERROR'] }

/** FW4…: caching, retries, output parameters and the other options of steps. */
export const optionCodes = {
  FW4001: {
    title: 'Cache without an end',
    severity: 'warning',
    source: 'Developer Guide, Caching: a timeout must be defined; service text not captured',
    example: { set: [['Steps[0].CacheConfig', { Enabled: true }]] },
    repair: 'Write "ExpireAfter": "P30D", or how long a result stays good.',
  },
  FW4002: {
    title: 'ExpireAfter that is no duration',
    severity: 'warning',
    source: 'Developer Guide, Caching: ISO-8601 with year to minute, and the looser spellings of its examples',
    example: { set: [['Steps[0].CacheConfig.ExpireAfter', 'thirty days']] },
    repair: 'Write something like P30D or PT12H.',
  },
  FW4003: {
    title: 'Cache on a step type without documented caching',
    severity: 'warning',
    source: 'Developer Guide, Caching: the list of step types',
    example: {
      set: [
        [
          'Steps[4]',
          {
            Name: 'Ask',
            Type: 'Lambda',
            FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
            Arguments: {},
            CacheConfig: { Enabled: true, ExpireAfter: 'P1D' },
          },
        ],
      ],
    },
    repair: 'Do not count on it.',
  },
  FW4004: {
    title: 'Cache that never hits',
    severity: 'warning',
    source: 'Developer Guide, Caching: the arguments that make the cache key',
    example: { set: [['Steps[0].Arguments.Environment', { RUN: { Get: 'Execution.PipelineExecutionId' } }]] },
    repair: 'Take what is new in every execution out of these arguments, or switch the cache off.',
  },
  FW4005: {
    title: 'Retry policy for no exception',
    severity: 'error',
    source: 'Developer Guide, Retry policy: ExceptionType is required',
    example: retry({ ExceptionType: [], MaxAttempts: 3 }),
    repair: 'Name the exceptions.',
  },
  FW4006: {
    title: 'Undocumented exception of a retry policy',
    severity: 'warning',
    source: 'Developer Guide, Retry policy',
    example: retry({ ExceptionType: ['SageMaker.CAPACITY'], MaxAttempts: 3 }),
    repair: 'Use one of the documented names.',
  },
  FW4007: {
    title: 'Retry policy with both bounds',
    severity: 'error',
    source: 'Developer Guide, Retry policy: giving both "generates a validation error"',
    example: retry({ ...capacity, MaxAttempts: 3, ExpireAfterMin: 60 }),
    repair: 'Keep MaxAttempts or ExpireAfterMin.',
  },
  FW4008: {
    title: 'Retry policy without a bound',
    severity: 'warning',
    source: 'Developer Guide, Retry policy: the default is MaxAttempts 5',
    example: retry(capacity),
    repair: 'Write the bound that you want.',
  },
  FW4009: {
    title: 'Retry policy that never retries',
    severity: 'warning',
    source: 'Developer Guide, Retry policy: 0 means never',
    example: retry({ ...capacity, MaxAttempts: 0 }),
    repair: 'Remove the policy, or raise the bound.',
  },
  FW4010: {
    title: 'Bound of a retry policy out of range',
    severity: 'error',
    source:
      'Developer Guide, Retry policy: MaxAttempts 0 to 20, ExpireAfterMin 0 to 14400, IntervalSeconds up to 43200',
    example: retry({ ...capacity, MaxAttempts: 21 }),
    repair: 'Use a number in the range.',
  },
  FW4011: {
    title: 'Job exception on a step without a SageMaker job',
    severity: 'warning',
    source: 'SageMaker Python SDK: "SageMakerJobStepRetryPolicy is not allowed for a create/register model step"',
    example: { set: [['Steps[3].Arguments.IfSteps[0].RetryPolicies', [{ ...capacity, MaxAttempts: 3 }]]] },
    repair: 'Use Step.SERVICE_FAULT and Step.THROTTLING.',
  },
  FW4012: {
    title: 'Exception that this type never retries',
    severity: 'warning',
    source: 'Developer Guide, Retry policy: JOB_INTERNAL_ERROR has no effect on Tuning and AutoML steps',
    example: {
      set: [
        [
          'Steps[4]',
          {
            Name: 'Tune',
            Type: 'Tuning',
            Arguments: {},
            RetryPolicies: [{ ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'], MaxAttempts: 3 }],
          },
        ],
      ],
    },
    repair: 'Remove it.',
  },
  FW4013: {
    title: 'Parallelism below 1',
    severity: 'error',
    source: 'Service model, MaxParallelExecutionSteps: at least 1',
    example: { pipeline: { maxParallelSteps: 0 } },
    repair: 'Use a whole number from 1, or leave it out to run all that is ready.',
  },
  FW4021: {
    title: 'Two property files of the same name',
    severity: 'error',
    source: 'SageMaker Python SDK: property files are found by name',
    example: {
      set: [
        ['Steps[2].PropertyFiles[1]', { PropertyFileName: 'Evaluation', OutputName: 'evaluation', FilePath: 'b.json' }],
      ],
    },
    repair: 'Give each a name of its own.',
  },
  FW4022: {
    title: 'Property file name that a Get path cannot hold',
    severity: 'warning',
    source: 'Definition language: Steps.<step>.PropertyFiles.<name>',
    example: { set: [['Steps[0].PropertyFiles[0].PropertyFileName', 'fold report']] },
    repair: 'Use letters, digits, hyphens and underscores.',
  },
  FW4023: {
    title: 'Two retry policies for one exception',
    severity: 'warning',
    source: 'Foldwise; which of them counts is not documented',
    example: { set: [['Steps[1].RetryPolicies[1]', { ...capacity, MaxAttempts: 5 }]] },
    repair: 'Keep one of them.',
  },
} as const satisfies Readonly<Record<`FW4${number}`, CatalogueEntry>>

import { capacity, fail, gate, get, lambda, many, more, retry, role, set, split, tune } from './builders.ts'
import type { ReferenceCheck } from './check.ts'

/** Rules 63 to 72: step options and starts. */
export const optionsChecks: Readonly<Record<number, ReferenceCheck>> = {
  63: {
    rule: 'a cache that is on ends, after a duration',
    mistakes: [
      ['FW4001', set('Steps[0].CacheConfig', { Enabled: true })],
      ['FW4002', set('Steps[0].CacheConfig.ExpireAfter', 'PT30S')],
    ],
  },
  64: {
    rule: 'a cache stands at a type whose caching is documented',
    mistakes: [
      ['FW4003', set('Steps[4]', lambda('L', { CacheConfig: { Enabled: true, ExpireAfter: 'P1D' } }))],
      ['FW2003', set('Steps[4]', fail('F', { CacheConfig: { Enabled: true, ExpireAfter: 'P1D' } }))],
    ],
  },
  65: {
    rule: 'the key of a cached step is not new in every execution',
    mistakes: [['FW4004', set(`${split}.Environment`, { RUN: get('Execution.PipelineExecutionId') })]],
  },
  66: {
    rule: 'ExceptionType is a list of known exceptions',
    mistakes: [
      ['FW4005', retry({ ExceptionType: [], MaxAttempts: 1 })],
      ['FW4006', retry({ ExceptionType: ['SageMaker.CAPACITY'], MaxAttempts: 1 })],
      ['FW2001', retry({ ExceptionType: 'SageMaker.CAPACITY_ERROR', MaxAttempts: 1 })],
    ],
  },
  67: {
    rule: 'a retry policy has one of MaxAttempts and ExpireAfterMin',
    mistakes: [
      ['FW4007', retry({ ...capacity, MaxAttempts: 1, ExpireAfterMin: 1 })],
      ['FW4008', retry(capacity)],
    ],
  },
  68: {
    rule: 'the numbers of a retry policy are within their bounds',
    mistakes: [
      ['FW4010', retry({ ...capacity, MaxAttempts: 21 })],
      ['FW4010', retry({ ...capacity, ExpireAfterMin: 14_401 })],
      ['FW4010', retry({ ...capacity, MaxAttempts: 1, IntervalSeconds: 43_201 })],
      ['FW4010', retry({ ...capacity, MaxAttempts: 1, BackoffRate: -1 })],
    ],
  },
  69: {
    rule: 'retry policies stand at types that have them, with exceptions that come there',
    mistakes: [
      ['FW4011', retry({ ...capacity, MaxAttempts: 1 }, `${gate}.IfSteps[0]`)],
      [
        'FW4011',
        more(
          'Model',
          { ExecutionRoleArn: role, PrimaryContainer: {} },
          { RetryPolicies: [{ ...capacity, MaxAttempts: 1 }] },
        ),
      ],
      ['FW2003', set('Steps[4]', lambda('L', { RetryPolicies: [{ ...capacity, MaxAttempts: 1 }] }))],
    ],
  },
  70: {
    rule: 'Tuning and AutoML never retry an internal error',
    mistakes: [
      [
        'FW4012',
        {
          set: [
            ...(tune({}).set ?? []),
            ['Steps[4].RetryPolicies', [{ ExceptionType: ['SageMaker.JOB_INTERNAL_ERROR'], MaxAttempts: 1 }]],
          ],
        },
      ],
    ],
  },
  71: { rule: 'at least one step runs at once', mistakes: [['FW4013', { pipeline: { maxParallelSteps: 0 } }]] },
  72: {
    rule: 'selected steps are 1 to 50, exist, are connected and have results to build on',
    mistakes: [
      ['FW9008', { selection: { selectedSteps: [] } }],
      ['FW9008', { selection: { selectedSteps: many(51, index => `S${index}`) } }],
      ['FW9009', { selection: { selectedSteps: ['Trian'] } }],
      ['FW9011', { selection: { selectedSteps: ['Split', 'Evaluate'], sourceExecutionArn: 'arn' } }],
      ['FW9012', { selection: { selectedSteps: ['Train'] } }],
    ],
  },
}

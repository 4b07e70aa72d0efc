import {
  conditionStep,
  execution,
  failStep,
  float,
  functionStep,
  greaterThan,
  integer,
  join,
  pipeline,
  string,
} from 'foldwise'
import { readObject } from 'foldwise/service'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { summary } from '../fixtures/functions/summary.ts'
import { type LocalPipelines, startLocalPipelines } from './local-pipeline.ts'

let local: LocalPipelines

beforeAll(async () => {
  local = await startLocalPipelines()
})
afterAll(() => local?.stop())

const job = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:1',
  role: 'arn:aws:iam::111122223333:role/Role',
  code: { bucket: 'function-tests' },
  output: 's3://function-tests/runs',
} as const

const resultOf = async (name: string, arn: string, step: string): Promise<unknown> =>
  JSON.parse(
    (await readObject(local.clients, {
      bucket: 'function-tests',
      key: `runs/${name}/${arn.split('/').at(-1)}/${step}/result.json`,
    })) ?? 'null',
  )

describe('a function step in the local SageMaker', () => {
  it('hands arguments of every kind to functions and their results to further steps', async () => {
    const name = 'Functions'
    const made = pipeline(name, { parameters: { A: float(1.5), N: integer(2), Label: string('a') } }, p => {
      const echo = functionStep('Echo', {
        ...job,
        function: async (a: number, n: number, more: { readonly id: string; readonly list: readonly unknown[] }) => {
          await Promise.resolve()
          return { sum: a + n, id: more.id, list: more.list, types: [typeof a, typeof n, typeof more.id] }
        },
        args: [
          p.A,
          p.N,
          { id: join`run-${execution.PipelineName}`, list: ['é\n\u2028😀', { $: 1, $$a: null }, '/opt/ml/x'] },
        ],
      })
      const summarised = functionStep<typeof summary>('Summary', {
        ...job,
        file: '../fixtures/functions/summary.ts',
        export: 'summary',
        args: [[echo.result.sum, 4.5], p.Label, { limit: 5 }],
      })
      const gate = conditionStep('Gate', {
        conditions: greaterThan(summarised.result.mean, 3.9),
        elseSteps: [failStep('TooLow', { message: join`mean ${summarised.result.mean}` })],
      })
      return [echo, summarised, gate]
    })
    const { arn, status, steps } = await local.run(made)
    expect(steps).toMatchObject({ Echo: { status: 'Succeeded' }, Summary: { status: 'Succeeded' } })
    expect(status).toBe('Succeeded')
    expect(await resultOf(name, arn, 'Echo')).toEqual({
      result: {
        sum: 3.5,
        id: 'run-Functions',
        list: ['é\n\u2028😀', { $: 1, $$a: null }, '/opt/ml/x'],
        types: ['number', 'number', 'string'],
      },
    })
    expect(await resultOf(name, arn, 'Summary')).toEqual({
      result: { count: 2, mean: 4, label: 'a', parts: [{ value: 3.5 }, { value: 4.5 }], isLarge: false },
    })
    expect(steps).not.toHaveProperty('TooLow')
  })

  it.each([
    [
      'throws',
      'Throws',
      (limit: number) => {
        throw new RangeError(`the limit ${limit} is too low`)
      },
      'the limit 3 is too low',
    ],
    ['throws what is no error', 'ThrowsText', () => Promise.reject('no luck'), 'no luck'],
    ['returns what JSON cannot hold', 'Nan', () => ({ a: [Number.NaN] }), 'The function returned NaN at result.a[0]'],
    ['waits for nothing', 'Stuck', () => new Promise(() => {}), 'The function never finished'],
    [
      'fails in the background',
      'Background',
      () => {
        setTimeout(() => {
          throw new Error('late failure')
        }, 1)
        return new Promise(resolve => void setTimeout(resolve, 10_000))
      },
      'late failure',
    ],
  ])('fails with the message of a function that %s', async (_what, name, code, message) => {
    const made = pipeline(name, {}, () =>
      functionStep('Run', { ...job, function: code as () => unknown, args: [3] as never }),
    )
    const { status, steps } = await local.run(made)
    expect(status).toBe('Failed')
    expect(steps['Run']?.reason).toContain(`AlgorithmError: ${message}`)
    const { DescribeProcessingJobCommand } = local.clients.sagemakerSdk
    const described = await local.clients.sagemaker.send(
      new DescribeProcessingJobCommand({ ProcessingJobName: steps['Run']?.jobName }),
    )
    expect(described.ProcessingJobStatus).toBe('Failed')
    expect(described.ExitMessage).toContain(message)
  })

  it('ends when the function has returned, whatever it left open', async () => {
    const made = pipeline('LeftOpen', {}, () =>
      functionStep('Run', {
        ...job,
        function: () => {
          setInterval(() => {}, 1000)
          return 'done'
        },
      }),
    )
    const { arn, status } = await local.run(made)
    expect(status).toBe('Succeeded')
    expect(await resultOf('LeftOpen', arn, 'Run')).toEqual({ result: 'done' })
  })
})

import { failStep, type ForEachItem, forEachStep, functionStep, join, pipeline, string } from 'foldwise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalPipelines, startLocalPipelines } from './local-pipeline.ts'

let local: LocalPipelines

beforeAll(async () => {
  local = await startLocalPipelines()
})
afterAll(() => local?.stop())

const job = {
  image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:1',
  role: 'arn:aws:iam::111122223333:role/Role',
  code: { bucket: 'for-each-tests' },
  output: 's3://for-each-tests/runs',
} as const

/** Ends as failed with what the runs gave, so that the clients see it. */
const squares = (name: string) =>
  pipeline(name, { parameters: { Items: string('[]') }, experimental: { forEach: true } }, p => {
    const each = forEachStep('Each', {
      items: p.Items,
      maxConcurrency: 2,
      body: (item: ForEachItem<{ readonly n: number }>) =>
        functionStep('Square', {
          ...job,
          function: (n: number) => {
            if (n < 0) throw new Error(`${n} is negative`)
            return n * n
          },
          args: [item.n],
        }),
    })
    const { Status, InputItemCount, SucceededStepCount, FailedStepCount, ChildOutputs } = each.properties
    const told = failStep('Tell', {
      message: join(' ', [
        Status,
        InputItemCount,
        SucceededStepCount,
        FailedStepCount,
        ChildOutputs[0]!.ProcessingJobName,
      ]),
    })
    return [each, told]
  })

describe('a ForEach step in the local SageMaker', () => {
  it('runs its body for every item as a job of its own', async () => {
    const { steps, status } = await local.run(squares('Squares'), { Items: '[{"n":2},{"n":3},{"n":4}]' })
    expect(steps['Each']?.status).toBe('Succeeded')
    expect(steps['Tell']?.reason).toMatch(/^Succeeded 3 3 0 \S+-0$/)
    expect(status).toBe('Failed')
    const { ListProcessingJobsCommand, DescribeProcessingJobCommand } = local.clients.sagemakerSdk
    const { ProcessingJobSummaries: jobs = [] } = await local.clients.sagemaker.send(new ListProcessingJobsCommand({}))
    expect(jobs.map(({ ProcessingJobStatus }) => ProcessingJobStatus)).toEqual(['Completed', 'Completed', 'Completed'])
    const described = await local.clients.sagemaker.send(
      new DescribeProcessingJobCommand({ ProcessingJobName: steps['Tell']?.reason?.split(' ').at(-1) }),
    )
    expect(described.Environment).toEqual({ FOLDWISE_VALUE_0: '2' })
  })

  it('goes on when some runs fail, and fails when all do', async () => {
    const some = await local.run(squares('Some'), { Items: '[{"n":2},{"n":-3}]' })
    expect(some.steps['Tell']?.reason).toMatch(/^PartiallySucceeded 2 1 1 /)
    const none = await local.run(squares('None'), { Items: '[{"n":-1}]' })
    expect(none.steps['Each']).toMatchObject({
      status: 'Failed',
      reason: expect.stringMatching(/Every run of Square failed; the first: .*-1 is negative/),
    })
  })

  it.each([
    ['no list', 'IterableItems is "no list" — a JSON list is needed'],
    ['[{"m":1}]', 'Get "ForEach.CurrentItem.n" is undefined for the item {"m":1}'],
  ])('fails with one sentence for the items %s', async (Items, message) => {
    const { steps } = await local.run(squares(`Bad${Items.length}`), { Items })
    expect(steps['Each']?.status).toBe('Failed')
    expect(steps['Each']?.reason).toContain(message)
  })
})

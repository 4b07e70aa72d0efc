import { kFold } from 'foldwise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { irisPipeline, type LocalIris, startLocalIris } from './local-iris.ts'

let iris: LocalIris

beforeAll(async () => {
  iris = await startLocalIris()
  await iris.upsert(irisPipeline('Iris', kFold({ k: 5, shuffle: true, seed: 23 })))
})
afterAll(() => iris?.stop())

describe('folds in parallel', () => {
  it('overlap in time with a limit of 5', async () => {
    expect(mostAtOnce(await foldTimes(5))).toBeGreaterThan(2)
  })

  it('are never more than 2 at once with a limit of 2', async () => {
    expect(mostAtOnce(await foldTimes(2))).toBe(2)
  })

  it('run one after another with a limit of 1', async () => {
    expect(mostAtOnce(await foldTimes(1))).toBe(1)
  })
})

type Interval = readonly [start: number, end: number]

async function foldTimes(limit: number): Promise<Interval[]> {
  const { arn, status } = await iris.run('Iris', {}, limit)
  expect(status).toBe('Succeeded')
  const { ListPipelineExecutionStepsCommand } = iris.clients.sagemakerSdk
  const page = await iris.clients.sagemaker.send(
    new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn, MaxResults: 100 }),
  )
  const folds = (page.PipelineExecutionSteps ?? []).filter(step => step.StepName?.startsWith('TrainFold-'))
  expect(folds).toHaveLength(5)
  return folds.map(step => [step.StartTime?.getTime() ?? Number.NaN, step.EndTime?.getTime() ?? Number.NaN])
}

/** The largest number of intervals that share a moment; ends are exclusive. */
function mostAtOnce(intervals: readonly Interval[]): number {
  return Math.max(
    ...intervals.map(([moment]) => intervals.filter(([start, end]) => start <= moment && moment < end).length),
  )
}

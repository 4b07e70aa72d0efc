import { readFileSync } from 'node:fs'
import { kFold } from 'foldwise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { irisPipeline, type LocalIris, startLocalIris } from './local-iris.ts'

/** What scikit-learn 1.2.1's SVC gets right, fold by fold, with KFold(k, shuffle=True, random_state=23). */
const grid = readFileSync('test/fixtures/training/iris_svc_grid_sample.csv', 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map(line => {
    const [k, kernel, C, gamma, correct] = line.split(',') as [string, string, string, string, string]
    return { k: Number(k), kernel, C, gamma, correct: correct.split(' ').map(Number) }
  })

/** Linear kernel, C = 1: the numbers that the Field Notes pipeline's own scripts print. */
const linear = [
  { k: 3, correct: [48, 48, 49], mean: 145 / 150 },
  { k: 5, correct: [30, 30, 29, 29, 29], mean: 0.98 },
  { k: 10, correct: [15, 15, 15, 15, 14, 15, 14, 15, 15, 14], mean: 0.98 },
]

let iris: LocalIris

beforeAll(async () => {
  iris = await startLocalIris()
  for (const k of [3, 5, 10]) await iris.upsert(irisPipeline(`Iris-${k}`, kFold({ k, shuffle: true, seed: 23 })))
})
afterAll(() => iris?.stop())

describe('the local SageMaker gives the numbers of scikit-learn', () => {
  it.each(linear)('linear kernel, C = 1, k = $k', async ({ k, correct, mean }) => {
    const { status, evaluation } = await iris.run(`Iris-${k}`)
    expect(status).toBe('Succeeded')
    expect(evaluation?.objective.folds.map(({ value }) => value)).toEqual(correct.map(count => count / (150 / k)))
    expect(evaluation?.objective.mean).toBeCloseTo(mean, 15)
    if (k === 5) expect(evaluation?.objective.std).toBeCloseTo(0.016329931618554536, 14)
  })

  it('agrees in all counts of 30 configurations over k = 3, 5 and 10, run four at a time', async () => {
    expect(grid).toHaveLength(30)
    const waiting = [...grid]
    const differences: string[] = []
    const worker = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { k, kernel, C, gamma, correct } = next
        const { evaluation } = await iris.run(`Iris-${k}`, { C, kernel, gamma })
        const counts = evaluation?.objective.folds.map(({ value, records }) => value * (records ?? Number.NaN))
        if (JSON.stringify(counts?.map(count => Math.round(count * 1e9) / 1e9)) !== JSON.stringify(correct))
          differences.push(
            `k=${k} ${kernel} C=${C} gamma=${gamma}: ${counts?.join(' ')} instead of ${correct.join(' ')}`,
          )
      }
    }
    await Promise.all([worker(), worker(), worker(), worker()])
    expect(differences).toEqual([])
  }, 240_000)
})

describe('the gate', () => {
  it('passes a baseline of 0.98 although every fold arrives as float32, and registers the model', async () => {
    const { status, arn } = await iris.run('Iris-5', { BaselineObjective: '0.98' })
    expect(status).toBe('Succeeded')
    expect(await stepNames(arn)).toEqual(expect.arrayContaining(['TrainFinal', 'RegisterModel']))
  })

  it('does not pass 0.99: the execution succeeds and nothing is trained on all data or registered', async () => {
    const { status, arn, keys } = await iris.run('Iris-5', { BaselineObjective: '0.99' })
    expect(status).toBe('Succeeded')
    expect((await stepNames(arn)).filter(name => /Final|Register/.test(name))).toEqual([])
    expect(keys.filter(key => key.includes('/models/final/'))).toEqual([])
  })
})

async function stepNames(arn: string): Promise<string[]> {
  const { ListPipelineExecutionStepsCommand } = iris.clients.sagemakerSdk
  const page = await iris.clients.sagemaker.send(new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn }))
  return (page.PipelineExecutionSteps ?? []).map(step => step.StepName as string)
}

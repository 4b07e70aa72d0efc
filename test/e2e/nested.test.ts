import { csv, float, kFold, maximize, nestedCrossValidation, nodeSvm, pipeline } from 'foldwise'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { choiceSchema } from '../../schemas/choice.ts'
import reference from '../fixtures/split/nested-iris.json' with { type: 'json' }
import { bucket, type FinishedExecution, type LocalIris, readText, startLocalIris } from './local-iris.ts'

let iris: LocalIris

beforeAll(async () => {
  iris = await startLocalIris()
})
afterAll(() => iris?.stop())

const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com'

const nestedIris = (name: string, { k, innerK, seed }: (typeof reference.cases)[number]) =>
  pipeline(name, { parameters: { Baseline: float(0.9) } }, p =>
    nestedCrossValidation({
      data: csv(`s3://${bucket}/iris.csv`, { header: true, label: 'species' }),
      folds: kFold({ k, shuffle: true, seed }),
      innerK,
      candidates: reference.candidates,
      training: nodeSvm({ hyperparameters: { gamma: 'scale' } }),
      objective: maximize('validation:accuracy'),
      baseline: p.Baseline,
      register: { group: 'Iris' },
      role: 'arn:aws:iam::111122223333:role/Role',
      output: { bucket, prefix: 'runs' },
      images: { processing: `${registry}/foldwise-processing:1`, training: `${registry}/foldwise-training-svm:1` },
    }),
  )

async function choice(name: string, { id }: FinishedExecution, folder: string) {
  const text = await readText(iris.clients, `runs/${name}/${id}/choices/${folder}/choice.json`)
  const { candidate, candidates } = choiceSchema.parse(JSON.parse(text))
  return { chosen: candidate, means: Object.fromEntries(candidates.map(({ name: each, mean }) => [each, mean])) }
}

const near = ({ chosen, means }: { chosen: string; means: Record<string, number> }) => ({
  chosen,
  means: Object.fromEntries(Object.entries(means).map(([name, mean]) => [name, expect.closeTo(mean, 12)])),
})

it.each(reference.cases.map((each, index) => [`Nested-${index}`, each] as const))(
  'scores and chooses as scikit-learn does: %s',
  async (name, each) => {
    await iris.upsert(nestedIris(name, each))
    const finished = await iris.run(name)
    expect(finished.status).toBe('Succeeded')
    expect(finished.evaluation?.objective.folds.map(({ value }) => value)).toEqual(each.scores)
    for (const [index, fold] of each.folds.entries())
      expect(await choice(name, finished, `fold-${index}`)).toEqual(near(fold))
    expect(await choice(name, finished, 'final')).toEqual(near(each.final))
    const report = await readText(iris.clients, `runs/${name}/${finished.id}/evaluation/report.html`)
    expect(report).toContain(
      '3 models, each trained without the records it was validated on, its hyperparameters chosen',
    )
    const { DescribeTrainingJobCommand, ListPipelineExecutionStepsCommand } = iris.clients.sagemakerSdk
    const { PipelineExecutionSteps: steps = [] } = await iris.clients.sagemaker.send(
      new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: finished.arn, MaxResults: 100 }),
    )
    const final = steps.find(({ StepName }) => StepName === 'TrainFinal')?.Metadata?.TrainingJob?.Arn
    const { HyperParameters } = await iris.clients.sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: final?.split('/').at(-1) }),
    )
    const chosen = reference.candidates[each.final.chosen as keyof typeof reference.candidates]
    expect(HyperParameters).toMatchObject({ C: String(chosen.C), kernel: chosen.kernel, gamma: 'scale' })
  },
)

it('trains nothing on all data when the baseline is not reached', async () => {
  const [each] = reference.cases
  await iris.upsert(nestedIris('Missed', each as (typeof reference.cases)[number]))
  const { status, keys } = await iris.run('Missed', { Baseline: '0.999' })
  expect(status).toBe('Succeeded')
  expect(keys.some(key => key.includes('/choices/final') || key.includes('/models/final'))).toBe(false)
})

import { afterAll, beforeAll, expect, it } from 'vitest'
import { kFold, stratifiedKFold } from 'foldwise'
import { readFileSync } from 'node:fs'
import { putObject } from '../../pipeline/service/index.ts'
import { verifyFolds } from '../../processing/split/verify-folds.ts'
import { s3FoldFiles } from '../../cli/s3-fold-files.ts'
import { bucket, irisPipeline, type LocalIris, readText, startLocalIris } from './local-iris.ts'

let iris: LocalIris

beforeAll(async () => {
  iris = await startLocalIris()
  const [header, ...rows] = readFileSync('examples/iris/iris.csv', 'utf8').trimEnd().split('\n')
  const share = Math.ceil(rows.length / 5)
  for (let i = 0; i < 5; i++) {
    const body = Buffer.from(`${[header, ...rows.slice(i * share, (i + 1) * share)].join('\n')}\n`)
    await putObject(iris.clients, { bucket, key: `parts/${i}.csv`, body })
  }
})
afterAll(() => iris.stop())

it.each(['copy', 'manifest'] as const)(
  'three instances split together, and the trainings give what one instance gives: layout %s',
  async layout => {
    const folds = kFold({ k: 5, shuffle: true, seed: 23 })
    await iris.upsert(irisPipeline('One', folds, { layout }))
    await iris.upsert(irisPipeline('Three', folds, { layout, splitInstances: 3 }))
    const one = await iris.run('One')
    const three = await iris.run('Three', { InputDataUri: `s3://${bucket}/parts/` })
    expect([one.status, three.status]).toEqual(['Succeeded', 'Succeeded'])
    expect(three.evaluation?.objective.folds).toEqual(one.evaluation?.objective.folds)
    const place = `s3://${bucket}/runs/Three/${three.id}/`
    expect((await verifyFolds(s3FoldFiles(iris.clients, place))).problems).toEqual([])
    const report = JSON.parse(await readText(iris.clients, `runs/Three/${three.id}/report/folds.json`)) as object
    expect(report).toMatchObject({
      records: 150,
      inputs: [0, 1, 2, 3, 4].map(i => ({ name: `${i}.csv`, records: 30 })),
    })
  },
)

it('a mistake on one instance fails the job with its sentence', async () => {
  await putObject(iris.clients, { bucket, key: 'broken/0.csv', body: Buffer.from('a,species\n1,0\n2,1\n') })
  await putObject(iris.clients, { bucket, key: 'broken/1.csv', body: Buffer.from('a,species\n1,0\n2\n') })
  const folds = stratifiedKFold({ k: 2 })
  await iris.upsert(irisPipeline('Broken', folds, { splitInstances: 2 }))
  const { status, arn } = await iris.run('Broken', { InputDataUri: `s3://${bucket}/broken/` })
  expect(status).toBe('Failed')
  const { ListPipelineExecutionStepsCommand } = iris.clients.sagemakerSdk
  const { PipelineExecutionSteps: steps } = await iris.clients.sagemaker.send(
    new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn }),
  )
  expect(steps?.find(step => step.StepName === 'SplitFolds')?.FailureReason).toContain(
    '1.csv:3 — the row has 1 field, the first row has 2',
  )
})

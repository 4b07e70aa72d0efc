import { kFold } from 'foldwise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { irisPipeline, listKeys, type LocalIris, readText, startLocalIris } from './local-iris.ts'

let iris: LocalIris

beforeAll(async () => {
  iris = await startLocalIris()
})
afterAll(() => iris?.stop())

describe('isolation', () => {
  it('keeps two executions of one pipeline with different k apart, key by key', async () => {
    await iris.upsert(irisPipeline('Iris', kFold({ k: 5, shuffle: true, seed: 23 })))
    const first = await iris.run('Iris')
    await iris.upsert(irisPipeline('Iris', kFold({ k: 3, shuffle: true, seed: 23 })))
    const second = await iris.run('Iris')
    expect([first.status, second.status]).toEqual(['Succeeded', 'Succeeded'])
    expect(foldFolders(first.keys)).toBe(5)
    expect(foldFolders(second.keys)).toBe(3)
    expect(first.keys.filter(key => second.keys.includes(key))).toEqual([])
    // Nothing was written outside the two executions' folders.
    const all = await listKeys(iris.clients, '')
    expect(all.filter(key => key !== 'iris.csv' && !first.keys.includes(key) && !second.keys.includes(key))).toEqual([])
  })

  it('shows a fold none of its own validation rows: k = 12, so that train/1/ and train/11/ exist', async () => {
    await iris.upsert(irisPipeline('Iris-12', kFold({ k: 12, shuffle: true, seed: 23 })))
    const { status, keys, id } = await iris.run('Iris-12')
    expect(status).toBe('Succeeded')
    for (let fold = 0; fold < 12; fold++) {
      const rows = async (side: string) => {
        const prefix = `runs/Iris-12/${id}/${side}/${fold}/`
        const files = keys.filter(key => key.startsWith(prefix))
        const texts = await Promise.all(files.map(key => readText(iris.clients, key)))
        return texts.flatMap(text => text.trim().split('\n').slice(1))
      }
      const [train, validation] = [await rows('train'), await rows('validation')]
      expect(train.length + validation.length).toBe(150)
      // Iris has equal rows, so rows are compared as a bag: together they are the data set.
      expect([...train, ...validation].sort()).toEqual(await irisRows())
    }
    // What the training of fold 1 was given: its own 137 or 138 rows, not those of folds 10 and 11.
    const { DescribeTrainingJobCommand, ListPipelineExecutionStepsCommand } = iris.clients.sagemakerSdk
    const { arn } = await lastExecution('Iris-12')
    const steps = await iris.clients.sagemaker.send(
      new ListPipelineExecutionStepsCommand({ PipelineExecutionArn: arn, MaxResults: 100 }),
    )
    const jobArn = steps.PipelineExecutionSteps?.find(step => step.StepName === 'TrainFold-1')?.Metadata?.TrainingJob
      ?.Arn
    const job = await iris.clients.sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: jobArn?.split('/').at(-1) }),
    )
    const uris = job.InputDataConfig?.map(channel => channel.DataSource?.S3DataSource?.S3Uri)
    expect(uris).toEqual([expect.stringMatching(/\/train\/1\/$/), expect.stringMatching(/\/validation\/1\/$/)])
  })
})

const foldFolders = (keys: readonly string[]) =>
  new Set(keys.map(key => /\/validation\/(\d+)\//.exec(key)?.[1]).filter(index => index !== undefined)).size

async function irisRows(): Promise<string[]> {
  return (await readText(iris.clients, 'iris.csv')).trim().split('\n').slice(1).sort()
}

async function lastExecution(name: string): Promise<{ arn: string }> {
  const { ListPipelineExecutionsCommand } = iris.clients.sagemakerSdk
  const page = await iris.clients.sagemaker.send(new ListPipelineExecutionsCommand({ PipelineName: name }))
  return { arn: page.PipelineExecutionSummaries?.[0]?.PipelineExecutionArn as string }
}

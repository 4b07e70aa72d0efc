import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalSageMaker, startLocalSageMaker } from '../../../local/index.ts'
import {
  type Clients,
  createClients,
  describePipeline,
  listVersions,
  startExecution,
  getExecution,
  upsertPipeline,
} from '../../../pipeline/service/index.ts'
import { type AwsStub, startAwsStub } from '../../support/aws-stub.ts'

const roleArn = 'arn:aws:iam::000000000000:role/R'
const withMessage = (message: string): string =>
  JSON.stringify({
    Version: '2020-12-01',
    Steps: [{ Name: 'Stop', Type: 'Fail', Arguments: { ErrorMessage: message } }],
  })

let folder: string
let server: LocalSageMaker
let clients: Clients
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foldwise-lock-'))
  server = await startLocalSageMaker({ stateDir: folder })
  clients = await createClients({ local: server.endpoint })
})
afterAll(async () => {
  clients.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** What a colleague does in Studio or with another SDK. */
async function updateByOthers(name: string, definition: string): Promise<void> {
  const { UpdatePipelineCommand } = clients.sagemakerSdk
  await clients.sagemaker.send(new UpdatePipelineCommand({ PipelineName: name, PipelineDefinition: definition }))
}
const deployed = async (name: string) => (await describePipeline(clients, name))?.PipelineDefinition

describe('an upsert over what somebody else changed', () => {
  it('is refused, shows what is deployed first, and leaves it there', async () => {
    await upsertPipeline(clients, { name: 'Lock', definition: withMessage('ours'), roleArn })
    await upsertPipeline(clients, { name: 'Lock', definition: withMessage('ours, again') })
    await updateByOthers('Lock', withMessage('theirs'))
    const shown: (string | undefined)[] = []
    const upsert = upsertPipeline(clients, {
      name: 'Lock',
      definition: withMessage('ours, at last'),
      beforeRefusal: ({ PipelineDefinition }) => void shown.push(PipelineDefinition),
    })
    await expect(upsert).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /^Pipeline "Lock": somebody else changed the definition after the last upsert by Foldwise \(last change 20.*— .*— .*pass --force\.$/,
      ),
    })
    expect(shown).toEqual([withMessage('theirs')])
    expect(await deployed('Lock')).toBe(withMessage('theirs'))
  })

  it('goes through with force, and the next one without', async () => {
    const forced = await upsertPipeline(clients, { name: 'Lock', definition: withMessage('forced'), force: true })
    expect(forced).toMatchObject({ action: 'updated', changes: ['definition'], versionId: 4 })
    expect(await upsertPipeline(clients, { name: 'Lock', definition: withMessage('next') })).toMatchObject({
      action: 'updated',
      versionId: 5,
    })
  })

  it('notices a roll-back to an earlier definition of ours', async () => {
    await updateByOthers('Lock', withMessage('forced'))
    await expect(upsertPipeline(clients, { name: 'Lock', definition: withMessage('new') })).rejects.toThrow(
      /somebody else/,
    )
  })

  it('is no conflict when the change is the one that is wished: it becomes ours', async () => {
    await updateByOthers('Lock', withMessage('agreed'))
    expect(await upsertPipeline(clients, { name: 'Lock', definition: withMessage('agreed') })).toMatchObject({
      action: 'unchanged',
    })
    expect(await upsertPipeline(clients, { name: 'Lock', definition: withMessage('ours') })).toMatchObject({
      action: 'updated',
    })
  })

  it('does not refuse what leaves the definition alone', async () => {
    await updateByOthers('Lock', withMessage('theirs'))
    expect(
      await upsertPipeline(clients, { name: 'Lock', definition: withMessage('theirs'), maxParallelSteps: 3 }),
    ).toMatchObject({ action: 'updated', changes: ['maxParallelSteps'] })
  })

  it('refuses a pipeline that Foldwise never put, unless forced', async () => {
    const { CreatePipelineCommand } = clients.sagemakerSdk
    await clients.sagemaker.send(
      new CreatePipelineCommand({
        PipelineName: 'Foreign',
        RoleArn: roleArn,
        PipelineDefinition: withMessage('theirs'),
        ClientRequestToken: 'x'.repeat(40),
      }),
    )
    const wish = { name: 'Foreign', definition: withMessage('ours') }
    await expect(upsertPipeline(clients, wish)).rejects.toThrow(/was not put by Foldwise/)
    expect(await upsertPipeline(clients, { ...wish, force: true })).toMatchObject({ action: 'updated' })
    expect(await upsertPipeline(clients, { ...wish, definition: withMessage('more') })).toMatchObject({
      action: 'updated',
    })
  })

  it('refuses when nobody may say who put it, because the tags cannot be read', async () => {
    const stub: AwsStub = await startAwsStub({
      DescribePipeline: () => ({ PipelineArn: 'arn', PipelineDefinition: withMessage('unknown') }),
      ListTags: () => ({ refuse: 'AccessDeniedException', message: 'no sagemaker:ListTags' }),
    })
    const others = await createClients({ local: stub.endpoint })
    try {
      await expect(upsertPipeline(others, { name: 'P', definition: withMessage('ours') })).rejects.toThrow(
        /its tags cannot be read \(AWS: SageMaker ListTags is not allowed/,
      )
      expect(stub.calls.map(({ operation }) => operation)).toEqual(['DescribePipeline', 'ListTags'])
    } finally {
      others.close()
      await stub.close()
    }
  })
})

describe('versions of a pipeline', () => {
  it('are listed newest first, described and started by their number', async () => {
    for (const message of ['one', 'two', 'three']) {
      await upsertPipeline(clients, { name: 'Versions', definition: withMessage(message), roleArn })
    }
    const versions = await listVersions(clients, 'Versions')
    expect(versions.map(({ PipelineVersionId }) => PipelineVersionId)).toEqual([3, 2, 1])
    expect(await listVersions(clients, 'Versions', { limit: 2 })).toHaveLength(2)
    expect((await describePipeline(clients, 'Versions', 2))?.PipelineDefinition).toBe(withMessage('two'))
    expect(await describePipeline(clients, 'Versions', 9)).toBeUndefined()
    const arn = await startExecution(clients, { pipelineName: 'Versions', pipelineVersion: 1 })
    expect((await getExecution(clients, arn)).PipelineVersionId).toBe(1)
    await expect(startExecution(clients, { pipelineName: 'Versions', pipelineVersion: 9 })).rejects.toThrow(
      /no version 9/,
    )
    await expect(listVersions(clients, 'Nobody')).rejects.toThrow(/"Nobody" does not exist in the local SageMaker/)
  })
})

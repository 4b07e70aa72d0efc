import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fail, get, type LocalEngine, openLocalEngine } from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
})
afterAll(() => local.close())

const Source = { SourceUri: 's3://test-bucket/data' }
const lineage = (associations: readonly object[]): object => ({
  Name: 'L',
  Type: 'Lineage',
  Arguments: {
    Actions: [{ ActionName: 'act', ActionType: 'Train', Source }],
    Artifacts: [{ ArtifactName: 'art', ArtifactType: 'DataSet', Source }],
    Contexts: [{ ContextName: 'con', ContextType: 'Place', Source }],
    Associations: associations,
  },
})
const produced = {
  Source: { Name: 'act', Type: 'Action' },
  Destination: { Name: 'art', Type: 'Artifact' },
  AssociationType: 'Produced',
}

test('a Lineage step records actions, artifacts, contexts and associations, twice the same ones', async () => {
  await local.run([lineage([produced])])
  const { execution, steps } = await local.run([
    lineage([produced]),
    fail('Say', get("Steps.L.ArtifactArns['art']"), { DependsOn: ['L'] }),
  ])
  expect(execution['PipelineExecutionStatus']).toBe('Failed')
  const arn = steps['Say']?.['FailureReason']
  expect(arn).toMatch(/^arn:aws:sagemaker:us-east-1:000000000000:artifact\/[0-9a-f]{32}$/)
  expect(steps['L']).toMatchObject({
    StepStatus: 'Succeeded',
    Metadata: { Lineage: { ArtifactArns: { art: arn }, Associations: [{ DestinationArn: arn }] } },
  })
  expect(await local.call('DescribeArtifact', { ArtifactArn: arn })).toMatchObject({ ArtifactName: 'art', Source })
  expect(await local.call('DescribeAction', { ActionName: 'act' })).toMatchObject({ ActionType: 'Train' })
  expect(await local.call('DescribeContext', { ContextName: 'con' })).toMatchObject({ ContextType: 'Place' })
  const { AssociationSummaries } = await local.call('ListAssociations', { DestinationArn: arn })
  expect(AssociationSummaries).toMatchObject([{ AssociationType: 'Produced', DestinationArn: arn }])
  expect((await local.call('ListArtifacts', { SourceUri: Source.SourceUri }))['ArtifactSummaries']).toHaveLength(1)
  expect((await local.call('ListArtifacts', { SourceUri: 's3://other' }))['ArtifactSummaries']).toHaveLength(0)
})

test('an association with what the step does not make is refused', async () => {
  const { steps } = await local.run([lineage([{ ...produced, Source: { Name: 'nobody', Type: 'Action' } }])])
  expect(steps['L']?.['FailureReason']).toContain('Action "nobody", which the step does not make')
})

test('a simulated step says so in its ARN, its record and its log, and gives nothing that looks like a result', async () => {
  const { arn, steps } = await local.run([
    { Name: 'Custom', Type: 'BedrockCustomModel', Arguments: { ModelName: 'm' } },
    fail('Say', get('Steps.Custom.ModelStatus'), { DependsOn: ['Custom'] }),
  ])
  const made = steps['Custom']?.['Metadata'].BedrockCustomModel.Arn
  expect(made).toMatch(/^arn:aws:bedrock:us-east-1:000000000000:custom-model\/simulated-/)
  expect(steps['Say']?.['FailureReason']).not.toBe('Active')
  expect(steps['Say']?.['StepStatus']).toBe('Failed')
  const journal = readFileSync(
    join(local.folder, 'executions', arn.split('/').pop() as string, 'journal.jsonl'),
    'utf8',
  )
  expect(journal).toContain('"simulated":true')
  const job = made.split('/simulated-').pop()
  expect(readFileSync(join(local.folder, 'jobs', job, 'log.txt'), 'utf8')).toContain('Simulated: step Custom')
})

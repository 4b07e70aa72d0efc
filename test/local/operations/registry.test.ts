// Responses are read member by member; typing each would repeat the service model.
/* oxlint-disable typescript/no-explicit-any */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LocalEngine, openLocalEngine } from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
})
afterAll(() => local.close())

const register = (group: string, more: object = {}): object => ({
  Name: 'Register',
  Type: 'RegisterModel',
  Arguments: {
    ModelPackageGroupName: group,
    InferenceSpecification: {
      Containers: [{ Image: 'test-node:1', ModelDataUrl: 's3://b/model.tar.gz' }],
      SupportedContentTypes: ['text/csv'],
      SupportedResponseMIMETypes: ['text/csv'],
    },
    ...more,
  },
})

test('RegisterModel makes the group when it is not there, and versions count 1, 2, 3', async () => {
  const arns: string[] = []
  for (let count = 1; count <= 3; count++) {
    const { steps } = await local.run([register('IrisClassifier')])
    expect(steps['Register']?.['StepStatus']).toBe('Succeeded')
    arns.push(steps['Register']?.['Metadata'].RegisterModel.Arn)
  }
  expect(arns).toEqual([1, 2, 3].map(n => `arn:aws:sagemaker:us-east-1:000000000000:model-package/irisclassifier/${n}`))
  const group = await local.call('DescribeModelPackageGroup', { ModelPackageGroupName: 'IrisClassifier' })
  expect(group).toMatchObject({ ModelPackageGroupName: 'IrisClassifier', ModelPackageGroupStatus: 'Completed' })
  const { ModelPackageSummaryList } = await local.call('ListModelPackages', { ModelPackageGroupName: 'IrisClassifier' })
  expect(ModelPackageSummaryList.map((one: any) => [one.ModelPackageVersion, one.ModelApprovalStatus])).toEqual([
    [3, 'PendingManualApproval'],
    [2, 'PendingManualApproval'],
    [1, 'PendingManualApproval'],
  ])
})

test('registrations at the same time get different versions', async () => {
  const runs = await Promise.all(Array.from({ length: 8 }, () => local.run([register('Race')])))
  const arns = new Set(runs.map(run => run.steps['Register']?.['Metadata'].RegisterModel.Arn))
  expect(arns.size).toBe(8)
})

test('approval is given by UpdateModelPackage and survives a restart; a deleted version’s number is not used again', async () => {
  const { steps } = await local.run([
    register('Approve', { ModelApprovalStatus: 'Rejected', CustomerMetadataProperties: { a: '1' } }),
  ])
  const arn = steps['Register']?.['Metadata'].RegisterModel.Arn
  await local.call('UpdateModelPackage', {
    ModelPackageArn: arn,
    ModelApprovalStatus: 'Approved',
    ApprovalDescription: 'good',
    CustomerMetadataProperties: { b: '2' },
    CustomerMetadataPropertiesToRemove: ['a'],
  })
  local = await local.reopen()
  expect(await local.call('DescribeModelPackage', { ModelPackageName: arn })).toMatchObject({
    ModelPackageArn: arn,
    ModelPackageVersion: 1,
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: 'Approved',
    ApprovalDescription: 'good',
    CustomerMetadataProperties: { b: '2' },
    InferenceSpecification: { Containers: [{ ModelDataUrl: 's3://b/model.tar.gz' }] },
  })
  await local.call('DeleteModelPackage', { ModelPackageName: arn })
  const again = await local.run([register('Approve')])
  expect(again.steps['Register']?.['Metadata'].RegisterModel.Arn).toMatch(/\/approve\/2$/)
})

test('a package in a group that does not exist is refused, and so is a second group of a name', async () => {
  await expect(local.call('CreateModelPackage', { ModelPackageGroupName: 'None' })).rejects.toMatchObject({
    code: 'ValidationException',
    message: 'ModelPackageGroup arn:aws:sagemaker:us-east-1:000000000000:model-package-group/none does not exist.',
  })
  await local.call('CreateModelPackageGroup', { ModelPackageGroupName: 'Once', Tags: [{ Key: 'k', Value: 'v' }] })
  await expect(local.call('CreateModelPackageGroup', { ModelPackageGroupName: 'Once' })).rejects.toMatchObject({
    code: 'ValidationException',
  })
  const { ModelPackageGroupSummaryList } = await local.call('ListModelPackageGroups', { NameContains: 'Once' })
  expect(ModelPackageGroupSummaryList.map((group: any) => group.ModelPackageGroupName)).toEqual(['Once'])
})

test.each(['../../x', 'a/b', ''])('the group name %j is refused by the step', async name => {
  const { steps } = await local.run([register(name)])
  expect(steps['Register']?.['FailureReason']).toContain('Failed to invoke sagemaker:CreateModelPackage')
})

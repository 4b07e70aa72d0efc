import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkShape, type ShapeMemory, uncheckedPatterns } from '../../schemas/service-model/check-shape.ts'
import { serviceMessage } from '../../schemas/service-model/service-message.ts'
import { serviceModel } from '../../schemas/service-model/service-model.ts'

const isExpression = (value: unknown): boolean => typeof value === 'object' && value !== null && 'Get' in value
const kinds = (value: unknown, shape: string): string[] =>
  checkShape(value, shape, { isExpression }).map(finding => `${finding.kind} ${finding.path}`)

describe('checkShape', () => {
  it('accepts a request that fits', () => {
    expect(
      kinds(
        { PipelineName: 'Iris', PipelineParameters: [{ Name: 'K', Value: '5' }], ClientRequestToken: 'x'.repeat(32) },
        'StartPipelineExecutionRequest',
      ),
    ).toEqual([])
  })

  it('names every misfit at once, with its place', () => {
    const request = {
      ProcessingResources: { ClusterConfig: { InstanceCount: 0, InstanceType: 'ml.m5.lage', VolumeSizeInGB: '30' } },
      AppSpecification: { ImageUrl: 'x' },
      ProcessingInputs: { Get: 'Parameters.Inputs' },
      RoleArn: 'nobody',
      Environment: { 'not a name': 'x'.repeat(300) },
    }
    expect(kinds(request, 'CreateProcessingJobRequest')).toEqual([
      'missing ',
      'size ProcessingResources.ClusterConfig.InstanceCount',
      'enum ProcessingResources.ClusterConfig.InstanceType',
      'type ProcessingResources.ClusterConfig.VolumeSizeInGB',
      'missing AppSpecification',
      'unknown AppSpecification',
      'expression ProcessingInputs',
      'pattern RoleArn',
      'pattern Environment["not a name"]',
      'size Environment["not a name"]',
    ])
  })

  it('suggests the nearest enum value and member', () => {
    const findings = checkShape({ ContainerEntrypoint: ['node'], ImageUir: 'x' }, 'AppSpecification')
    expect(findings.find(finding => finding.kind === 'unknown')).toMatchObject({ suggestion: 'ImageUri' })
    expect(checkShape('ml.m5.lage', 'ProcessingInstanceType')[0]).toMatchObject({ suggestion: 'ml.m5.large' })
  })

  it('takes expressions in scalar places only and reports each to the caller', () => {
    const seen: string[] = []
    const findings = checkShape(
      { SecurityGroupIds: { Get: 'Parameters.Groups' }, Subnets: [{ Get: 'Parameters.Subnet' }] },
      'VpcConfig',
      { isExpression, onExpression: (_, path, shape) => seen.push(`${path} ${shape}`) > 0 },
    )
    expect(findings).toMatchObject([{ kind: 'expression', expected: 'list', path: 'SecurityGroupIds' }])
    expect(seen).toEqual(['Subnets[0] SubnetId'])
  })

  it('with a memory, finds what is wrong in every value and looks at what was right once', () => {
    const memory: ShapeMemory = new Map()
    const looked: string[] = []
    const check = (value: unknown) =>
      checkShape(value, 'VpcConfig', {
        memory,
        isExpression,
        onExpression: (expression, path) => {
          looked.push(path)
          return JSON.stringify(expression) === '{"Get":"Parameters.Good"}'
        },
      }).map(({ kind, path }) => `${kind} ${path}`)
    const good = { SecurityGroupIds: ['sg-1'], Subnets: [{ Get: 'Parameters.Good' }] }
    expect([check(good), check(good), looked]).toEqual([[], [], ['Subnets[0]']])
    const bad = { SecurityGroupIds: ['no group!'], Subnets: [{ Get: 'Parameters.Bad' }] }
    expect([check(bad), check(bad)]).toEqual([['pattern SecurityGroupIds[0]'], ['pattern SecurityGroupIds[0]']])
    expect(looked).toEqual(['Subnets[0]', 'Subnets[0]', 'Subnets[0]'])
  })

  it('matches whole values', () => {
    expect(kinds('s3://bucket/key', 'S3Uri')).toEqual([])
    expect(kinds('see s3://bucket/key', 'S3Uri')).toEqual(['pattern '])
  })

  it('treats __proto__ and constructor as unknown members', () => {
    const value = JSON.parse('{"__proto__": {"ImageUri": "x"}, "constructor": 1, "ImageUri": "image"}')
    expect(kinds(value, 'AppSpecification')).toEqual(['unknown ', 'unknown '])
  })

  it('lists the patterns that JavaScript cannot compile', () => {
    expect(uncheckedPatterns()).toMatchInlineSnapshot(`
      [
        "CustomerMetadataKey",
        "CustomerMetadataValue",
        "FillingTransformationValue",
        "TrainingRepositoryCredentialsProviderArn",
      ]
    `)
  })

  it('survives huge strings for every pattern of the model within a second', () => {
    const huge = [
      'a'.repeat(90_000),
      's3://' + 'a/'.repeat(45_000),
      'a-'.repeat(45_000),
      'arn:aws:'.repeat(10_000),
      ' '.repeat(90_000),
    ]
    const start = performance.now()
    for (const [name, shape] of Object.entries(serviceModel.shapes)) {
      if (shape.pattern !== undefined) for (const text of huge) checkShape(text, name)
    }
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it('never throws on arbitrary JSON against any request of the model', () => {
    const requests = Object.values(serviceModel.operations).flatMap(operation => operation.input ?? [])
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...requests), (value, shape) => {
        checkShape(value, shape, { isExpression })
      }),
    )
  })

  it('stops in a recursive shape', () => {
    let value: unknown = {}
    for (let depth = 0; depth < 5_000; depth++) value = { SubExpressions: [value] }
    expect(checkShape(value, 'SearchExpression').map(finding => finding.kind)).toContain('depth')
  })
})

describe('serviceMessage', () => {
  it('speaks like the service', () => {
    expect(
      serviceMessage(
        checkShape({ PipelineName: 'a/b' }, 'StartPipelineExecutionRequest', {
          optional: new Set(['ClientRequestToken']),
        }),
      ),
    ).toBe(
      "1 validation error detected: Value 'a/b' at 'pipelineName' failed to satisfy constraint: Member must satisfy regular expression pattern: " +
        serviceModel.shapes['PipelineNameOrArn']?.pattern,
    )
  })
})

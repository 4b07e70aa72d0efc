import { describe, expect, it } from 'vitest'
import { execution, failStep, join, monitoredTransform, pipeline } from 'foldwise'
import { buildGraph, definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { messageOf } from '../dsl/message-of.ts'
import { evaluate } from '../import/evaluate.ts'

const processing = {
  RoleArn: 'arn:aws:iam::111122223333:role/Role',
  AppSpecification: { ImageUri: '159807026194.dkr.ecr.us-west-2.amazonaws.com/sagemaker-model-monitor-analyzer' },
  ProcessingResources: {
    ClusterConfig: { InstanceCount: 1, InstanceType: 'ml.m5.large' as const, VolumeSizeInGB: 30 },
  },
}
const transform = { model: 'm', instance: 'ml.m5.large', input: 's3://b/in/', output: 's3://b/out' } as const
const quality = { check: 'DATA_QUALITY', arguments: processing } as const
const stepsOf = (options: object) =>
  monitoredTransform('Scores', { transform, monitoring: quality, ...options }).steps.map(({ definition }) => definition)

describe('monitoredTransform', () => {
  it('makes two steps, the check after the transform, in which the judge finds nothing', () => {
    const output = join`s3://b/out/${execution.PipelineExecutionId}`
    const monitoring = { ...quality, modelPackageGroup: 'group' } as const
    const { document } = pipeline('P', {}, () =>
      monitoredTransform('Scores', { transform: { ...transform, output }, monitoring }),
    )
    expect(validateDefinition(document)).toEqual([])
    expect(definitionHash(evaluate(renderProgram(document, { name: 'P' })).document)).toBe(definitionHash(document))
    expect(document.Steps).toMatchObject([
      { Name: 'Scores-transform', Type: 'Transform' },
      {
        Name: 'Scores-monitoring',
        Type: 'QualityCheck',
        DependsOn: ['Scores-transform'],
        CheckType: 'DATA_QUALITY',
        SkipCheck: false,
        FailOnViolation: true,
      },
    ])
    expect(document.Steps[0]).not.toHaveProperty('DependsOn')
  })

  it('checks first when it is told to, and then waits for what the whole waits for', () => {
    const made = pipeline('P', {}, () => [
      failStep('Before', { message: 'x' }),
      monitoredTransform('Scores', { transform, monitoring: quality, monitorFirst: true, dependsOn: ['Before'] }),
    ])
    const { predecessors } = buildGraph(made.document)
    expect([...(predecessors.get('Scores-monitoring') ?? [])]).toEqual(['Before'])
    expect([...(predecessors.get('Scores-transform') ?? [])]).toEqual(['Scores-monitoring'])
  })

  it('takes the checks of Clarify, and passes its texts on', () => {
    const monitoring = { check: 'MODEL_EXPLAINABILITY', model: 'm', arguments: processing, failOnViolation: false }
    expect(stepsOf({ monitoring, displayName: 'S', description: 'd' })).toMatchObject([
      { DisplayName: 'S-transform', Description: 'd' },
      { Type: 'ClarifyCheck', DisplayName: 'S-monitoring', Description: 'd', FailOnViolation: false, ModelName: 'm' },
    ])
  })

  it.each(['MODEL_QUALITY', 'DATA_BIAS', 'MODEL_BIAS'])('refuses %s before the transform', check => {
    expect(messageOf(() => stepsOf({ monitoring: { ...quality, check, model: 'm' }, monitorFirst: true }))).toBe(
      `monitoredTransform "Scores": monitorFirst — ${check} reads the predictions, which only the transform makes; leave monitorFirst out.`,
    )
  })

  it('refuses a check that there is not', () => {
    expect(messageOf(() => stepsOf({ monitoring: { ...quality, check: 'DATA' } }))).toMatch(
      /"DATA" is no check; give one of/,
    )
  })
})

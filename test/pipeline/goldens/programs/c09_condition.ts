import {
  boolean,
  conditionStep,
  equals,
  execution,
  failStep,
  float,
  greaterThan,
  greaterThanOrEqualTo,
  integer,
  isIn,
  join,
  jsonGet,
  lessThan,
  lessThanOrEqualTo,
  not,
  or,
  pipeline,
  processingStep,
  string,
} from 'foldwise'
import { experiment, nodeImage, role } from './shared.ts'

export default pipeline(
  'c09-condition',
  { parameters: { Flag: boolean(true), F: float(0.5), I: integer(3), S: string('a') }, metadata: {}, experiment },
  p => {
    const evalStep = processingStep('Eval', {
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 } },
        AppSpecification: { ImageUri: nodeImage },
        RoleArn: role,
        ProcessingOutputConfig: {
          Outputs: [
            {
              OutputName: 'ev',
              AppManaged: false,
              S3Output: { S3Uri: 's3://my-bucket/ev', LocalPath: '/opt/ml/processing/ev', S3UploadMode: 'EndOfJob' },
            },
          ],
        },
      },
      propertyFiles: { Eval: { output: 'ev', path: 'e.json' } },
    })
    const outer = conditionStep('Outer', {
      conditions: [
        equals(p.S, 'a'),
        greaterThan(jsonGet(evalStep.propertyFiles.Eval, 'm.v'), p.F),
        greaterThanOrEqualTo(jsonGet(evalStep.propertyFiles.Eval, 'm.v'), 0.1),
        lessThan(p.I, 10),
        lessThanOrEqualTo(evalStep.properties.ProcessingResources.ClusterConfig.InstanceCount, p.I),
        isIn(p.S, ['a', 'b', evalStep.properties.ProcessingJobStatus]),
        not(equals(execution.PipelineName, 'x')),
        or(equals(p.I, 1), not(isIn(p.I, [2, 3]))),
      ],
      ifSteps: [
        conditionStep('Inner', {
          conditions: [equals(p.Flag, true)],
          ifSteps: [failStep('FA', { message: 'a' })],
          elseSteps: [failStep('FB', { message: join(': ', ['b', p.S]) })],
        }),
      ],
      dependsOn: [evalStep],
      displayName: 'dn',
      description: 'dd',
    })
    const after = conditionStep('After', {
      conditions: [equals(outer.properties.Outcome, true)],
      ifSteps: [failStep('FC', { message: '' })],
    })
    return [evalStep, outer, after]
  },
)

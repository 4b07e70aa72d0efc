import { describe, expect, it } from 'vitest'
import {
  conditionStep,
  equals,
  execution,
  failStep,
  float,
  join,
  pipeline,
  type Parameters as AnyParameters,
  type Pipeline,
  rawStep,
  type Step,
  string,
  trainingStep,
} from 'foldwise'
import { messageOf } from './message-of.ts'

const train = (name: string, output: Parameters<typeof trainingStep>[1]['output'] = 's3://b/m') =>
  trainingStep(name, { image: 'i', instance: 'ml.m5.large', role: 'r', output } as never)
const fail = (name: string) => failStep(name, { message: 'no' })
const make = (...steps: Step[]): Pipeline => pipeline<AnyParameters>('P', {}, () => steps)

describe('a pipeline', () => {
  it('lists the steps in the order in which they are returned, nested lists and constructs included', () => {
    const { document } = pipeline('P', {}, () => [fail('B'), [fail('A'), { steps: [fail('D')] }], fail('C')])
    expect(document.Steps.map(step => step.Name)).toEqual(['B', 'A', 'D', 'C'])
  })

  it('carries what the upsert tells the service beside the document', () => {
    const made = pipeline(
      'P',
      { description: 'd', displayName: 'n', tags: { team: 'a' }, maxParallelSteps: 5, metadata: { made: 'here' } },
      () => fail('A'),
    )
    expect(made).toMatchObject({
      kind: 'foldwise.pipeline',
      description: 'd',
      displayName: 'n',
      tags: [{ Key: 'team', Value: 'a' }],
      maxParallelSteps: 5,
    })
    expect(made.document).toEqual({ Version: '2020-12-01', Metadata: { made: 'here' }, Steps: [fail('A').definition] })
  })

  it('writes the experiment and MLflow configuration when told, null included', () => {
    const { PipelineName, PipelineExecutionId } = execution
    const options = { experiment: { name: PipelineName, trial: PipelineExecutionId }, mlflow: { resourceArn: 'arn' } }
    expect(pipeline('P', options, () => fail('A')).document).toMatchObject({
      PipelineExperimentConfig: {
        ExperimentName: { Get: 'Execution.PipelineName' },
        TrialName: { Get: 'Execution.PipelineExecutionId' },
      },
      MlflowConfig: { MlflowResourceArn: 'arn' },
    })
    expect(pipeline('P', { experiment: null, mlflow: null }, () => fail('A')).document).toMatchObject({
      PipelineExperimentConfig: null,
      MlflowConfig: null,
    })
  })

  it('is frozen to the bottom', () => {
    const made = make(train('A'))
    expect(Object.isFrozen(made)).toBe(true)
    expect(Object.isFrozen(made.document.Steps[0]?.Arguments)).toBe(true)
    expect(() => Object.assign(made.document, { Version: 'x' })).toThrow(TypeError)
  })

  it('knows the line that made each step, also of steps inside branches', () => {
    const gate = conditionStep('Gate', { conditions: equals(1, 1), ifSteps: [fail('Inner')] })
    const { origins } = make(gate)
    for (const name of ['Gate', 'Inner']) {
      expect(origins.get(name)).toMatch(/^\/.*\/test\/pipeline\/dsl\/pipeline\.test\.ts:\d+$/)
    }
    expect(origins.get('Other')).toBeUndefined()
  })

  it('writes a step with its members in one fixed order', () => {
    const step = trainingStep('T', {
      retry: { on: ['Step.THROTTLING'], maxAttempts: 3, backoffRate: 2, intervalSeconds: 5 },
      cache: { expireAfter: 'P30D' },
      description: 'd',
      displayName: 'n',
      dependsOn: [fail('A'), 'B'],
      image: 'i',
      instance: 'ml.m5.large',
      role: 'r',
      output: 's3://b/m',
    })
    expect(Object.keys(step.definition)).toEqual([
      'Name',
      'Type',
      'Arguments',
      'DependsOn',
      'DisplayName',
      'Description',
      'CacheConfig',
      'RetryPolicies',
    ])
    expect(step.definition).toMatchObject({
      DependsOn: ['A', 'B'],
      CacheConfig: { Enabled: true, ExpireAfter: 'P30D' },
      RetryPolicies: [{ ExceptionType: ['Step.THROTTLING'], IntervalSeconds: 5, BackoffRate: 2, MaxAttempts: 3 }],
    })
  })
})

describe('a pipeline program with a mistake', () => {
  it('is told which two steps have one name', () => {
    expect(messageOf(() => make(fail('A'), fail('A')))).toMatch(
      /^Step "A" — the step made at test\/pipeline\/dsl\/pipeline\.test\.ts:\d+ has the same name; step names are unique in a pipeline, so rename one\.$/,
    )
    const inner = conditionStep('Gate', { conditions: equals(1, 1), ifSteps: [fail('A')] })
    expect(messageOf(() => make(fail('A'), inner))).toContain('Step "A" — the step made at')
  })

  it('is told that a step is listed twice', () => {
    const step = fail('A')
    expect(messageOf(() => make(step, conditionStep('G', { conditions: equals(1, 1), elseSteps: [step] })))).toBe(
      'Step "A" — it is listed twice; a step has one place, at the top or in one branch of one condition.',
    )
  })

  it('is told which step reads from one that is not listed', () => {
    const first = train('Train')
    const second = train('Retrain', join`${first.properties.ModelArtifacts.S3ModelArtifacts}/x`)
    expect(messageOf(() => make(second))).toBe(
      'Step "Retrain" — it reads Steps.Train.ModelArtifacts.S3ModelArtifacts of step "Train", which the pipeline does not have; return that step too.',
    )
    const gate = conditionStep('Gate', { conditions: equals(1, 1), ifSteps: [second] })
    expect(messageOf(() => make(gate))).toContain('Step "Retrain" — it reads')
    expect(() => make(first, gate)).not.toThrow()
  })

  it('is told which step depends on one that is not listed', () => {
    const step = failStep('B', { message: 'm', dependsOn: ['Aa'] })
    expect(messageOf(() => make(fail('A'), step))).toBe(
      'Step "B" — it depends on step "Aa", which the pipeline does not have; return that step too. Did you mean "A"?',
    )
    expect(messageOf(() => failStep('B', { message: 'm', dependsOn: [5 as never] }))).toBe(
      'Step "B": dependsOn — 5 is no step; list steps or names of steps.',
    )
  })

  it.each(['', '-P', 'P-', 'a b', 'x'.repeat(257), 5 as never])('is told that %j is no name of a pipeline', name => {
    expect(messageOf(() => pipeline(name, {}, () => fail('A')))).toContain(
      'a name has 1 to 256 letters, digits and "-"',
    )
  })

  it.each(['', 'a b', 'a.b', 'x'.repeat(65)])('is told that %j is no name of a step', name => {
    expect(messageOf(() => fail(name))).toContain(
      '(Fail) — a step name has 1 to 64 letters, digits, "-" and "_"; rename the step.',
    )
  })

  it('is told that its function returns no steps', () => {
    expect(messageOf(() => pipeline('P', {}, () => undefined as never))).toBe(
      'Pipeline "P" — its function returns undefined, which is no step; return a step, a list of steps, or what crossValidation returns.',
    )
    expect(messageOf(() => pipeline('P', {}, () => []))).toBe('Pipeline "P" — it has no steps; return at least one.')
    expect(messageOf(() => pipeline('P', {}, () => [Promise.resolve(fail('A')) as never]))).toContain(
      'its function returns an object',
    )
  })

  it.each([
    ['a function', () => 1, 'a function'],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.POSITIVE_INFINITY, 'Infinity'],
    ['a bigint', 5n, '5n'],
    ['a date', new Date(0), 'an object'],
    ['a map', new Map(), 'an object'],
    ['undefined in a list', [undefined], 'undefined'],
  ])('is told that %s is no value for a definition', (_what, value, shown) => {
    const act = () => rawStep('R', { type: 'Lambda', arguments: { deep: [{ value: value as never }] } })
    expect(messageOf(act)).toContain('Step "R": Arguments.deep[0].value')
    expect(messageOf(act)).toContain(`— ${shown} is no value for a definition`)
  })
})

describe('a raw step', () => {
  it('is written as it is given, with references anywhere and members beside the arguments', () => {
    const { document } = pipeline('P', { parameters: { Role: string('r'), X: float(1) } }, p => {
      const raw = rawStep('Quantum', {
        type: 'QuantumJob',
        arguments: { RoleArn: p.Role, Deep: [{ X: p.X, Gone: undefined, Null: null }] },
        members: { QueueUrl: 'u' },
        dependsOn: ['Stop'],
      })
      return [fail('Stop'), raw, train('Train', raw.property('Result.Uri'))]
    })
    expect(document.Steps[1]).toEqual({
      Name: 'Quantum',
      Type: 'QuantumJob',
      Arguments: { RoleArn: { Get: 'Parameters.Role' }, Deep: [{ X: { Get: 'Parameters.X' }, Null: null }] },
      DependsOn: ['Stop'],
      QueueUrl: 'u',
    })
    expect(document.Steps[2]?.Arguments).toMatchObject({
      OutputDataConfig: { S3OutputPath: { Get: 'Steps.Quantum.Result.Uri' } },
    })
  })
})

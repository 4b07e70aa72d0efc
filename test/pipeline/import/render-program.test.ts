import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import type { PipelineDefinition } from '../../../schemas/definition.ts'
import { evaluate } from './evaluate.ts'

/** A document from JSON text, so that `__proto__` is a member like any other. */
const parsed = (text: string) => JSON.parse(text) as PipelineDefinition
const documentOf = (steps: readonly unknown[], head: object = {}) =>
  parsed(JSON.stringify({ Version: '2020-12-01', ...head, Steps: steps }))
const print = (document: PipelineDefinition) => renderProgram(document, { name: 'Demo' })

function there(document: PipelineDefinition): string {
  const program = print(document)
  expect(definitionHash(evaluate(program).document), program).toBe(definitionHash(document))
  return program
}

const training = (name: string, more: object = {}) => ({
  Name: name,
  Type: 'Training',
  Arguments: {
    AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
    RoleArn: 'role',
    OutputDataConfig: { S3OutputPath: 's3://b/out' },
    ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  },
  ...more,
})
const fail = (name: string, more: object = {}) => ({
  Name: name,
  Type: 'Fail',
  Arguments: { ErrorMessage: 'x' },
  ...more,
})

describe('a printed program', () => {
  it('is concise where our words give exactly the step', () => {
    expect(there(documentOf([training('Train')]))).toBe(`import { pipeline, trainingStep } from 'foldwise'

export default pipeline('Demo', {}, () => {
  const train = trainingStep('Train', { image: 'image', role: 'role', instance: 'ml.m5.large', output: 's3://b/out' })
  return [train]
})
`)
  })

  it('writes tuning jobs and batch transforms in our words', () => {
    const definition = {
      AlgorithmSpecification: { TrainingImage: 'image', TrainingInputMode: 'File' },
      RoleArn: 'role',
      OutputDataConfig: { S3OutputPath: 's3://b/out' },
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    }
    const tuning = {
      Name: 'Tune',
      Type: 'Tuning',
      Arguments: {
        HyperParameterTuningJobConfig: {
          Strategy: 'Bayesian',
          ResourceLimits: { MaxNumberOfTrainingJobs: 9, MaxParallelTrainingJobs: 3 },
          HyperParameterTuningJobObjective: { Type: 'Maximize', MetricName: 'auc' },
          ParameterRanges: {
            ContinuousParameterRanges: [{ Name: 'C', MinValue: '0.01', MaxValue: '10', ScalingType: 'Logarithmic' }],
            CategoricalParameterRanges: [{ Name: 'kernel', Values: ['rbf'] }],
          },
        },
        TrainingJobDefinition: definition,
      },
    }
    const transform = {
      Name: 'Score',
      Type: 'Transform',
      Arguments: {
        ModelName: 'm',
        TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://b/in/' } } },
        TransformOutput: { S3OutputPath: 's3://b/out', Accept: 'text/csv' },
        TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 2 },
        DataProcessing: { JoinSource: 'Input' },
      },
    }
    expect(
      there(documentOf([tuning, transform])),
    ).toBe(`import { categorical, continuous, maximize, pipeline, transformStep, tuningStep } from 'foldwise'

export default pipeline('Demo', {}, () => {
  const tune = tuningStep('Tune', {
    training: { image: 'image', role: 'role', instance: 'ml.m5.large', output: 's3://b/out' },
    ranges: { C: continuous(0.01, 10, 'Logarithmic'), kernel: categorical(['rbf']) },
    objective: maximize('auc'),
    limits: { jobs: 9, parallel: 3 },
  })
  const score = transformStep('Score', {
    model: 'm',
    instance: { type: 'ml.m5.large', count: 2 },
    input: 's3://b/in/',
    output: { uri: 's3://b/out', accept: 'text/csv' },
    joinSource: 'Input',
  })
  return [tune, score]
})
`)
    // A bound that is no plain number is left as the request has it.
    const odd = structuredClone(tuning)
    odd.Arguments.HyperParameterTuningJobConfig.ParameterRanges.ContinuousParameterRanges[0]!.MaxValue = '10.0'
    expect(there(documentOf([odd]))).toContain('HyperParameterTuningJobConfig')
  })

  it('has the request as it is where they do not', () => {
    const step = training('Train')
    const document = documentOf([
      { ...step, Arguments: { ...step.Arguments, DebugHookConfig: { S3OutputPath: 's3://b' } } },
    ])
    expect(there(document)).toContain('arguments: {\n      AlgorithmSpecification')
  })

  it('names parameters, properties, property files and steps to wait for by their variables', () => {
    const program = there(
      documentOf(
        [
          {
            Name: 'Make-Data',
            Type: 'Processing',
            Arguments: {
              AppSpecification: { ImageUri: { Get: 'Parameters.Image-Uri' } },
              RoleArn: 'r',
              ProcessingOutputConfig: {
                Outputs: [
                  { OutputName: 'my out', S3Output: { S3Uri: 's3://b', LocalPath: '/o', S3UploadMode: 'EndOfJob' } },
                ],
              },
              ProcessingResources: {
                ClusterConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 30 },
              },
              StoppingCondition: { MaxRuntimeInSeconds: 3600 },
            },
            PropertyFiles: [{ PropertyFileName: 'F', OutputName: 'my out', FilePath: 'f.json' }],
          },
          fail('End', {
            Arguments: {
              ErrorMessage: {
                'Std:Join': {
                  On: '',
                  Values: [
                    'at ',
                    { Get: "Steps.Make-Data.ProcessingOutputConfig.Outputs['my out'].S3Output.S3Uri" },
                    ': ',
                    { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.Make-Data.PropertyFiles.F' }, Path: 'a.b' } },
                  ],
                },
              },
            },
            DependsOn: ['Make-Data'],
          }),
        ],
        { Parameters: [{ Name: 'Image-Uri', Type: 'String', DefaultValue: 'image' }] },
      ),
    )
    expect(program).toContain("'Image-Uri': string('image'),")
    expect(program).toContain("image: p['Image-Uri'],")
    expect(program).toContain(
      "message: join`at ${makeData.properties.ProcessingOutputConfig.Outputs['my out'].S3Output.S3Uri}: ${jsonGet(makeData.propertyFiles.F, 'a.b')}`,",
    )
    expect(program).toContain('dependsOn: [makeData],')
  })

  it('writes a step type that it does not know as a raw step, with all members', () => {
    const program = there(
      documentOf([
        {
          Name: 'New',
          Type: 'Quantum',
          Arguments: { A: { Get: 'Execution.PipelineName' } },
          Budget: 5,
          DisplayName: 'd',
        },
        fail('End', { Arguments: { ErrorMessage: { Get: 'Steps.New.Result[0].Value' } } }),
      ]),
    )
    expect(program).toContain("rawStep('New', {")
    expect(program).toContain("type: 'Quantum'")
    expect(program).toContain('arguments: { A: execution.PipelineName }')
    expect(program).toContain('members: { Budget: 5 }')
    expect(program).toContain("reference('Steps.New.Result[0].Value')")
  })

  it.each([
    ['a cache without an age', { CacheConfig: { Enabled: true } }],
    ['a cache that is switched off with an age', { CacheConfig: { Enabled: false, ExpireAfter: 'P1D' } }],
    ['a cache of another form', { CacheConfig: { Enabled: 'yes', Other: 1 } }],
    ['retries of another form', { RetryPolicies: [{ ExceptionType: ['Step.THROTTLING'], Color: 'red' }] }],
    ['retries that are no list', { RetryPolicies: { ExceptionType: [] } }],
    [
      'two retries',
      { RetryPolicies: [{ ExceptionType: ['A'], MaxAttempts: 1, ExpireAfterMin: 2 }, { ExceptionType: ['B'] }] },
    ],
    ['no steps to wait for, said so', { DependsOn: [] }],
    ['a null', { Description: null }],
    ['members of its own', { Arguments: { __x: null }, Whatever: { Get: 'nonsense' } }],
  ])('keeps %s', (_what, more) => {
    there(documentOf([training('Train', more)]))
  })

  it('escapes text that would end a literal or hide in it', () => {
    const hostile = 'a`b${c}\\ \' " \n\r\t\0 \u2028\u2029\u202e\u200b </script> \ud83d\ude00 */ //'
    const program = there(
      documentOf([
        fail('A', { Arguments: { ErrorMessage: hostile } }),
        fail('B', {
          Arguments: {
            ErrorMessage: { 'Std:Join': { On: '', Values: [hostile, { Get: 'Execution.PipelineName' }, hostile] } },
          },
        }),
        fail('C', { Arguments: { ErrorMessage: { 'Std:Join': { On: hostile, Values: [hostile, 1] } } } }),
        { Name: 'D', Type: 'Lambda', FunctionArn: hostile, Arguments: { [hostile]: hostile } },
      ]),
    )
    // eslint-disable-next-line no-control-regex -- the very characters that must not be there
    expect(program).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u2028\u2029\u202e\u200b]/)
  })

  it('keeps members called __proto__, constructor and toString', () => {
    const members = '{"__proto__":{"polluted":true},"constructor":1,"toString":{"__proto__":[1]},"hasOwnProperty":2}'
    for (const type of ['Lambda', 'Training', 'Quantum']) {
      there(parsed(`{"Version":"2020-12-01","Steps":[{"Name":"A","Type":"${type}","Arguments":${members}}]}`))
    }
    there(parsed(`{"Version":"2020-12-01","Metadata":{"__proto__":"x"},"Steps":[${JSON.stringify(fail('A'))}]}`))
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('keeps members called as the words of literals are', () => {
    const words = { null: null, true: true, false: false, parameters: 'parameters', NaN: 0, '': '', "'": "'" }
    there(documentOf([{ Name: 'A', Type: 'Lambda', FunctionArn: 'f', Arguments: words }]))
  })

  it('keeps expressions that are none, and references that lead nowhere within a step', () => {
    there(
      documentOf([
        training('Train'),
        {
          Name: 'L',
          Type: 'Lambda',
          FunctionArn: 'f',
          Arguments: {
            a: { Get: 5 },
            b: { Get: 'Nothing.known' },
            c: { 'Std:Join': { On: 1, Values: 'x' } },
            d: { 'Std:Join': { On: '', Values: [['list'], null] } },
            e: { 'Std:JsonGet': { Path: '' } },
            f: { 'Std:JsonGet': null },
            g: { Get: 'Steps.Train.ModelArtefacts.S3' },
            h: { Get: 'Steps.Train.ModelArtifacts' },
            i: { Get: 'Parameters.Undeclared' },
            j: { 'Std:JsonGet': { S3Uri: { 'Std:Join': { On: '/', Values: ['s3:/', 'b'] } }, Path: 'x' } },
            k: { Get: 'Execution.FromTomorrow' },
            l: { Get: "Steps.Train.FinalMetricDataList['m'].Value" },
          },
        },
      ]),
    )
  })

  it('makes a step before those that read from it, and still lists them in the document’s order', () => {
    const program = there(
      documentOf([
        fail('First', { Arguments: { ErrorMessage: { Get: 'Steps.Second.TrainingJobName' } } }),
        training('Second'),
      ]),
    )
    expect(program.indexOf("'Second'")).toBeLessThan(program.indexOf("'First'"))
    expect(program).toContain('return [first, second]')
  })

  it('gives steps that read from each other a path instead of a variable', () => {
    const message = (step: string) => ({ Arguments: { ErrorMessage: { Get: `Steps.${step}.TrainingJobName` } } })
    there(documentOf([fail('A', message('B')), fail('B', message('A')), fail('C', { DependsOn: ['C'] })]))
  })

  it('nests branches, and finds variables that are no words of the language', () => {
    const branch = (name: string, steps: unknown[]) => ({
      Name: name,
      Type: 'Condition',
      Arguments: {
        Conditions: [
          { Type: 'Not', Condition: { Type: 'In', QueryValue: { Get: 'Execution.PipelineName' }, Values: ['a', 1] } },
        ],
        IfSteps: steps,
        ElseSteps: [],
      },
    })
    const names = [
      'p',
      'new',
      'join',
      'Pipeline',
      '1',
      '__',
      'Train-1',
      'Train1',
      'trainingStep',
      'EMRJob',
      'parameters',
    ]
    const program = there(
      documentOf([
        branch('class', [
          branch(
            'Default',
            names.map(name => training(name)),
          ),
        ]),
      ]),
    )
    expect(program).toContain("isIn(execution.PipelineName, ['a', 1])")
  })

  it('keeps a condition of a kind that it does not know', () => {
    there(
      documentOf([
        {
          Name: 'C',
          Type: 'Condition',
          Arguments: { Conditions: [{ Type: 'Like', A: 1 }], IfSteps: [fail('D')], ElseSteps: [] },
        },
      ]),
    )
  })

  it('keeps parameters, experiment and MLflow settings as they are', () => {
    const program = there(
      documentOf([fail('A')], {
        Parameters: [
          { Name: 'S', Type: 'String', EnumValues: ['a'] },
          { Name: 'B', Type: 'Boolean', DefaultValue: false },
          { Name: 'F', Type: 'Float', DefaultValue: 1e21 },
        ],
        PipelineExperimentConfig: { TrialName: { Get: 'Parameters.S' } },
        MlflowConfig: { MlflowResourceArn: { Get: 'Parameters.S' } },
      }),
    )
    expect(program).toContain("S: string(undefined, { oneOf: ['a'] }),")
    expect(program).toContain('F: float(1e21),')
    expect(program).toContain('experiment: p => ({ trial: p.S })')
    there(documentOf([fail('A')], { Parameters: [], PipelineExperimentConfig: null, MlflowConfig: null }))
  })

  it('emits the same document for any arguments', () => {
    const leaf = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.record({
        Get: fc.oneof(fc.string(), fc.constantFrom('Execution.PipelineName', 'Parameters.P', 'Steps.T.ModelArtifacts')),
      }),
      fc.record({
        'Std:Join': fc.record({ On: fc.string(), Values: fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean())) }),
      }),
    )
    const request = fc.dictionary(fc.string(), leaf)
    fc.assert(
      fc.property(request, fc.constantFrom('Lambda', 'Training', 'EMR', 'Fail', 'Model', 'Quantum'), (args, type) => {
        const document = documentOf([{ Name: 'A', Type: type, Arguments: args }, training('T')], {
          Parameters: [{ Name: 'P', Type: 'Integer', DefaultValue: 1 }],
        })
        there(document)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a definition that no program gives', () => {
  it.each<[string, readonly unknown[], object, string]>([
    ['two steps of one name', [fail('A'), fail('A')], {}, 'Step "A" — it is listed twice'],
    ['a name that no step has', [fail('a b')], {}, 'step "a b" — it has a form that no step of a program has'],
    [
      'a reference to a missing step',
      [fail('A', { DependsOn: ['B'] })],
      {},
      'depends on step "B", which the pipeline does not have',
    ],
    ['no steps', [], {}, 'it has no steps'],
    ['a step without a name', [{ Type: 'Fail' }], {}, 'Steps[0] — it is no step with a name'],
    ['a parameter without a type', [fail('A')], { Parameters: [{ Name: 'P' }] }, 'Parameters[0].Type'],
    [
      'a parameter of another type',
      [fail('A')],
      { Parameters: [{ Name: 'P', Type: 'Date' }] },
      'parameter "P" — there is no type "Date"',
    ],
    [
      'a default of the wrong type',
      [fail('A')],
      { Parameters: [{ Name: 'P', Type: 'Integer', DefaultValue: 'x' }] },
      'parameter "P" — integer("x") — the default "x" has the wrong type',
    ],
    ['another version', [fail('A')], { Version: '2030-01-01' }, 'Version — a program writes this place differently'],
    ['a member of tomorrow', [fail('A')], { Schedule: 'daily' }, 'Schedule — a program writes this place differently'],
  ])('is refused with its place: %s', (_what, steps, head, sentence) => {
    expect(() => print(documentOf(steps, head))).toThrow(sentence)
  })
})

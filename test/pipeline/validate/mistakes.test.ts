import { describe, expect, it } from 'vitest'
import { sampleDocument, sampleTraining } from '../../../pipeline/validate/catalogue/sample.ts'
import type { Example } from '../../../pipeline/validate/catalogue.ts'
import { judgeExample } from '../../support/judge-example.ts'

const get = (path: string) => ({ Get: path })
const fail = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Fail',
  Arguments: { ErrorMessage: '' },
  ...rest,
})
const lambda = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Lambda',
  FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
  Arguments: {},
  OutputParameters: [{ OutputName: 'o', OutputType: 'String' }],
  ...rest,
})
const train = 'Steps[1].Arguments'
const split = 'Steps[0].Arguments'
const gate = 'Steps[3].Arguments'
const jsonPath = `${gate}.Conditions[0].LeftValue["Std:JsonGet"].Path`
const propertyFile = `${gate}.Conditions[0].LeftValue["Std:JsonGet"].PropertyFile`
const retry = (policy: object, step = 'Steps[1]'): Example => ({ set: [[`${step}.RetryPolicies`, [policy]]] })
const capacity = { ExceptionType: ['SageMaker.CAPACITY_ERROR'] }
const inputs = Array.from({ length: 11 }, (_, index) => ({
  InputName: `fold-${index}`,
  S3Input: {
    S3Uri: `s3://my-bucket/${index}/`,
    LocalPath: `/opt/ml/processing/input/${index}`,
    S3DataType: 'S3Prefix',
  },
}))
const emr = {
  Name: 'Spark',
  Type: 'EMR',
  Arguments: { ClusterId: 'j-1', StepConfig: { HadoopJarStep: { Jar: 's3://my-bucket/a.jar' } } },
}

/** 56 mistakes and doubtful inputs that were tried on the SageMaker Python SDK; it took 42 of them without a word. */
const mistakes: Readonly<Record<string, readonly [code: string, example: Example]>> = {
  'a cycle by names': ['FW2014', { set: [['Steps[0].DependsOn', ['Evaluate']]] }],
  'a cycle by references': [
    'FW2014',
    { set: [[`${split}.Environment`, { A: get('Steps.Evaluate.ProcessingJobName') }]] },
  ],
  'a step that depends on itself': ['FW2013', { set: [['Steps[1].DependsOn', ['Train']]] }],
  'an if-branch that refers to the else-branch': [
    'FW2020',
    {
      set: [
        [`${gate}.ElseSteps[1]`, lambda('L')],
        [`${gate}.IfSteps[1]`, fail('F', { Arguments: { ErrorMessage: get("Steps.L.OutputParameters['o']") } })],
      ],
    },
  ],
  'an outside step that refers to a step in a branch': [
    'FW2022',
    { set: [['Steps[4]', fail('F', { Arguments: { ErrorMessage: get('Steps.Register.ModelPackageName') } })]] },
  ],
  'a branch step that depends on its own condition': [
    'FW2017',
    { set: [[`${gate}.ElseSteps[0].DependsOn`, ['Gate']]] },
  ],
  'a step that is referred to but not listed': [
    'FW3003',
    { set: [[`${train}.HyperParameters.C`, get('Steps.Prepare.ProcessingJobName')]] },
  ],
  'a written-out S3 path instead of a reference': [
    'FW2026',
    {
      set: [
        ['Steps[2].Arguments.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri', 's3://my-bucket/evaluation'],
        [`${train}.InputDataConfig[0].DataSource.S3DataSource.S3Uri`, 's3://my-bucket/evaluation/'],
      ],
    },
  ],
  'an undeclared parameter': ['FW3002', { set: [['Parameters[3].Name', 'Cost']] }],
  'an unused parameter': ['FW1021', { set: [['Parameters[5]', { Name: 'KFold', Type: 'Integer', DefaultValue: 3 }]] }],
  'two parameters of one name with different types': [
    'FW1010',
    { set: [['Parameters[5]', { Name: 'C', Type: 'String' }]] },
  ],
  'a String parameter in an integer field': [
    'FW3012',
    { set: [[`${train}.ResourceConfig.InstanceCount`, get('Parameters.Group')]] },
  ],
  'a default outside the enum': ['FW1017', { set: [['Parameters[1].DefaultValue', 'ml.m5.2xlarge']] }],
  'a String default of 0': ['FW1014', { set: [['Parameters[4].DefaultValue', 0]] }],
  'an Integer default of true': [
    'FW1014',
    { set: [['Parameters[3]', { Name: 'C', Type: 'Integer', DefaultValue: true }]] },
  ],
  '201 parameters': [
    'FW1020',
    { set: [['Parameters', Array.from({ length: 201 }, (_, index) => ({ Name: `P${index}` }))]] },
  ],
  'an unknown output name': [
    'FW3007',
    { set: [[`${train}.HyperParameters.C`, get("Steps.Split.ProcessingOutputConfig.Outputs['all'].S3Output.S3Uri")]] },
  ],
  'a whole structure as a value': [
    'FW3011',
    { set: [[`${train}.HyperParameters.C`, get('Steps.Split.AppSpecification')]] },
  ],
  'the 500th best training job': [
    'FW3010',
    {
      set: [
        ['Steps[4]', { Name: 'Tune', Type: 'Tuning', Arguments: {} }],
        [`${train}.HyperParameters.C`, get('Steps.Tune.TrainingJobSummaries[499].TrainingJobName')],
      ],
    },
  ],
  'an unknown property file name': ['FW3020', { set: [[propertyFile, get('Steps.Evaluate.PropertyFiles.Report')]] }],
  'a property file whose output does not exist': [
    'FW3021',
    { set: [['Steps[2].PropertyFiles[0].OutputName', 'metrics']] },
  ],
  'a malformed JSON path': ['FW3018', { set: [[jsonPath, 'objective..value[']] }],
  'no condition at all': ['FW3032', { set: [[`${gate}.Conditions`, []]] }],
  'GreaterThan("abc", 1)': [
    'FW3028',
    { set: [[`${gate}.Conditions[0]`, { Type: 'GreaterThan', LeftValue: 'abc', RightValue: 1 }]] },
  ],
  'a step name with spaces': ['FW2005', { set: [['Steps[4]', fail('this is a step')]] }],
  'a step name of 93 characters': ['FW2006', { set: [['Steps[4]', fail('s'.repeat(93))]] }],
  'a pipeline name with a slash': ['FW1025', { pipeline: { name: 'team/pipeline' } }],
  'an empty pipeline': ['FW1008', { set: [['Steps', []]] }],
  '51 steps': [
    'FW2025',
    { set: Array.from({ length: 50 }, (_, index) => [`Steps[${index + 4}]`, fail(`F${index}`)] as const) },
  ],
  'the instance type ml.m55.huge': ['FW5002', { set: [[`${train}.ResourceConfig.InstanceType`, 'ml.m55.huge']] }],
  'the instance count -3': ['FW5004', { set: [[`${split}.ProcessingResources.ClusterConfig.InstanceCount`, -3]] }],
  '11 processing inputs': ['FW5004', { set: [[`${split}.ProcessingInputs`, inputs]] }],
  'a retry policy with both bounds': ['FW4007', retry({ ...capacity, MaxAttempts: 3, ExpireAfterMin: 5 })],
  'a retry policy with neither bound': ['FW4008', retry(capacity)],
  'a retry policy of 0 attempts': ['FW4009', retry({ ...capacity, MaxAttempts: 0 })],
  'a cache without expiry': ['FW4001', { set: [['Steps[0].CacheConfig', { Enabled: true }]] }],
  'ExpireAfter "thirty days"': ['FW4002', { set: [['Steps[0].CacheConfig.ExpireAfter', 'thirty days']] }],
  'a job retry policy on EMR': [
    'FW4011',
    { set: [['Steps[4]', { ...emr, RetryPolicies: [{ ...capacity, MaxAttempts: 3 }] }]] },
  ],
  'two trainings made from one estimator': ['FW5025', { set: [['Steps[4]', { ...sampleTraining, Name: 'Fold1' }]] }],
  'an unknown start parameter': ['FW9001', { overrides: { Group: 'g', Bucket: 'b' } }],
  'a missing start parameter': ['FW9002', { overrides: {} }],
  'a start parameter of the wrong type': ['FW9003', { overrides: { Group: 'g', C: 'many' } }],
  'an unknown selected step': ['FW9009', { selection: { selectedSteps: ['Nobody'], sourceExecutionArn: 'arn' } }],
  'two steps of one name': ['FW2004', { set: [['Steps[4]', fail('Split')]] }],
  'one step in a branch and at the top': [
    'FW2004',
    {
      set: [
        ['Steps[4]', sampleDocument.Steps[1]],
        [`${gate}.IfSteps[1]`, sampleDocument.Steps[1]],
      ],
    },
  ],
  'an unknown name in DependsOn': ['FW2012', { set: [['Steps[1].DependsOn', ['Prepare']]] }],
  'a JsonGet on an unknown step': [
    'FW3003',
    { set: [[propertyFile, get('Steps.Evaluation.PropertyFiles.Evaluation')]] },
  ],
  'an unknown property member': [
    'FW3006',
    { set: [[`${train}.HyperParameters.C`, get('Steps.Split.ProcessingJobState')]] },
  ],
  'a parameter in an f-string': [
    'FW3034',
    { set: [[`${train}.HyperParameters.C`, "c=ParameterFloat(name='C', default_value=1.0)"]] },
  ],
  '21 attempts': ['FW4010', retry({ ...capacity, MaxAttempts: 21 })],
  'a job retry policy on a model step': [
    'FW4011',
    {
      set: [
        [
          'Steps[4]',
          {
            Name: 'Model',
            Type: 'Model',
            Arguments: { ExecutionRoleArn: 'arn:aws:iam::111122223333:role/r', PrimaryContainer: {} },
            RetryPolicies: [{ ...capacity, MaxAttempts: 3 }],
          },
        ],
      ],
    },
  ],
  'a ParallelismConfiguration in the document': [
    'FW1005',
    { set: [['ParallelismConfiguration', { MaxParallelExecutionSteps: 2 }]] },
  ],
  'a parallelism of 0': ['FW4013', { pipeline: { maxParallelSteps: 0 } }],
  'a parameter as JSON path': ['FW3015', { set: [[jsonPath, get('Parameters.Group')]] }],
}

describe('mistakes that the SageMaker Python SDK was given', () => {
  it('are all here', () => {
    // Three more stand below. The one that is left out is a misleading message about that SDK's own session object.
    expect(Object.keys(mistakes)).toHaveLength(54)
  })

  it.each(Object.entries(mistakes))('%s is named', (_, [code, example]) => {
    const named = judgeExample(example).filter(problem => problem.severity !== 'info')
    expect(named.map(problem => problem.code)).toContain(code)
  })

  it('does not refuse a Float default that is a whole number, as that SDK does', () => {
    expect(judgeExample({ set: [['Parameters[3].DefaultValue', 1]] })).toEqual([])
  })

  it('finds the output of a Lambda step inside a branch, as that SDK does not', () => {
    const set = [
      [`${gate}.IfSteps[1]`, lambda('L')],
      [`${gate}.IfSteps[2]`, fail('F', { Arguments: { ErrorMessage: get("Steps.L.OutputParameters['o']") } })],
    ] as const
    expect(judgeExample({ set })).toEqual([])
  })

  it('keeps apart outputs of the same name of two Lambda steps, as that SDK does not', () => {
    const set = (step: string) =>
      [
        ['Steps[4]', lambda('A')],
        ['Steps[5]', lambda('B', { OutputParameters: [] })],
        ['Steps[6]', fail('F', { Arguments: { ErrorMessage: get(`Steps.${step}.OutputParameters['o']`) } })],
      ] as const
    expect(judgeExample({ set: set('A') })).toEqual([])
    expect(judgeExample({ set: set('B') }).map(problem => problem.code)).toEqual(['FW3009'])
  })
})

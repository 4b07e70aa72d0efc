import { sampleTraining } from '../../../pipeline/validate/catalogue/sample.ts'
import type { Code, Example } from '../../../pipeline/validate/catalogue.ts'

/** Something that went wrong for somebody, and what keeps it from going wrong here. */
export interface Exhibit {
  readonly issue: string
  /** Documents that the judge names, with the code and what the message says. */
  readonly judged?: readonly (readonly [code: Code, says: RegExp, example: Example])[]
  /** Documents in which the judge must find nothing. */
  readonly accepted?: readonly Example[]
  /** Tests of the parts of Foldwise that show or prevent it, by file and words of the title. */
  readonly shown?: readonly (readonly [file: string, title: string])[]
}

const get = (path: string) => ({ Get: path })
const fail = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Fail',
  Arguments: { ErrorMessage: '' },
  ...rest,
})
const lambda = (name: string) => ({
  Name: name,
  Type: 'Lambda',
  FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
  Arguments: {},
  OutputParameters: [],
})
const train = 'Steps[1].Arguments'
const split = 'Steps[0].Arguments'
const gate = 'Steps[3].Arguments'
const jsonPath = `${gate}.Conditions[0].LeftValue["Std:JsonGet"].Path`
const inputs = Array.from({ length: 11 }, (_, index) => ({
  InputName: `fold-${index}`,
  S3Input: {
    S3Uri: `s3://my-bucket/${index}/`,
    LocalPath: `/opt/ml/processing/input/${index}`,
    S3DataType: 'S3Prefix',
  },
}))
const prefixed = (name: string, uri: string) => ({
  ...sampleTraining,
  Name: name,
  Arguments: {
    ...sampleTraining.Arguments,
    InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: uri } } }],
  },
})
const e2e = 'test/e2e/issue-museum.test.ts'

/** Issues of the SageMaker Python SDK, its peers and the projects that use them. */
export const museum: Readonly<Record<string, Exhibit>> = {
  'cv-sample-1': {
    issue: 'an Integer parameter as container argument',
    judged: [
      [
        'FW3012',
        /Std:Join/,
        {
          set: [
            ['Parameters[5]', { Name: 'K', Type: 'Integer', DefaultValue: 5 }],
            ['Steps[2].Arguments.AppSpecification.ContainerArguments', ['-k', get('Parameters.K')]],
          ],
        },
      ],
    ],
    shown: [
      ['test/types/compiler-errors.test.ts', 'a number where text is due'],
      [e2e, 'cv-sample-1: a number that is joined into a container argument arrives as its digits'],
    ],
  },
  'sdk-2631': {
    issue: 'an Integer parameter as hyperparameter',
    judged: [
      [
        'FW3012',
        /argument of type String/,
        {
          set: [
            ['Parameters[3]', { Name: 'C', Type: 'Integer', DefaultValue: 1 }],
            [`${train}.HyperParameters.C`, get('Parameters.C')],
          ],
        },
      ],
    ],
  },
  'sdk-3123, 3495': {
    issue: 'a reference in a template literal',
    judged: [['FW3034', /Get/, { set: [[`${train}.HyperParameters.C`, '{"Get": "Parameters.C"}']] }]],
    shown: [['test/pipeline/dsl/expression.test.ts', 'fails in %s with the repair']],
  },
  'sdk-3974, 3917, 5520': {
    issue: 'instance type and image as parameters',
    accepted: [
      {
        set: [
          [
            'Parameters[5]',
            { Name: 'Image', Type: 'String', DefaultValue: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/own:2' },
          ],
          [`${train}.AlgorithmSpecification.TrainingImage`, get('Parameters.Image')],
        ],
      },
    ],
  },
  'sdk-4140': {
    issue: 'spot training on or off by parameter',
    judged: [
      [
        'FW5016',
        /two branches of a Condition/,
        {
          set: [
            ['Parameters[5]', { Name: 'Spot', Type: 'Boolean', DefaultValue: true }],
            [`${train}.EnableManagedSpotTraining`, get('Parameters.Spot')],
          ],
        },
      ],
    ],
  },
  'sdk-3463, 4418': {
    issue: 'the name of a metric in a JSON path by parameter',
    judged: [
      [
        'FW3015',
        /cannot depend on the run/,
        { set: [[jsonPath, { 'Std:Join': { On: '.', Values: ['objective', get('Parameters.Group')] } }]] },
      ],
    ],
    shown: [['test/types/dsl.test-d.ts', 'the service takes no expression for a path']],
  },
  'sdk-2554': {
    issue: '11 processing inputs',
    judged: [['FW5004', /at most 10 elements.*one S3 prefix/s, { set: [[`${split}.ProcessingInputs`, inputs]] }]],
  },
  'sdk-5224': {
    issue: 'an argument that may reach more than 256 characters',
    judged: [
      [
        'FW3033',
        /up to 319 characters.*at most 256/s,
        {
          set: [
            [
              'Steps[2].Arguments.AppSpecification.ContainerArguments',
              [
                {
                  'Std:Join': { On: ',', Values: Array.from({ length: 5 }, () => get('Steps.Train.TrainingJobName')) },
                },
              ],
            ],
          ],
        },
      ],
    ],
  },
  'kedro-14': {
    issue: '132 environment variables',
    judged: [
      [
        'FW5004',
        /132 entries.*JSON file on S3/s,
        {
          set: [
            [
              'Steps[2].Arguments.Environment',
              Object.fromEntries(Array.from({ length: 132 }, (_, index) => [`V${index}`, 'x'])),
            ],
          ],
        },
      ],
    ],
  },
  'sdk-2314, 2933': {
    issue: '17 enum values, and a pipeline name of 83 characters',
    judged: [
      ['FW1018', /16/, { set: [['Parameters[4].EnumValues', Array.from({ length: 17 }, (_, index) => `g${index}`)]] }],
      ['FW1029', /82/, { pipeline: { name: 'p'.repeat(83) } }],
    ],
  },
  'sdk-2746, mdaa-condition': {
    issue: 'members and condition types that the language does not have',
    judged: [
      ['FW3030', /Get/, { set: [[`${gate}.Conditions[0].LeftValue`, { Expression: 'x' }]] }],
      [
        'FW3027',
        /Did you mean "LessThanOrEqualTo"/,
        { set: [[`${gate}.Conditions[0].Type`, 'ConditionLessThanOrEqualTo']] },
      ],
      [
        'FW3017',
        /"Step".*PropertyFile/s,
        {
          set: [
            [
              `${gate}.Conditions[0].LeftValue`,
              { 'Std:JsonGet': { Step: 'Evaluate', PropertyFile: 'Evaluation', Path: 'a' } },
            ],
          ],
        },
      ],
    ],
  },
  'sdk-2972': {
    issue: 'an unknown member of RegisterModel',
    judged: [['FW5001', /allow FW5001/, { set: [[`${gate}.IfSteps[0].Arguments.CustomerMetadata`, {}]] }]],
    shown: [
      ['test/cli/more-verbs.test.ts', 'points at the line of the program that made the step'],
      ['test/cli/allow.test.ts', 'prints what is allowed with the reason, and passes when nothing else is an error'],
    ],
  },
  'sdk-2736, 3070, 4142': {
    issue: 'the same program gives another definition, and other code keys',
    shown: [
      [
        'test/pipeline/goldens/example-goldens.test.ts',
        'gives the same bytes in another process, folder, time zone and language',
      ],
      [
        'test/pipeline/algorithms/script-training.test.ts',
        'keeps the key while the contents are the same, wherever and whenever the files lie',
      ],
      [e2e, 'sdk-2736, 3070, 4142: a program gives the same bytes twice, also with its script inside a branch'],
    ],
  },
  'sdk-3384, 4374': {
    issue: 'which steps run again when a script changes',
    shown: [[e2e, 'sdk-3384, 4374: one byte of a script is a new cache key of exactly the steps that run it']],
  },
  'stale-hit': {
    issue: 'a cached result of inputs whose contents have changed',
    shown: [['test/local/engine/reuse.test.ts', 'contents are not looked at, but a hit on changed contents says so']],
  },
  'boto3-4384': {
    issue: 'a change of the parallelism alone is not sent',
    shown: [
      ['test/pipeline/service/upsert-pipeline.test.ts', 'updates when only the %s differs, and says so'],
      ['test/cli/versions.test.ts', 'shows a change of the parallelism alone, and upsert sends it'],
    ],
  },
  'tf-38259': {
    issue: 'a definition that moves into S3 differs for ever',
    shown: [[e2e, 'tf-38259: a definition that travels through S3 is the same one when it comes back']],
  },
  'sdk-2127': {
    issue: 'a definition cannot be turned back into a program',
    shown: [['test/pipeline/import/render-program.test.ts', 'emits the same document for any arguments']],
  },
  'sdk-5776': {
    issue: 'a custom prefix of job names is lost',
    accepted: [{ set: [[`${train}.TrainingJobName`, 'iris']] }],
    judged: [['FW5039', /at most 39/, { set: [[`${train}.TrainingJobName`, 'i'.repeat(40)]] }]],
  },
  'sdk-3565': {
    issue: 'a step after either branch',
    judged: [
      [
        'FW2019',
        /once per side/,
        {
          set: [
            [`${gate}.IfSteps[1]`, lambda('A')],
            [`${gate}.ElseSteps[1]`, lambda('B')],
            ['Steps[4]', fail('F', { DependsOn: ['A', 'B'] })],
          ],
        },
      ],
    ],
  },
  'ex-3294': {
    issue: 'a cleanup after a failure',
    judged: [
      [
        'FW2016',
        /would never run/,
        {
          set: [
            ['Steps[4]', fail('F')],
            ['Steps[1].DependsOn', ['F']],
          ],
        },
      ],
    ],
    shown: [['test/local/engine/tracking.test.ts', 'every change of a status is an event in the form of EventBridge']],
  },
  'sdk-4016': {
    issue: 'an empty start value',
    judged: [['FW9004', /refuses/, { overrides: { Group: '' } }]],
  },
  'sdk-5031': {
    issue: 'a role for one step alone',
    accepted: [{ set: [[`${train}.RoleArn`, 'arn:aws:iam::111122223333:role/other']] }],
    shown: [[e2e, 'sdk-5031: the role of one step stands in the record of its job']],
  },
  'sdk-3422': {
    issue: 'an image whose entrypoint the definition leaves out',
    accepted: [{ set: [['Steps[2].Arguments.AppSpecification.ContainerEntrypoint']] }],
    shown: [
      [
        'test/local/runtimes/container.test.ts',
        'a job runs as docker run with /opt/ml mounted, a label, its name, and nothing through a shell',
      ],
    ],
  },
  'sdk-4678': {
    issue: 'a script that is not executable',
    shown: [['test/cli/doctor.test.ts', 'of %s says what to do']],
  },
  'dsoa-223': {
    issue: 'an execution role that lacks a create action',
    shown: [['test/cli/doctor.test.ts', 'of a role names all actions that the step calls']],
  },
  'sdk-5584': {
    issue: 'spot flags that a tuning loses',
    shown: [[e2e, 'sdk-5584: a tuning keeps the spot flags of its training']],
  },
  'xgb-6105': {
    issue: 'custom inference code that is dropped',
    shown: [['test/pipeline/constructs/repack-model.test.ts', 'repackModel']],
  },
  'deepracer-87, 88': {
    issue: 'five folds and a quota of two',
    judged: [
      [
        'FW2027',
        /waits for 5 steps, of which 2 run at once/,
        {
          set: [
            ...Array.from({ length: 5 }, (_, index) => [`Steps[${index + 4}]`, lambda(`Fold${index}`)] as const),
            ['Steps[9]', { ...lambda('Collect'), DependsOn: Array.from({ length: 5 }, (_, index) => `Fold${index}`) }],
          ],
          pipeline: { maxParallelSteps: 2 },
        },
      ],
    ],
    shown: [[e2e, 'deepracer-87, 88: five trainings wait for one another when only two may run, and all succeed']],
  },
  'autoprognosis-33': {
    issue: 'a group in two folds',
    shown: [['test/processing/split/verify-folds.test.ts', 'in which a group is on both sides are named']],
  },
  'sdk-1619': {
    issue: 'one file per record of a million',
    shown: [
      [
        'test/processing/split/forms.test.ts',
        'are cut at records, hold no more than was asked for, and repeat the header',
      ],
    ],
  },
  'sdk-2345': {
    issue: 'one security group instead of a list',
    judged: [
      ['FW5006', /\[ … \]/, { set: [[`${train}.VpcConfig`, { SecurityGroupIds: 'sg-1', Subnets: ['subnet-1'] }]] }],
    ],
  },
  'sdk-2114': {
    issue: 'a default that is no S3 URI',
    judged: [['FW1022', /s3:\/\//, { set: [['Parameters[0].DefaultValue', 'my-bucket/data']] }]],
  },
  'spot-3198h': {
    issue: 'a long spot training without checkpoints',
    judged: [
      [
        'FW5017',
        /CheckpointConfig/,
        {
          set: [
            [`${train}.EnableManagedSpotTraining`, true],
            [`${train}.StoppingCondition`, { MaxRuntimeInSeconds: 86400, MaxWaitTimeInSeconds: 86400 }],
          ],
        },
      ],
    ],
  },
  'fold-1-and-10': {
    issue: 'the prefix of fold 1 takes in fold 10',
    judged: [
      [
        'FW5029',
        /train\/10/,
        {
          set: [
            [`${train}.InputDataConfig[0].DataSource.S3DataSource.S3Uri`, 's3://my-bucket/train/1'],
            ['Steps[4]', prefixed('T10', 's3://my-bucket/train/10')],
          ],
        },
      ],
    ],
  },
}

import type { CatalogueEntry } from './entry.ts'

const fail = (name: string, rest: object = {}) => ({
  Name: name,
  Type: 'Fail',
  Arguments: { ErrorMessage: name },
  ...rest,
})
const ifSteps = 'Steps[3].Arguments.IfSteps'
const elseSteps = 'Steps[3].Arguments.ElseSteps'

/** FW2…: steps and the graph they make. */
export const stepCodes = {
  FW2001: {
    title: 'Wrong JSON type in a step',
    severity: 'error',
    source: 'AWS pipeline definition schema',
    example: { set: [['Steps[1].DependsOn', 'Split']] },
    repair: 'Write the kind of value that the message names.',
  },
  FW2002: {
    title: 'Missing member of a step',
    severity: 'error',
    source: 'AWS pipeline definition schema',
    example: { set: [['Steps[1].Arguments']] },
    repair: 'Add the member.',
  },
  FW2003: {
    title: 'Unknown member of a step',
    severity: 'error',
    source: 'Service: "Cannot parse object, unknown property" (SageMaker Python SDK issue 2746)',
    example: { set: [['Steps[1].PropertyFiles', []]] },
    repair: 'Remove it, correct its spelling, or move it to a step of a type that takes it.',
  },
  FW2004: {
    title: 'Two steps of the same name',
    severity: 'error',
    source: 'SageMaker Python SDK: "the workflow service rejects duplicate names", also over branches',
    example: { set: [[`${elseSteps}[0].Name`, 'Train']] },
    repair: 'Give each step a name of its own, over the top level and all branches.',
  },
  FW2005: {
    title: 'Step name with a character that is not allowed',
    severity: 'error',
    source: 'Service model, StepName: [A-Za-z0-9\\-_]*',
    example: { set: [['Steps[4]', fail('My step')]] },
    repair: 'Use letters, digits, hyphens and underscores; the readable text goes into DisplayName.',
  },
  FW2006: {
    title: 'Long step name',
    severity: 'error',
    source: 'Service model, StepName: at most 64 characters',
    example: { set: [['Steps[4]', fail('S'.repeat(65))]] },
    repair: 'Choose a shorter name and put the long text into DisplayName.',
  },
  FW2007: {
    title: 'Step names that job names cannot tell apart',
    severity: 'info',
    source: 'Observed job names: pipelines-<execution>-<20 characters of the step name>-<random>',
    example: {
      set: [
        ['Steps[4]', fail('CrossValidationOfIris-A')],
        ['Steps[5]', fail('CrossValidationOfIris-B')],
      ],
    },
    repair: 'Put what differs into the first 20 characters.',
  },
  FW2008: {
    title: 'Display name or description too long',
    severity: 'warning',
    source: 'Service model: StepDisplayName 256, StepDescription 3072 characters',
    example: { set: [['Steps[1].DisplayName', 'd'.repeat(257)]] },
    repair: 'Shorten it.',
  },
  FW2009: {
    title: 'Misspelt step type',
    severity: 'error',
    source: 'Step types of the SageMaker Python SDK and the service model',
    example: { set: [['Steps[1].Type', 'Trainning']] },
    repair: 'Use the spelling that the message proposes.',
  },
  FW2010: {
    title: 'Step type that Foldwise does not know',
    severity: 'warning',
    source: 'Step types of the SageMaker Python SDK and the service model',
    example: { set: [['Steps[4]', { Name: 'Loop', Type: 'Loop', Arguments: {} }]] },
    repair: 'Nothing, when the service has it: then only its name, order and references are judged.',
  },
  FW2011: {
    title: 'Step type that is not available everywhere',
    severity: 'warning',
    source: 'SageMaker Python SDK: Job and Bedrock step types are gated by region and account',
    example: { set: [['Steps[4]', { Name: 'Import', Type: 'BedrockModelImport', Arguments: {} }]] },
    repair: 'Try one such step in your account and region first.',
  },
  FW2012: {
    title: 'DependsOn names a step that does not exist',
    severity: 'error',
    source: 'SageMaker Python SDK: "Step X is undefined."',
    example: { set: [['Steps[2].DependsOn', ['Trian']]] },
    repair: 'Correct the name, or remove the entry.',
  },
  FW2013: {
    title: 'Step that waits for itself',
    severity: 'error',
    source: 'Developer Guide, Custom dependency: cycles are refused at create',
    example: { set: [['Steps[2].DependsOn', ['Evaluate']]] },
    repair: 'Remove the entry or the reference.',
  },
  FW2014: {
    title: 'Steps that wait for each other',
    severity: 'error',
    source:
      'Developer Guide, Custom dependency: "throws a validation exception if the dependency would create a cyclic dependency"',
    example: { set: [['Steps[0].DependsOn', ['Evaluate']]] },
    repair: 'Remove one of the references or DependsOn entries in the cycle.',
  },
  FW2015: {
    title: 'Reference to, or condition behind, a Fail step',
    severity: 'error',
    source:
      'Service, seen in the integration tests of the SageMaker Python SDK: "CondStep can not depends on FailStep"',
    example: {
      set: [
        ['Steps[4]', fail('Stop')],
        ['Steps[3].DependsOn', ['Stop']],
      ],
    },
    repair: 'Remove it: a Fail step gives nothing and ends the execution.',
  },
  FW2016: {
    title: 'Step behind a Fail step',
    severity: 'warning',
    source: 'As FW2015; the refusal was captured for Condition steps only',
    example: {
      set: [
        ['Steps[4]', fail('Stop')],
        ['Steps[2].DependsOn', ['Stop']],
      ],
    },
    repair: 'Remove the entry: the step would never run.',
  },
  FW2017: {
    title: 'Step that depends on the condition around it',
    severity: 'warning',
    source: 'SageMaker Python SDK: steps of a branch wait for their condition anyway',
    example: { set: [[`${elseSteps}[0].DependsOn`, ['Gate']]] },
    repair: 'Remove the entry.',
  },
  FW2018: {
    title: 'DependsOn a Condition step from outside its branches',
    severity: 'warning',
    source: 'SageMaker Python SDK issue 3565 (2023): create was refused; not checked since',
    example: { set: [['Steps[4]', fail('After', { DependsOn: ['Gate'] })]] },
    repair: 'Put the step into the branches, or refer to Steps.<condition>.Outcome.',
  },
  FW2019: {
    title: 'Step that waits for both sides of a condition',
    severity: 'error',
    source: 'SageMaker Python SDK issue 3565: a step starts when all it waits for has succeeded, which never happens',
    example: {
      set: [
        [
          `${ifSteps}[1]`,
          {
            ...fail('A'),
            Type: 'Lambda',
            FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:a',
            Arguments: {},
          },
        ],
        [
          `${elseSteps}[1]`,
          {
            ...fail('B'),
            Type: 'Lambda',
            FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:b',
            Arguments: {},
          },
        ],
        ['Steps[4]', fail('Join', { DependsOn: ['A', 'B'] })],
      ],
    },
    repair: 'Write the step once per side.',
  },
  FW2020: {
    title: 'Step that waits for the other side of its condition',
    severity: 'error',
    source: 'As FW2019',
    example: { set: [[`${elseSteps}[0].DependsOn`, ['Register']]] },
    repair: 'Let it wait for steps of its own side only.',
  },
  FW2021: {
    title: 'Condition inside a branch',
    severity: 'warning',
    source:
      'Developer Guide, Condition step limitations: nested conditions are not supported; the SageMaker Python SDK emits them',
    example: {
      set: [
        [
          `${ifSteps}[1]`,
          {
            Name: 'Inner',
            Type: 'Condition',
            Arguments: {
              Conditions: [{ Type: 'Equals', LeftValue: { Get: 'Parameters.Group' }, RightValue: 'a' }],
              IfSteps: [],
              ElseSteps: [],
            },
          },
        ],
      ],
    },
    repair: 'Join the conditions, or compare Steps.<condition>.Outcome in a Condition at the top.',
  },
  FW2022: {
    title: 'Step outside a branch that waits for one inside',
    severity: 'warning',
    source: 'SageMaker Python SDK integration tests: steps of the untaken side never run, nor does what waits for them',
    example: { set: [['Steps[4]', fail('After', { DependsOn: ['Register'] })]] },
    repair: 'Move it into the branch when that is meant.',
  },
  FW2023: {
    title: 'DependsOn that changes nothing',
    severity: 'info',
    source: 'Developer Guide: a data reference is a dependency',
    example: { set: [['Steps[1].DependsOn', ['Split']]] },
    repair: 'Remove the entry.',
  },
  FW2024: {
    title: 'Member of a Condition or Fail step left out',
    severity: 'warning',
    source: 'The SageMaker Python SDK always writes it; what the service does without it was not captured',
    example: { set: [['Steps[3].Arguments.ElseSteps']] },
    repair: 'Write it even when it is empty.',
  },
  FW2025: {
    title: 'Many steps',
    severity: 'warning',
    source: 'SageMaker Python SDK integration tests create 2000 steps; third-party pages name a quota of 50',
    example: { set: Array.from({ length: 50 }, (_, index) => [`Steps[${index + 4}]`, fail(`F${index}`)] as const) },
    repair: 'Look up the quota of your account, and ask for more when needed.',
  },
  FW2026: {
    title: 'URI of another step, but no edge',
    severity: 'warning',
    source: 'Foldwise: a written-out URI makes no dependency',
    example: {
      set: [
        ['Steps[2].Arguments.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri', 's3://my-bucket/evaluation'],
        ['Steps[1].Arguments.InputDataConfig[0].DataSource.S3DataSource.S3Uri', 's3://my-bucket/evaluation/part/'],
      ],
    },
    repair:
      "Refer to the output (Steps.<step>.ProcessingOutputConfig.Outputs['<name>'].S3Output.S3Uri), or add DependsOn.",
  },
  FW2027: {
    title: 'More steps waited for than run at once',
    severity: 'info',
    source: 'Foldwise',
    example: {
      set: [['Steps[4]', fail('After', { DependsOn: ['Split', 'Train'] })]],
      pipeline: { maxParallelSteps: 1 },
    },
    repair: 'Raise the parallelism when that is too slow.',
  },
} as const satisfies Readonly<Record<`FW2${number}`, CatalogueEntry>>

import { describe, expect, it } from 'vitest'
import { changedSample } from '../../../pipeline/validate/catalogue/sample.ts'
import {
  explainServiceError,
  formatProblems,
  problemFormats,
  validateDefinition,
} from '../../../pipeline/validate/index.ts'
import type { Problem } from '../../../schemas/problem.ts'

const origins = new Map([
  ['Train', 'pipelines/iris.ts:12'],
  ['Gate', 'pipelines/iris.ts:40'],
  ['Register', 'pipelines/iris.ts:33'],
])
const document = changedSample([
  ['Steps[1].Arguments.ResourceConfig.InstanceTypo', 'x'],
  ['Steps[1].Arguments.HyperParameters.C', { Get: 'Parameters.C' }],
  ['Parameters[5]', { Name: 'Unused' }],
])
const problems = validateDefinition(document, { origins })
/** Texts that try to break out of each format. */
const hostile: Problem = {
  code: 'FW5001',
  severity: 'error',
  path: 'Steps[0]',
  message: 'a\n::error::x %0A <b> & "q" \u0000 ]]>',
  at: 'a,b:c:3',
}

const accepted: Problem = {
  code: 'FW5001',
  severity: 'info',
  path: 'Steps[1].Arguments.New',
  message: 'Steps[1] "Train", Arguments.New: unknown.',
  allowed: 'newer',
}

describe('a problem that is allowed', () => {
  it('says so with its reason in every format, and fails nothing', () => {
    expect(formatProblems([accepted], 'text')).toBe(`Steps[1] "Train"
  allowed FW5001  Arguments.New: unknown.
    Allowed: newer

0 errors, 0 warnings, 0 notes, 1 allowed
`)
    expect(JSON.parse(formatProblems([accepted], 'json'))).toEqual({ problems: [accepted] })
    expect(JSON.parse(formatProblems([accepted], 'sarif'))).toMatchObject({
      runs: [{ results: [{ level: 'note', suppressions: [{ kind: 'external', justification: 'newer' }] }] }],
    })
    expect(formatProblems([accepted], 'junit')).toContain('<system-out>allowed (newer): ')
    expect(formatProblems([accepted], 'github')).toBe(
      '::notice title=FW5001::Steps[1] "Train", Arguments.New: unknown. (allowed: newer)\n',
    )
  })
})

describe('formatProblems', () => {
  it('groups the text by step and parameter, with the line of the code', () => {
    expect(formatProblems(problems, 'text')).toMatchInlineSnapshot(`
      "Parameters[5] "Unused"
        warning FW1021  nothing refers to Parameters.Unused. Use it or remove it: whoever starts the pipeline believes that it does something.

      Steps[1] "Train"  pipelines/iris.ts:12
        error   FW3012  Arguments.HyperParameters.C: Get "Parameters.C" is of type Float where a string is expected, which the service refuses ("Cannot assign property reference … to argument of type String"). Write {"Std:Join": {"On": "", "Values": [ … ]}} around it.
        error   FW5001  Arguments.ResourceConfig.InstanceTypo: CreateTrainingJob has no member "InstanceTypo" here, and the service refuses what it does not know ("Unknown Argument member"). Did you mean "InstanceType"? When a newer service takes it, allow FW5001 here with that reason.

      2 errors, 1 warning, 0 notes
      "
    `)
  })

  it('says so when there is nothing', () => {
    expect(formatProblems([], 'text')).toBe('No problems.\n')
    expect(JSON.parse(formatProblems([], 'json'))).toEqual({ problems: [] })
    expect(formatProblems([], 'github')).toBe('')
    expect(formatProblems([], 'junit')).toContain('tests="1" failures="0"')
  })

  it('paints with the painter that it is given', () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`
    const paint = { error: mark('e'), warning: mark('w'), info: mark('i'), bold: mark('b'), dim: mark('d') }
    expect(formatProblems(problems, 'text', { paint })).toContain(
      '<b>Steps[1] "Train"</b><d>  pipelines/iris.ts:12</d>',
    )
  })

  it('writes SARIF with a rule per code and the line of the code', () => {
    const { version, runs } = JSON.parse(formatProblems(problems, 'sarif', { file: 'out/Iris.json' }))
    expect(version).toBe('2.1.0')
    expect(runs[0].tool.driver.rules.map((rule: { id: string }) => rule.id)).toEqual(['FW1021', 'FW3012', 'FW5001'])
    const [unused, , unknown] = runs[0].results
    expect(unknown.locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'pipelines/iris.ts' },
      region: { startLine: 12 },
    })
    expect(unused.locations[0].physicalLocation).toEqual({ artifactLocation: { uri: 'out/Iris.json' } })
    for (const result of runs[0].results) expect(runs[0].tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId)
  })

  it('writes JUnit in which only errors fail', () => {
    const text = formatProblems(problems, 'junit', { file: 'Iris' })
    expect(text).toContain('tests="3" failures="2"')
    expect(text.match(/<failure /g)).toHaveLength(2)
    expect(text.match(/<system-out>/g)).toHaveLength(1)
  })

  it('writes one GitHub annotation per problem', () => {
    const lines = formatProblems(problems, 'github', { file: 'Iris.json' }).trimEnd().split('\n')
    expect(lines.map(line => line.slice(0, line.indexOf('::', 2)))).toEqual([
      '::warning file=Iris.json,title=FW1021',
      '::error file=pipelines/iris.ts,line=12,title=FW3012',
      '::error file=pipelines/iris.ts,line=12,title=FW5001',
    ])
  })

  it('lets no text break out of its format', () => {
    expect(formatProblems([hostile], 'github')).toBe(
      '::error file=a%2Cb%3Ac,line=3,title=FW5001::a%0A::error::x %250A <b> & "q" \u0000 ]]>\n',
    )
    const xml = formatProblems([hostile], 'junit')
    for (const piece of ['<b>', '\u0000', '& "', '\n::error']) expect(xml).not.toContain(piece)
    expect(JSON.parse(formatProblems([hostile], 'sarif')).runs[0].results[0].message.text).toBe(hostile.message)
  })

  it('has every format in its table', () => {
    expect(Object.keys(problemFormats)).toEqual(['text', 'json', 'sarif', 'junit', 'github'])
  })
})

describe('explainServiceError', () => {
  const explain = (message: string, from: unknown = document) => explainServiceError(message, from, origins)

  it('finds the member that the service does not know, and the line that wrote it', () => {
    const prefix =
      'An error occurred (ValidationException) when calling the CreatePipeline operation: Unable to parse pipeline definition. '
    expect(explain(`${prefix}Unknown Argument member 'InstanceTypo'.`)).toMatchObject({
      code: 'FW5001',
      places: [{ path: 'Steps[1].Arguments.ResourceConfig.InstanceTypo', step: 'Train', at: 'pipelines/iris.ts:12' }],
    })
  })

  it('finds the reference of the wrong type', () => {
    const found = explain('Cannot assign property reference [Parameters.C] to argument of type [String]')
    expect(found?.places).toMatchObject([{ path: 'Steps[1].Arguments.HyperParameters.C', at: 'pipelines/iris.ts:12' }])
    expect(found?.repair).toContain('Std:Join')
  })

  it('finds a value in the arguments and in the default of a parameter', () => {
    const found = explain(
      "Model Validation failed: Value 'ml.m5.large' for 'TrainingInstanceType' failed to satisfy enum value set: [ml.m4.xlarge]",
    )
    expect(found?.places.map(place => place.path)).toEqual(
      expect.arrayContaining([
        'Parameters[1].DefaultValue',
        'Steps[0].Arguments.ProcessingResources.ClusterConfig.InstanceType',
      ]),
    )
  })

  it('finds the expression where a list is expected', () => {
    const wrong = changedSample([
      ['Steps[1].Arguments.VpcConfig', { SecurityGroupIds: { Get: 'Parameters.Group' }, Subnets: ['subnet-1'] }],
    ])
    expect(explain('Unable to parse pipeline definition. Expecting start of Json Array.', wrong)?.places[0]?.path).toBe(
      'Steps[1].Arguments.VpcConfig.SecurityGroupIds',
    )
  })

  it('finds the step behind a Fail step, also inside a branch', () => {
    const wrong = changedSample([['Steps[3].Arguments.IfSteps[0].DependsOn', ['Reject']]])
    expect(explain('Register can not depends on Reject', wrong)?.places).toEqual([
      { path: 'Steps[3].Arguments.IfSteps[0].DependsOn', step: 'Register', at: 'pipelines/iris.ts:33' },
    ])
  })

  it('finds an unknown property, a cycle and an undefined step', () => {
    const wrong = changedSample([
      [`Steps[3].Arguments.Conditions[0].LeftValue`, { Expression: 1 }],
      ['Steps[0].DependsOn', ['Evaluate', 'Nobody']],
    ])
    expect(explain("Cannot parse object, unknown property 'Expression'.", wrong)?.places[0]).toMatchObject({
      step: 'Gate',
    })
    expect(explain('The dependency would create a cyclic dependency', wrong)?.places[0]?.path).toMatch(/^Steps\[\d\]$/)
    expect(explain('Step Nobody is undefined.', wrong)?.places).toEqual([
      { path: 'Steps[0].DependsOn[1]', step: 'Split', at: undefined },
    ])
  })

  it('explains what is refused at the start of an execution', () => {
    expect(explain("Unknown parameter 'Basline'")).toMatchObject({ code: 'FW9001', places: [] })
    expect(explain("Parameter 'Baseline' is undefined.")).toMatchObject({
      code: 'FW9002',
      places: [{ step: 'Gate', path: 'Steps[3].Arguments.Conditions[0].RightValue' }, { step: 'Reject' }],
    })
    expect(explain("Unexpected type for parameter 'C'.")).toMatchObject({ code: 'FW9003', places: [{ step: 'Train' }] })
    const selective =
      'Invalid SourcePipelineExecutionArn: null. The selected steps [Train] have dependencies on [Split]'
    expect(explain(selective)).toMatchObject({
      code: 'FW9012',
      places: [{ step: 'Train', at: 'pipelines/iris.ts:12' }],
    })
  })

  it('finds the training whose channels mix two modes', () => {
    const wrong = changedSample([
      ['Steps[1].Arguments.InputDataConfig[0].InputMode', 'Pipe'],
      [
        'Steps[1].Arguments.InputDataConfig[1]',
        {
          ChannelName: 'other',
          InputMode: 'FastFile',
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/other/' } },
        },
      ],
    ])
    const text = "Cannot use both 'Pipe' and 'FastFile' TrainingInputMode on the same Training Job."
    expect(explain(text, wrong)?.places).toMatchObject([{ path: 'Steps[1].Arguments.InputDataConfig', step: 'Train' }])
  })

  it('gives nothing for a message that it does not know', () => {
    expect(explain('The lifecycle configuration does not exist')).toBeUndefined()
    expect(explain('User is not authorized to perform: sagemaker:CreatePipeline')).toBeUndefined()
  })

  it('survives any document', () => {
    for (const value of [null, 7, [], { Steps: 3 }, JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`)]) {
      expect(explain("Unknown Argument member 'X'", value)?.places).toEqual([])
    }
  })
})

import { describe, expect, it } from 'vitest'
import { changedSample } from '../../../pipeline/validate/catalogue/sample.ts'
import { checkOverrides, validateDefinition, validateText } from '../../../pipeline/validate/index.ts'
import { UserError } from '../../../schemas/problem.ts'

const broken = changedSample([
  ['Steps[2].Arguments.RoleArn', 'role/nobody'],
  ['Steps[1].Arguments.ResourceConfig.InstanceCount', 0],
  ['Parameters[3].Type', 'Flaot'],
  ['Versoin', 'x'],
  ['Steps[3].Arguments.ElseSteps[0].Arguments.ErrorMessage', { Get: 'Steps.Trian.TrainingJobName' }],
])

describe('validateDefinition', () => {
  it('gives all problems at once, in the order of the document', () => {
    expect(validateDefinition(broken).map(({ code, path }) => `${code} ${path}`)).toMatchInlineSnapshot(`
      [
        "FW1013 Parameters[3].Type",
        "FW5009 Steps[1].Arguments.ResourceConfig.InstanceCount",
        "FW5003 Steps[2].Arguments.RoleArn",
        "FW3003 Steps[3].Arguments.ElseSteps[0].Arguments.ErrorMessage",
        "FW1005 Versoin",
      ]
    `)
  })

  it('sorts step 10 behind step 9', () => {
    const steps = Array.from({ length: 12 }, (_, index) => ({
      Name: `S ${index}`,
      Type: 'Fail',
      Arguments: { ErrorMessage: '' },
    }))
    expect(validateDefinition({ Version: '2020-12-01', Steps: steps }).map(problem => problem.path)).toEqual(
      steps.map((_, index) => `Steps[${index}].Name`),
    )
  })

  it('says where, what, what would be right and what to do', () => {
    expect(
      validateDefinition(broken)
        .map(problem => problem.message)
        .slice(2),
    ).toMatchInlineSnapshot(`
      [
        "Steps[2] "Evaluate", Arguments.RoleArn: "role/nobody" does not match the pattern of RoleArn, arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+. Write the whole ARN.",
        "Steps[3].Arguments.ElseSteps[0] "Reject", Arguments.ErrorMessage: there is no step "Trian". Did you mean "Train"?",
        "Versoin: "Versoin" is no member of a definition, which has Version, Metadata, Parameters, PipelineExperimentConfig, MlflowConfig or Steps. Did you mean "Version"?",
      ]
    `)
  })

  it('names the line of the code that made the step', () => {
    const origins = new Map([
      ['Reject', 'iris.ts:7'],
      ['Evaluate', 'iris.ts:5'],
    ])
    expect(
      validateDefinition(broken, { origins }).flatMap(({ path, at }) => (at === undefined ? [] : [`${path} ${at}`])),
    ).toEqual([
      'Steps[2].Arguments.RoleArn iris.ts:5',
      'Steps[3].Arguments.ElseSteps[0].Arguments.ErrorMessage iris.ts:7',
    ])
  })

  it('says everything about the steps that are well-formed beside those that are not', () => {
    const document = {
      Version: '2020-12-01',
      Steps: [
        7,
        { Name: 'A' },
        { Name: 'B', Type: 'Fail', Arguments: { ErrorMessage: { Get: 'Parameters.X' } } },
        null,
      ],
    }
    expect(validateDefinition(document).map(({ code, path }) => `${code} ${path}`)).toEqual([
      'FW2001 Steps[0]',
      'FW2002 Steps[1]',
      'FW2002 Steps[1]',
      'FW3002 Steps[2].Arguments.ErrorMessage',
      'FW2001 Steps[3]',
    ])
  })

  it('does not change the document', () => {
    const before = structuredClone(broken)
    validateDefinition(broken)
    expect(broken).toEqual(before)
  })
})

describe('allow', () => {
  /** The codes that nobody allowed. */
  const allow = (entry: object) =>
    validateDefinition(broken, { allow: [{ code: 'FW5003', reason: 'tested', ...entry }] })
      .filter(({ allowed }) => allowed === undefined)
      .map(({ code }) => code)

  it('keeps what is allowed as an info with its reason', () => {
    const [plain] = validateDefinition(broken).filter(({ code }) => code === 'FW5003')
    const [allowed] = validateDefinition(broken, { allow: [{ code: 'FW5003', reason: 'tested' }] }).filter(
      ({ code }) => code === 'FW5003',
    )
    expect(plain?.severity).toBe('error')
    expect(allowed).toEqual({ ...plain, severity: 'info', allowed: 'tested' })
  })

  it('reaches a code everywhere, below a place, or in a step by its name', () => {
    expect(allow({})).not.toContain('FW5003')
    expect(allow({ path: 'Steps[2].Arguments' })).not.toContain('FW5003')
    expect(allow({ path: 'Steps.Evaluate' })).not.toContain('FW5003')
    expect(allow({ path: 'Steps.Evaluate.Arguments.RoleArn' })).not.toContain('FW5003')
  })

  it('does not reach other places, and tells when nothing needs it', () => {
    for (const path of ['Steps[20]', 'Steps[2].Arguments.Role', 'Steps.Eval', 'Steps.Train']) {
      expect(allow({ path })).toEqual(expect.arrayContaining(['FW5003', 'FW1027']))
    }
  })

  it('wants a known code and a reason', () => {
    expect(() => validateDefinition(broken, { allow: [{ code: 'FW0000', reason: 'x' }] })).toThrow(UserError)
    expect(() => validateDefinition(broken, { allow: [{ code: 'FW50O3', reason: 'x' }] })).toThrow(
      'Did you mean "FW5003"?',
    )
    expect(() => validateDefinition(broken, { allow: [{ code: 'FW5003', reason: ' ' }] })).toThrow('no reason')
  })
})

describe('validateText', () => {
  it.each([
    ['{"Version": "2020-12-01",\n "Steps": [],\n}', 'line 3, column 1, "}" cannot stand there', 'Remove the comma'],
    ['{"Version": "2020-12-01", "Steps": [', 'line 1, column 37, the text ends there', 'closing bracket'],
    ["{'Version': 1}", 'line 1, column 2', 'double quotes'],
    ['{"Version": 1, // old\n"Steps": []}', 'line 1, column 16', 'no comments'],
    ['', 'the text is empty', 'Version and Steps'],
    ['null', 'null is no definition', 'Version and Steps'],
  ])('points into %j', (text, where, repair) => {
    const [problem] = validateText(text)
    expect(problem?.severity).toBe('error')
    expect(problem?.message).toContain(where)
    expect(problem?.message).toContain(repair)
  })

  it('tells floats that are written as whole numbers', () => {
    const text = (count: string) =>
      JSON.stringify(
        changedSample([
          [
            'Steps[4]',
            {
              Name: 'C',
              Type: 'EndpointConfig',
              Arguments: { ProductionVariants: [{ VariantName: 'a', ModelName: 'm', InitialVariantWeight: 7 }] },
            },
          ],
        ]),
      ).replace('"InitialVariantWeight":7', `"InitialVariantWeight":${count}`)
    expect(validateText(text('1')).map(problem => problem.code)).toEqual(['FW5055'])
    expect(validateText(text('1.0'))).toEqual([])
  })
})

describe('checkOverrides', () => {
  const document = {
    Parameters: [
      { Name: 'K', Type: 'Integer', DefaultValue: 5 },
      { Name: 'Mode', EnumValues: ['a', 'b'] },
    ],
    Steps: [],
  }
  const folds = { Steps: Array.from({ length: 5 }, (_, index) => ({ Name: `TrainFold-${index}` })) }
  const messages = (from: unknown, overrides: Record<string, string>) =>
    checkOverrides(from, overrides).map(problem => problem.message)

  it('takes right values', () => {
    expect(messages(document, { K: '10', Mode: 'a' })).toEqual([])
  })

  it('names every wrong value in a sentence', () => {
    expect(messages(document, { K: '1.5', Mdoe: 'a' })).toEqual([
      'K: "1.5" is no Integer; a whole number, such as 5 would be right.',
      'Mdoe: the pipeline has no such parameter. It has K or Mode. Did you mean "Mode"?',
      'Mode: no value, and the parameter has no default. Pass one, such as -p Mode=a.',
    ])
    expect(messages(document, { K: '', Mode: 'c' })).toEqual([
      'K: an empty value, which the service refuses. Leave it out to use the default, or pass a word such as "none".',
      'Mode: "c" is not allowed; a or b would be right.',
    ])
  })

  it.each(['k', 'K', 'KFold', 'folds', 'n_splits', 'numFolds', 'n-folds'])(
    'says of %s that k is fixed, and how to change it',
    name => {
      expect(messages(folds, { [name]: '10' })).toEqual([
        `${name}: k is 5 and fixed in the definition, because each fold is a step of its own; a start cannot make it "10". Write kFold({ k: 10 }) in the pipeline file, and upsert it again.`,
      ])
    },
  )

  it('takes K as any other name where the document has no folds or declares it', () => {
    expect(messages({ Steps: [] }, { K: '10' })[0]).toContain('no such parameter')
    expect(messages({ ...folds, Parameters: [{ Name: 'K', Type: 'Integer' }] }, { K: '10' })).toEqual([])
  })

  it('treats names of Object.prototype as unknown', () => {
    expect(messages(document, JSON.parse('{"__proto__": "x", "constructor": "y", "Mode": "a"}'))).toHaveLength(2)
  })
})

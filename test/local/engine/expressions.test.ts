import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseJsonPath, readJsonPath } from '../../../local/engine/json-path.ts'
import { jobName } from '../../../local/engine/names.ts'
import { bucket, condition, fail, get, joined, type LocalEngine, openLocalEngine } from '../../support/local-engine.ts'

let local: LocalEngine
beforeAll(async () => {
  local = await openLocalEngine()
})
afterAll(() => local.close())

/** What a message evaluates to, or why it has no value. */
async function say(message: unknown, options: object = {}): Promise<string> {
  const { steps } = await local.run([fail('Say', message)], options)
  return steps['Say']?.['FailureReason']
}

/** The outcome of a condition, or why it has none. */
async function decide(conditions: readonly object[], options: object = {}): Promise<string> {
  const { steps } = await local.run([condition('Gate', conditions, [])], options)
  return steps['Gate']?.['Metadata'].Condition?.Outcome ?? steps['Gate']?.['FailureReason']
}

test('3.2.2: execution variables', async () => {
  const arn = await local.start(
    [
      fail('Say', {
        'Std:Join': {
          On: '|',
          Values: ['PipelineName', 'PipelineArn', 'PipelineExecutionId', 'PipelineExecutionArn', 'StartDateTime'].map(
            name => get(`Execution.${name}`),
          ),
        },
      }),
    ],
    { name: 'Variables' },
  )
  await local.ended(arn)
  const [name, pipelineArn, id, executionArn, start] = String((await local.steps(arn))['Say']?.['FailureReason']).split(
    '|',
  )
  expect([name, pipelineArn, id, executionArn]).toEqual([
    'Variables',
    'arn:aws:sagemaker:us-east-1:000000000000:pipeline/Variables',
    arn.split('/').pop(),
    arn,
  ])
  expect(start).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('3.1.1, 3.2.1: joins nest and write booleans in lower case, whatever the start value was', async () => {
  const options = {
    parameters: [
      { Name: 'B', Type: 'Boolean' },
      { Name: 'I', Type: 'Integer', DefaultValue: 3 },
    ],
    values: { B: 'True' },
  }
  expect(await say(joined('a', joined(get('Parameters.I'), '-', 1.5), true, get('Parameters.B')), options)).toBe(
    'a3-1.5truetrue',
  )
})

test.each<[string, unknown, RegExp]>([
  ['a parameter that nobody declared', get('Parameters.Nope'), /Parameter 'Nope' is undefined\./],
  ['an execution variable that does not exist', get('Execution.Nope'), /Execution variable 'Nope' is undefined\./],
  ['a member of Object.prototype', get('Execution.constructor'), /is undefined/],
  ['a malformed path', get('Nonsense'), /is not a reference/],
  [
    'an object that is not there',
    { 'Std:JsonGet': { S3Uri: joined(`s3://${bucket}/`, 'none.json'), Path: 'a' } },
    /there is no such object/,
  ],
])('3.2.4: %s fails the step that asks', async (_title, message, pattern) => {
  expect(await say(message)).toMatch(pattern)
})

test('3.4.2, 3.4.3: JsonGet reads an object by its URI and keeps the type; joins write it', async () => {
  await local.put('json/x.json', '{"a": {"b.c": [1, {"d": true}]}, "s": "text", "n": null, "o": {}}')
  const at = (Path: string): object => ({ 'Std:JsonGet': { S3Uri: joined(`s3://${bucket}/json/`, 'x.json'), Path } })
  expect(await say(joined(at("a['b.c'][0]"), ' ', at('$.a["b.c"][1].d'), ' ', at('s')))).toBe('1 true text')
  expect(await decide([{ Type: 'Equals', LeftValue: at("$['a']['b.c'][0]"), RightValue: 1.0 }])).toBe('True')
  expect(await say(joined(at('o')))).toMatch(/is no text, number or boolean/)
  expect(await say(at('a.*'))).toMatch(/Invalid json path 'a\.\*'/)
})

test.each<[object, string]>([
  [{ Type: 'In', QueryValue: 'b', Values: ['a', 'b'] }, 'True'],
  [{ Type: 'In', QueryValue: 1, Values: ['1'] }, 'False'],
  [{ Type: 'Not', Condition: { Type: 'In', QueryValue: 1, Values: [] } }, 'True'],
  [
    {
      Type: 'Or',
      Conditions: [
        { Type: 'Equals', LeftValue: 1, RightValue: 2 },
        { Type: 'Not', Condition: { Type: 'Equals', LeftValue: 1, RightValue: 2 } },
      ],
    },
    'True',
  ],
  [
    {
      Type: 'Or',
      Conditions: [
        { Type: 'LessThan', LeftValue: 2, RightValue: 1 },
        { Type: 'GreaterThan', LeftValue: 1, RightValue: 2 },
      ],
    },
    'False',
  ],
  [{ Type: 'GreaterThanOrEqualTo', LeftValue: 2, RightValue: 2 }, 'True'],
  [{ Type: 'LessThanOrEqualTo', LeftValue: 2.5, RightValue: 2 }, 'False'],
  [{ Type: 'GreaterThan', LeftValue: '1', RightValue: '3' }, 'False'],
  [{ Type: 'GreaterThan', LeftValue: '1', RightValue: '0' }, 'True'],
  [{ Type: 'LessThan', LeftValue: '10', RightValue: '9' }, 'True'],
  [
    { Type: 'LessThan', LeftValue: true, RightValue: false },
    'Condition LessThan is not supported between [true] and [false], a boolean and a boolean',
  ],
])('3.5.1, 3.5.2, 3.5.3, 3.5.4: condition %j is %s', async (tested, outcome) => {
  expect(await decide([tested])).toBe(outcome)
})

test('3.5.1: the list of conditions is an AND', async () => {
  const yes = { Type: 'Equals', LeftValue: 1, RightValue: 1 }
  const no = { Type: 'Equals', LeftValue: 1, RightValue: 2 }
  expect(await decide([yes, yes])).toBe('True')
  expect(await decide([yes, no])).toBe('False')
})

test('3.5.3: the switch stringOrder: numeric orders texts that are numbers as numbers', async () => {
  const numeric = await openLocalEngine({ switches: { stringOrder: 'numeric' } })
  try {
    const { steps } = await numeric.run([
      condition(
        'Gate',
        [
          { Type: 'GreaterThan', LeftValue: '10', RightValue: '9' },
          { Type: 'LessThan', LeftValue: '10', RightValue: 'a' },
        ],
        [],
      ),
    ])
    expect(steps['Gate']?.['Metadata']).toEqual({ Condition: { Outcome: 'True' } })
  } finally {
    await numeric.close()
  }
})

test('3.9.7: experiment and trial have names by default, the experiment’s in lower case, and expressions can read them', async () => {
  const arn = await local.start(
    [
      fail(
        'Say',
        joined(get('PipelineExperimentConfig.ExperimentName'), ' ', get('PipelineExperimentConfig.TrialName')),
      ),
    ],
    {
      name: 'MyExperiment',
      experiment: {
        ExperimentName: get('Execution.PipelineName'),
        TrialName: joined('t-', get('Execution.PipelineExecutionId')),
      },
    },
  )
  const execution = await local.ended(arn)
  const names = { ExperimentName: 'myexperiment', TrialName: `t-${arn.split('/').pop()}` }
  expect(execution['PipelineExperimentConfig']).toEqual(names)
  expect((await local.steps(arn))['Say']?.['FailureReason']).toBe(`${names.ExperimentName} ${names.TrialName}`)
})

test('every path of names and indexes that is written can be read', () => {
  const steps = fc.array(fc.oneof(fc.nat(5), fc.string({ minLength: 1 })), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(steps, path => {
      const text = `$${path.map(step => (typeof step === 'number' ? `[${step}]` : `['${step.replace(/(['\\])/g, '\\$1')}']`)).join('')}`
      expect(parseJsonPath(text)).toEqual(path)
      const value = path.reduceRight<unknown>(
        (inner, step) =>
          typeof step === 'number' ? Object.assign([], { [step]: inner }) : Object.fromEntries([[step, inner]]),
        'found',
      )
      expect(readJsonPath(value, path)).toEqual({ found: true, value: 'found' })
    }),
  )
})

test.each(['', '.', 'a..b', 'a.', 'a[', 'a[x]', 'a[*]', '..a', 'a[-1]', 'a[?(@.b)]', 'a[0:1]', '*'])(
  '3.4.2: the path %j is refused',
  path => {
    expect(parseJsonPath(path)).toBeUndefined()
  },
)

test('3.10: names fit their limits whatever the step is called, and only an equal attempt has an equal name', () => {
  const stepName = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
  fc.assert(
    fc.property(
      stepName,
      fc.constantFrom(63, 32),
      fc.option(fc.stringMatching(/^[a-z][a-z0-9]{0,40}$/), { nil: undefined }),
      (step, limit, prefix) => {
        const name = jobName({ executionId: '7pinimwddh3a', step, attempt: '0/1', prefix, limit })
        expect(name.length).toBeLessThanOrEqual(limit)
        expect(name).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/)
        expect(jobName({ executionId: '7pinimwddh3a', step, attempt: '0/1', prefix, limit })).toBe(name)
        expect(jobName({ executionId: '7pinimwddh3a', step, attempt: '0/2', prefix, limit })).not.toBe(name)
      },
    ),
  )
  expect(jobName({ executionId: '7qjz5e7zwzvd', step: 'FashionMnistTrainingStep', attempt: '0/1' })).toMatch(
    /^pipelines-7qjz5e7zwzvd-FashionMnistTraining-\w{10}$/,
  )
})

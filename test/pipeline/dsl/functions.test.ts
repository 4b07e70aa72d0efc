import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boolean,
  conditionStep,
  equals,
  execution,
  experimentConfig,
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
  trainingStep,
} from 'foldwise'
import { messageOf } from './message-of.ts'

const id = execution.PipelineExecutionId
const getId = { Get: 'Execution.PipelineExecutionId' }

describe('execution variables', () => {
  it('are the eight of the service', () => {
    expect(Object.entries(execution).map(([name, { json }]) => [name, json])).toEqual(
      [
        'StartDateTime',
        'CurrentDateTime',
        'PipelineName',
        'PipelineArn',
        'PipelineExecutionId',
        'PipelineExecutionArn',
        'TrainingJobName',
        'ProcessingJobName',
      ].map(name => [name, { Get: `Execution.${name}` }]),
    )
    expect(experimentConfig.TrialName.json).toEqual({ Get: 'PipelineExperimentConfig.TrialName' })
  })
})

describe('join', () => {
  it('as a tag keeps text and references in order and is one level deep', () => {
    const base = join`s3://b/${id}`
    expect(join`${base}/train/${0}/${true}`.json).toEqual({
      'Std:Join': { On: '', Values: ['s3://b/', getId, '/train/0/true'] },
    })
  })

  it('with a separator keeps the values as they are, joins included', () => {
    expect(join('/', ['s3://b', join('-', [id, 5]), 'x']).json).toEqual({
      'Std:Join': { On: '/', Values: ['s3://b', { 'Std:Join': { On: '-', Values: [getId, 5] } }, 'x'] },
    })
    expect(join`a${join('-', [id, 5])}`.json).toEqual({
      'Std:Join': { On: '', Values: ['a', { 'Std:Join': { On: '-', Values: [getId, 5] } }] },
    })
  })

  it('gives the text that the template gives when every reference is replaced by its value', () => {
    const piece = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(id))
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 6 }),
        fc.array(piece, { maxLength: 5 }),
        (texts, values) => {
          const used = values.slice(0, texts.length - 1)
          const strings = texts.slice(0, used.length + 1)
          const { json } = join(strings as unknown as TemplateStringsArray, ...used)
          const joined = (json as { 'Std:Join': { Values: unknown[] } })['Std:Join'].Values
          const rendered = joined.map(value => (typeof value === 'object' ? '<id>' : String(value))).join('')
          expect(rendered).toBe(
            strings
              .map(
                (text, index) =>
                  text + (index < used.length ? (used[index] === id ? '<id>' : String(used[index])) : ''),
              )
              .join(''),
          )
        },
      ),
    )
  })

  it('refuses what cannot be part of a text', () => {
    expect(messageOf(() => join`a${undefined as never}`)).toContain('join: value 1 — undefined')
    expect(messageOf(() => join`a${null as never}`)).toBe(
      'join: value 1 — null cannot be part of a text; give text, a number, true or false, or a reference.',
    )
    expect(messageOf(() => join('/', [['a']] as never))).toContain('a list of 1 cannot be part of a text')
    expect(messageOf(() => join('/', 'a' as never))).toContain('give the list of values, join("/", [a, b])')
    expect(messageOf(() => join`${Number.NaN}`)).toContain('NaN is no value for a definition')
  })
})

describe('jsonGet', () => {
  const step = processingStep('Evaluate', {
    image: 'i',
    role: 'r',
    instance: 'ml.m5.large',
    outputs: { report: { uri: 's3://b/r', path: '/opt/ml/processing/r' } },
    propertyFiles: { Report: { output: 'report', path: 'a/evaluation.json' } },
  })

  it('reads a property file that its step declares', () => {
    expect(step.definition).toHaveProperty('PropertyFiles', [
      { PropertyFileName: 'Report', OutputName: 'report', FilePath: 'a/evaluation.json' },
    ])
    expect(jsonGet(step.propertyFiles.Report, 'metrics[0].value').json).toEqual({
      'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Report' }, Path: 'metrics[0].value' },
    })
  })

  it('reads a file in S3, whose URI is text or a join', () => {
    expect(jsonGet({ s3Uri: 's3://b/x.json' }, 'a').json).toEqual({
      'Std:JsonGet': { S3Uri: 's3://b/x.json', Path: 'a' },
    })
    expect(jsonGet({ s3Uri: join`s3://b/${id}` }, 'a').json).toEqual({
      'Std:JsonGet': { S3Uri: { 'Std:Join': { On: '', Values: ['s3://b/', getId] } }, Path: 'a' },
    })
    expect(jsonGet({ s3Uri: id }, 'a').json).toEqual({
      'Std:JsonGet': { S3Uri: { 'Std:Join': { On: '', Values: [getId] } }, Path: 'a' },
    })
  })

  it('refuses a path that is no literal text', () => {
    const sentence = 'jsonGet: path — an object is no path; give literal text such as "metrics.accuracy.value".'
    expect(messageOf(() => jsonGet(step.propertyFiles.Report, id as never))).toBe(sentence)
    expect(messageOf(() => jsonGet(step.propertyFiles.Report, ''))).toContain('"" is no path')
  })

  it('refuses a property file of an output that the step does not have', () => {
    const act = () =>
      processingStep('E', {
        image: 'i',
        role: 'r',
        instance: 'ml.m5.large',
        outputs: { report: { uri: 's3://b/r', path: '/r' } },
        propertyFiles: { F: { output: 'raport', path: 'x.json' } },
      })
    expect(messageOf(act)).toBe(
      'Step "E": propertyFiles.F — the step has no output "raport"; name one of its outputs. Did you mean "report"?',
    )
  })
})

describe('conditions', () => {
  it('are the eight of the service and nest', () => {
    pipeline('P', { parameters: { N: integer(1), S: string('a'), F: float(1) } }, p => {
      const json = (condition: { json: unknown }) => condition.json
      const n = { Get: 'Parameters.N' }
      expect(json(equals(p.S, 'a'))).toEqual({ Type: 'Equals', LeftValue: { Get: 'Parameters.S' }, RightValue: 'a' })
      expect(json(greaterThan(p.N, 1))).toEqual({ Type: 'GreaterThan', LeftValue: n, RightValue: 1 })
      expect(json(greaterThanOrEqualTo(1, p.N))).toEqual({ Type: 'GreaterThanOrEqualTo', LeftValue: 1, RightValue: n })
      expect(json(lessThan(p.N, p.F))).toMatchObject({ Type: 'LessThan' })
      expect(json(lessThanOrEqualTo(p.N, 1))).toMatchObject({ Type: 'LessThanOrEqualTo' })
      expect(json(not(or(isIn(p.N, [1, 2]), equals(p.N, 3))))).toEqual({
        Type: 'Not',
        Condition: {
          Type: 'Or',
          Conditions: [
            { Type: 'In', QueryValue: n, Values: [1, 2] },
            { Type: 'Equals', LeftValue: n, RightValue: 3 },
          ],
        },
      })
      return failStep('S', { message: 'm' })
    })
  })

  it('refuse values that cannot be compared, and empty lists', () => {
    expect(messageOf(() => equals(undefined as never, 1))).toBe(
      'Equals: left — undefined cannot be compared; give text, a number, true or false, or a reference.',
    )
    expect(messageOf(() => lessThan(1, [1] as never))).toContain('LessThan: right — a list of 1 cannot be compared')
    expect(messageOf(() => or())).toBe('or() — it has no conditions; give at least one.')
    expect(messageOf(() => conditionStep('C', { conditions: [] }))).toContain(
      'Step "C": conditions — the list is empty',
    )
    expect(messageOf(() => conditionStep('C', { conditions: equals(1, 1), ifSteps: ['Train'] as never }))).toContain(
      'Step "C" — item 1 of its branches is no step; list steps only.',
    )
  })
})

describe('slots that take text only', () => {
  it('get numbers and booleans as text, and Integer, Float and Boolean references inside a join', () => {
    const parameters = { N: integer(1), F: float(1), B: boolean(true), S: string('a') }
    const { document } = pipeline('P', { parameters }, p =>
      trainingStep('T', {
        image: 'i',
        instance: 'ml.m5.large',
        role: 'r',
        output: 's3://b/m',
        hyperparameters: { a: 1, b: 0.5, c: true, d: 'x', n: p.N, f: p.F, t: p.B, s: p.S, absent: undefined },
        environment: { N: p.N },
        containerArguments: ['--n', p.N, 7],
      }),
    )
    const wrapped = (name: string) => ({ 'Std:Join': { On: '', Values: [{ Get: `Parameters.${name}` }] } })
    expect(document.Steps[0]?.Arguments).toMatchObject({
      HyperParameters: {
        a: '1',
        b: '0.5',
        c: 'true',
        d: 'x',
        n: wrapped('N'),
        f: wrapped('F'),
        t: wrapped('B'),
        s: { Get: 'Parameters.S' },
      },
      Environment: { N: wrapped('N') },
      AlgorithmSpecification: { ContainerArguments: ['--n', wrapped('N'), '7'] },
    })
    expect(JSON.stringify(document)).not.toContain('absent')
  })
})

import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { execution, join, jsonGet, trainingStep } from 'foldwise'
import { isUserError } from '../../../schemas/problem.ts'
import { messageOf } from './message-of.ts'

const { PipelineName } = execution
const train = trainingStep('Train', { image: 'i', instance: 'ml.m5.large', role: 'r', output: 's3://b/m' })
const structure = train.properties.ModelArtifacts
const toText =
  'it is a reference without a value until the pipeline runs, so it cannot become a string here; in a text use join`…${reference}…`.'

describe('a reference turned into a plain value by accident', () => {
  it.each([
    ['a template literal', () => `s3://b/${PipelineName as unknown as string}`],
    ['addition', () => 's3://b/' + (PipelineName as unknown as string)],
    ['String()', () => String(PipelineName)],
    ['toString()', () => PipelineName.toString()],
    ['toLocaleString()', () => PipelineName.toLocaleString()],
    ['Array.join()', () => ['s3:', PipelineName].join('/')],
  ])('fails in %s with the repair', (_how, act) => {
    expect(messageOf(act)).toBe(`Execution.PipelineName — ${toText}`)
  })

  it.each([
    ['unary plus', () => +(PipelineName as unknown as number)],
    ['Number()', () => Number(PipelineName)],
    ['a comparison', () => (PipelineName as unknown as number) > 5],
    ['arithmetic', () => (PipelineName as unknown as number) * 2],
  ])('fails in %s and names the condition', (_how, act) => {
    expect(messageOf(act)).toContain('cannot become a number here; compare it in a conditionStep')
  })

  it('fails in JSON.stringify, also deep inside', () => {
    expect(messageOf(() => JSON.stringify({ a: [PipelineName] }))).toContain(
      'cannot become JSON here; pass the reference itself to a step',
    )
  })

  it('names the function for a join and the path for a JSON value', () => {
    expect(messageOf(() => `in ${join`a${PipelineName}` as unknown as string}`)).toMatch(/^Std:Join — /)
    expect(messageOf(() => String(jsonGet({ s3Uri: 's3://b/f.json' }, 'a.b')))).toMatch(/^Std:JsonGet of "a.b" — /)
  })

  it('fails for a structure just as for a leaf', () => {
    expect(messageOf(() => `in ${structure as unknown as string}`)).toBe(`Steps.Train.ModelArtifacts — ${toText}`)
    expect(messageOf(() => JSON.stringify(structure))).toContain('Steps.Train.ModelArtifacts — ')
    expect(messageOf(() => structure.toString())).toContain('cannot become a string')
  })

  it('names the line of the program that did it', () => {
    try {
      String(PipelineName)
      expect.unreachable()
    } catch (error) {
      expect(isUserError(error)).toBe(true)
      expect((error as Error).message).toMatch(/\(test\/pipeline\/dsl\/expression\.test\.ts:\d+\)$/)
    }
  })
})

describe('a reference as data', () => {
  it('is frozen to the bottom and holds the JSON of the definition', () => {
    const uri = join`s3://b/${PipelineName}`
    expect(uri.json).toEqual({ 'Std:Join': { On: '', Values: ['s3://b/', { Get: 'Execution.PipelineName' }] } })
    expect(Object.isFrozen(uri)).toBe(true)
    expect(Object.isFrozen((uri.json as { 'Std:Join': { Values: unknown[] } })['Std:Join'].Values)).toBe(true)
  })

  it('can be looked at in the console', () => {
    expect(inspect(PipelineName)).toBe('Expr(Execution.PipelineName)')
    expect(() => inspect(structure)).not.toThrow()
  })

  it('can be returned from an async function', async () => {
    const properties = await (async () => train.properties)()
    expect(properties.TrainingJobName.json).toEqual({ Get: 'Steps.Train.TrainingJobName' })
  })
})

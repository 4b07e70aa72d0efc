import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  forEachExpression,
  formatPlace,
  formatSegments,
  type PathSegment,
  parseGetPath,
} from '../../../pipeline/definition/index.ts'

describe('parseGetPath', () => {
  it('reads members, list indexes and name keys of a step property', () => {
    expect(parseGetPath("Steps.Split-1.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")).toEqual({
      root: 'Steps',
      step: 'Split-1',
      segments: [
        { kind: 'member', name: 'ProcessingOutputConfig' },
        { kind: 'member', name: 'Outputs' },
        { kind: 'key', key: 'train' },
        { kind: 'member', name: 'S3Output' },
        { kind: 'member', name: 'S3Uri' },
      ],
    })
    expect(parseGetPath('Steps.Tune.TrainingJobSummaries[0].TrainingJobName')).toMatchObject({ root: 'Steps' })
  })

  it.each([
    '',
    'Parameters',
    'Parameters.',
    'Params.X',
    'Steps',
    'Steps.',
    'Steps.A.B[',
    "Steps.A.B['x",
    'Steps.A..B',
    'Parameters.A.B',
  ])('gives undefined for %j', path => expect(parseGetPath(path)).toBeUndefined())

  it('reads back every path that formatSegments writes, keys with quotes and dots included', () => {
    const segment = fc.oneof(
      fc.constantFrom('Name', 'S3Output', 'FinalMetricDataList').map((name): PathSegment => ({ kind: 'member', name })),
      fc.nat(49).map((index): PathSegment => ({ kind: 'index', index })),
      fc.string().map((key): PathSegment => ({ kind: 'key', key })),
    )
    fc.assert(
      fc.property(fc.array(segment), segments => {
        expect(parseGetPath(`Steps.S${formatSegments(segments)}`)).toEqual({ root: 'Steps', step: 'S', segments })
      }),
    )
  })
})

describe('forEachExpression', () => {
  it('visits expressions inside expressions, with their places', () => {
    const found: string[] = []
    forEachExpression({ A: [{ 'Std:Join': { On: '', Values: ['x', { Get: 'Parameters.P' }] } }] }, (_, place) =>
      found.push(formatPlace(place)),
    )
    expect(found).toEqual(['A[0]', 'A[0]["Std:Join"].Values[1]'])
  })

  it('walks a document nested 100 000 levels deep', () => {
    let deep: unknown = { Get: 'Parameters.P' }
    for (let level = 0; level < 100_000; level++) deep = [deep]
    let count = 0
    forEachExpression(deep, () => count++)
    expect(count).toBe(1)
  })
})

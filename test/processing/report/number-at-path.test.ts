import { describe, expect, it } from 'vitest'
import { numberAtPath } from '../../../processing/report/number-at-path.ts'

describe('numberAtPath', () => {
  it('follows dots, array indices and names that have dots themselves', () => {
    const text = '{"a": {"b": [1, {"c": 2.5}]}, "x.y": {"z.w": 3}, "validation:acc": 0.9}'
    expect(numberAtPath(text, 'a.b.1.c')).toEqual({ value: 2.5 })
    expect(numberAtPath(text, 'x.y.z.w')).toEqual({ value: 3 })
    expect(numberAtPath(text, 'validation:acc')).toEqual({ value: 0.9 })
  })

  it.each([
    ['{"train": {"accuracy": 1}, "n": [4]}', 'has no number at "validation.accuracy"; it has train.accuracy, n.0'],
    ['{"validation": {}}', 'has no number at "validation.accuracy"; it has no numbers at all'],
    ['{"validation": {"accuracy": NaN}}', 'has NaN at "validation.accuracy", which is not a finite number'],
    ['{"validation": {"accuracy": -Infinity}}', 'has -Infinity at "validation.accuracy", which is not a finite number'],
    ['{"validation": {"accuracy": "0.9"}}', 'has "0.9" at "validation.accuracy", which is not a finite number'],
    ['{"validation": {"accuracy": null}}', 'has null at "validation.accuracy", which is not a finite number'],
    ['7', 'has no number at "validation.accuracy"; it has no numbers at all'],
  ])('says what is wrong with %s', (text, missing) => {
    expect(numberAtPath(text, 'validation.accuracy')).toEqual({ missing })
  })

  it('says that a text is not JSON', () => {
    expect(numberAtPath('accuracy=1', 'a')).toMatchObject({ missing: expect.stringMatching(/^is not JSON \(/) })
  })

  it('does not see members that every object inherits', () => {
    expect(numberAtPath('{}', 'constructor.length')).toMatchObject({ missing: expect.any(String) })
  })
})

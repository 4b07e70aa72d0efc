import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judgeExample } from '../../support/judge-example.ts'
import { referenceChecks } from './reference-checks/index.ts'

const checks = Object.entries(referenceChecks)

describe('the 110 rules about definitions that public sources name', () => {
  it('are all here', () => {
    expect(checks.map(([number]) => Number(number))).toEqual(Array.from({ length: 110 }, (_, index) => index + 1))
    for (const [number, { elsewhere, mistakes }] of checks) {
      expect(mistakes.length > 0 || elsewhere !== undefined, number).toBe(true)
    }
  })

  it.each(
    checks.flatMap(([number, { mistakes, rule }]) =>
      mistakes.map(([code, example], index) => [`${number}: ${rule} (${index + 1}, ${code})`, code, example] as const),
    ),
  )('%s', (_, code, example) => {
    const found = judgeExample(example)
    expect(found.map(problem => problem.code)).toContain(code)
    for (const { message } of found) {
      expect(message).toMatch(/\S: .{10,}[.?…)]$/s)
      expect(message).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  it.each(
    checks.flatMap(([number, { elsewhere, rule }]) =>
      elsewhere === undefined ? [] : [[`${number}: ${rule}`, elsewhere] as const],
    ),
  )('%s: also kept elsewhere, by a test of its own', (_, { file, test }) => {
    const text = readFileSync(file, 'utf8')
    expect(text.includes(`'${test}'`), `${file} has no test "${test}"`).toBe(true)
  })
})

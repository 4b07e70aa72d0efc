import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { changedSample, sampleDocument } from '../../../pipeline/validate/catalogue/sample.ts'
import { type CatalogueEntry, catalogue } from '../../../pipeline/validate/catalogue.ts'
import { judgeExample } from '../../support/judge-example.ts'

const entries = Object.entries(catalogue) as [string, CatalogueEntry][]
const folder = 'pipeline/validate'

describe('the catalogue', () => {
  it('builds its examples on a document without any problem', () => {
    expect(judgeExample({})).toEqual([])
    expect(changedSample()).toEqual(sampleDocument)
  })

  it.each(entries)('%s is raised by its example, with its severity', (code, { example, severity }) => {
    const found = judgeExample(example).filter(problem => problem.code === code)
    expect(found.length).toBeGreaterThan(0)
    for (const problem of found) {
      expect(problem.severity).toBe(severity)
      expect(problem.message).toMatch(/\S: .{10,}[.?…)]$/s)
      expect(problem.message).not.toMatch(/undefined|\[object|NaN/)
    }
  })

  it('has every code that a rule raises, and only those', () => {
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      name => name.endsWith('.ts') && !name.startsWith('catalogue/'),
    )
    const raised = new Set(sources.flatMap(name => readFileSync(join(folder, name), 'utf8').match(/'FW\d{4}'/g) ?? []))
    expect([...raised].map(code => code.slice(1, -1)).sort()).toEqual(Object.keys(catalogue).sort())
  })

  it('has a source and a repair for every code, as sentences', () => {
    for (const [code, { title, source, repair }] of entries) {
      expect(title, code).toMatch(/^[A-Z]/)
      expect(source, code).not.toBe('')
      expect(repair, code).toMatch(/^[A-Z].*[.?]$/)
    }
  })
})

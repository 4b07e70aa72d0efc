import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { judgeExample } from '../../support/judge-example.ts'
import { museum } from './museum.ts'

const exhibits = Object.entries(museum)

describe('the issue museum', () => {
  it('shows something for every issue', () => {
    for (const [name, { accepted = [], judged = [], shown = [] }] of exhibits) {
      expect(accepted.length + judged.length + shown.length, name).toBeGreaterThan(0)
    }
  })

  it.each(exhibits.flatMap(([name, { issue, judged = [] }]) => judged.map(mistake => [name, issue, mistake] as const)))(
    '%s: %s is named, with its repair',
    (_name, _issue, [code, says, example]) => {
      const found = judgeExample(example).filter(problem => problem.code === code)
      expect(found.map(problem => problem.message).join('\n')).toMatch(says)
    },
  )

  it.each(
    exhibits.flatMap(([name, { issue, accepted = [] }]) => accepted.map(example => [name, issue, example] as const)),
  )('%s: %s is accepted', (_name, _issue, example) => {
    expect(judgeExample(example)).toEqual([])
  })

  it.each(exhibits.flatMap(([name, { shown = [] }]) => shown.map(([file, title]) => [name, title, file] as const)))(
    '%s has a test "%s" in %s',
    (_name, title, file) => {
      expect(readFileSync(file, 'utf8')).toContain(title)
    },
  )
})

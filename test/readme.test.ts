import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verbs } from '../cli/commands.ts'

const readme = readFileSync('README.md', 'utf8')

describe('the README', () => {
  it('shows the Iris example as it is', () => {
    expect(readme).toContain(readFileSync('examples/iris/pipeline.ts', 'utf8').trim())
  })

  it('names only npm scripts, verbs and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    for (const [, script] of readme.matchAll(/npm run (?:-s )?([a-z-]+)/g))
      expect(Object.keys(scripts)).toContain(script)
    for (const [, verb] of readme.matchAll(/foldwise -- ([a-z]+)/g)) expect(Object.keys(verbs)).toContain(verb)
    for (const [, file] of readme.matchAll(/\]\(([^)#:]+)\)/g)) expect(existsSync(file as string), file).toBe(true)
  })

  it('says how many codes the judge has', () => {
    const codes = readFileSync('docs/errors.md', 'utf8').match(/^### FW/gm)?.length
    expect(readme).toContain(`${codes} problems`)
  })
})

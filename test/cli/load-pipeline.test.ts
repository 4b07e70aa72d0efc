import { describe, expect, it } from 'vitest'
import { folderWith, runCli } from '../support/run-cli.ts'

const minimal = `import { failStep, pipeline } from 'foldwise'
export default pipeline('Minimal', {}, () => [failStep('Stop', { message: 'on purpose' })])
`

/** Runs synth --stdout on `pipeline.ts` in a folder with these files. */
async function synth(files: Readonly<Record<string, string>>, file = 'pipeline.ts') {
  await using folder = await folderWith(files)
  return { ...(await runCli(['synth', file, '--stdout'], { cwd: folder.path })), folder: folder.path }
}

describe('a pipeline file that cannot be loaded', () => {
  it.each([
    ['does not exist', {}, 2, /^error pipeline\.ts: there is no such file \(.*\/pipeline\.ts\)/],
    [
      'has a syntax error',
      { 'pipeline.ts': 'const a = 1\nexport default pipeline((\n' },
      1,
      /^error pipeline\.ts:3:1 — Unexpected end of file/,
    ],
    [
      'imports what does not exist',
      { 'pipeline.ts': "import x from './nowhere.ts'\nexport default x" },
      1,
      /^error pipeline\.ts:1:15 — Could not resolve ".\/nowhere.ts"/,
    ],
    [
      'imports an unknown door',
      { 'pipeline.ts': "import x from 'foldwise/nowhere'\nexport default x" },
      1,
      /no "foldwise\/nowhere"/,
    ],
    [
      'exports nothing',
      { 'pipeline.ts': 'export const pipeline = 1' },
      1,
      /nothing is exported as default \(only pipeline\)/,
    ],
    ['exports a number', { 'pipeline.ts': 'export default 5' }, 1, /the default export is a number/],
    ['exports a function', { 'pipeline.ts': 'export default function make() {}' }, 1, /is a function \(make\)/],
    [
      'throws',
      {
        'pipeline.ts':
          'interface A { x: number }\n\nfunction deep(a: A): never {\n  throw new Error(`x is ${a.x}`)\n}\nexport default deep({ x: 3 })',
      },
      1,
      /^error pipeline\.ts:4 — the program failed: Error: x is 3/,
    ],
    [
      'throws in a module beside it',
      {
        'pipeline.ts': "import { f } from './lib/helper.ts'\nexport default f()",
        'lib/helper.ts': '\n\nexport const f = () => { throw new TypeError("bad") }',
      },
      1,
      /^error (pipeline\.ts:2|lib\/helper\.ts:3) — the program failed: TypeError: bad/,
    ],
    [
      'is a definition without steps',
      { 'd.json': '{"Version": "2020-12-01"}' },
      1,
      /d\.json: this JSON is no pipeline definition/,
    ],
    ['is broken JSON', { 'd.json': '{"Version": 1,\n "Steps": [,]}' }, 1, /d\.json: .*no JSON: line 2, column 12/],
    ['is an empty definition', { 'd.json': '' }, 1, /d\.json: .*the text is empty/],
    ['has another extension', { 'p.py': 'x = 1' }, 2, /a pipeline file ends in \.ts, \.mts, \.js, \.mjs, \.json/],
  ])('that %s is one sentence', async (_, files, exitCode, sentence) => {
    const { code, stdout, stderr } = await synth(
      files,
      Object.keys(files).find(name => !name.includes('/')) ?? 'pipeline.ts',
    )
    expect(stderr).toMatch(sentence)
    expect(stderr.trimEnd().split('\n')).toHaveLength(1)
    expect(stdout).toBe('')
    expect(code).toBe(exitCode)
  })
})

describe('a pipeline file', () => {
  it.each(['pipeline.ts', 'pipeline.mts', 'pipeline.js', 'pipeline.mjs'])('may be %s', async name => {
    const { code, stdout } = await synth({ [name]: minimal }, name)
    expect(JSON.parse(stdout)).toMatchObject({ Version: '2020-12-01', Steps: [{ Name: 'Stop', Type: 'Fail' }] })
    expect(code).toBe(0)
  })

  it('finds its own packages, in ES modules, CommonJS and TypeScript', async () => {
    const { code, stdout, stderr } = await synth({
      'pipeline.ts': `import { esm } from 'an-esm-package'
import cjs from 'a-cjs-package'
import { ts } from 'a-ts-package'
import { failStep, pipeline, string } from 'foldwise'
export default pipeline('P', { parameters: { A: string(esm), B: string(cjs.name), C: string(ts) } }, () => [failStep('Stop', { message: 'x' })])
`,
      'node_modules/an-esm-package/package.json': '{"type":"module","exports":"./index.js"}',
      'node_modules/an-esm-package/index.js': 'export const esm = import.meta.url.split("/").at(-2)',
      'node_modules/a-cjs-package/package.json': '{"main":"main.js"}',
      'node_modules/a-cjs-package/main.js': 'module.exports = { name: require("node:path").basename(__dirname) }',
      'node_modules/a-ts-package/package.json': '{"exports":"./index.ts"}',
      'node_modules/a-ts-package/index.ts': 'export const ts: string = "a-ts-package"',
    })
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const { Parameters } = JSON.parse(stdout) as { Parameters: { DefaultValue: string }[] }
    expect(Parameters.map(({ DefaultValue }) => DefaultValue)).toEqual([
      'an-esm-package',
      'a-cjs-package',
      'a-ts-package',
    ])
  })

  it('keeps import.meta.url, so that it reads the files beside it', async () => {
    const { stdout } = await synth({
      'pipeline.ts': `import { readFileSync } from 'node:fs'
import { failStep, pipeline, string } from 'foldwise'
const note = readFileSync(new URL('./note.txt', import.meta.url), 'utf8')
export default pipeline('P', { parameters: { A: string(note) } }, () => [failStep('Stop', { message: 'x' })])
`,
      'note.txt': 'beside',
    })
    expect(stdout).toContain('"DefaultValue": "beside"')
  })

  it('leaves nothing behind in its folder', async () => {
    await using folder = await folderWith({ 'pipeline.ts': minimal })
    await runCli(['synth', 'pipeline.ts', '--stdout'], { cwd: folder.path })
    const { readdir } = await import('node:fs/promises')
    expect(await readdir(folder.path)).toEqual(['pipeline.ts'])
  })
})

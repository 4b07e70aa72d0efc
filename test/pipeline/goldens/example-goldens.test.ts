import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import Ajv from 'ajv'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import schema from '../../../schemas/definition.schema.json' with { type: 'json' }

/** Golden documents are renewed with `npx vitest run test/pipeline/goldens -u`. */
const goldens = [{ program: 'examples/iris/pipeline.ts', golden: '../../golden/iris.json' }]

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../../..')

describe.each(goldens)('$program', ({ program, golden }) => {
  let folder = ''
  let script = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'foldwise-golden-'))
    script = join(folder, 'synth.mjs')
    await build({
      stdin: {
        contents: `import pipeline from ${JSON.stringify(join(root, program))}
          import { renderDefinition } from ${JSON.stringify(join(root, 'pipeline/definition/index.ts'))}
          process.stdout.write(renderDefinition(pipeline.document))`,
        resolveDir: root,
      },
      bundle: true,
      format: 'esm',
      platform: 'node',
      conditions: ['foldwise-source'],
      outfile: script,
    })
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
  })

  const synth = async (cwd: string, env: NodeJS.ProcessEnv) =>
    (await run(process.execPath, [script], { cwd, env })).stdout

  it('gives its golden document', async () => {
    await expect(await synth(root, {})).toMatchFileSnapshot(golden)
  })

  it('gives the same bytes in another process, folder, time zone and language', async () => {
    const elsewhere = {
      TZ: 'Pacific/Kiritimati',
      LANG: 'tr_TR.UTF-8',
      HOME: '/nowhere',
      AWS_REGION: 'eu-central-1',
      AWS_PROFILE: 'x',
    }
    expect(await synth(tmpdir(), elsewhere)).toBe(await synth(root, { TZ: 'America/New_York' }))
  })

  it('needs neither an AWS client nor a network module', async () => {
    const text = await readFile(script, 'utf8')
    expect(text).not.toMatch(/@aws-sdk|node:https?["']|@smithy/)
  })

  it('is a document of our published grammar', async () => {
    const isValid = new Ajv({ strict: false }).compile(schema)
    const document: unknown = JSON.parse(await readFile(join(import.meta.dirname, golden), 'utf8'))
    expect(isValid(document), JSON.stringify(isValid.errors)).toBe(true)
  })

  it('imports nothing but the package', async () => {
    const imports = [...(await readFile(join(root, program), 'utf8')).matchAll(/from '([^']+)'/g)].map(
      ([, from]) => from,
    )
    expect(new Set(imports)).toEqual(new Set(['foldwise']))
  })
})

it('an example fits on one screen', async () => {
  for (const { program } of goldens) {
    const lines = (await readFile(join(root, program), 'utf8')).split('\n')
    expect(lines.length).toBeLessThanOrEqual(40)
  }
})

import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { cliPath, folderWith, irisPipeline, runCli } from '../support/run-cli.ts'

describe('foldwise synth', () => {
  it('gives the same bytes in every folder and environment, by file and by stdout', async () => {
    await using one = await folderWith()
    await using two = await folderWith()
    const first = await runCli(['synth', irisPipeline], { cwd: one.path })
    expect(first).toMatchObject({ code: 0, stderr: '' })
    const written = await readFile(join(one.path, 'out/IrisCrossValidation.json'), 'utf8')
    const printed = await runCli(['synth', irisPipeline, '--stdout'], {
      cwd: two.path,
      env: { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', AWS_REGION: 'ap-south-1', USER: 'somebody' },
    })
    expect(printed.stdout).toBe(written)
    expect(await readdir(two.path)).toEqual([])
  })

  it('prints where it wrote, how large it is and its hash as JSON', async () => {
    await using folder = await folderWith()
    const { stdout } = await runCli(['synth', irisPipeline, '--json', '--out', 'deep/er'], { cwd: folder.path })
    const path = join(folder.path, 'deep/er/IrisCrossValidation.json')
    expect(JSON.parse(stdout)).toEqual({
      name: 'IrisCrossValidation',
      path,
      bytes: (await readFile(path)).length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('says in one sentence that the folder cannot be written, and writes nothing', async () => {
    await using folder = await folderWith({ blocked: 'a file' })
    const { code, stderr } = await runCli(['synth', irisPipeline, '--out', 'blocked/out'], { cwd: folder.path })
    expect(stderr).toMatch(/^error .*blocked.*part of this path is a file, not a folder/)
    expect(code).toBe(1)
    expect(await readFile(join(folder.path, 'blocked'), 'utf8')).toBe('a file')
  })

  it('loads neither the AWS SDK nor the local SageMaker, and help not even esbuild', async () => {
    const { metafile } = await build({
      entryPoints: [cliPath],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      external: ['@aws-sdk/*', 'esbuild'],
      logLevel: 'silent',
    })
    /** Everything that loading these files loads at once, without what is imported when needed. */
    const closure = (start: string[]): Set<string> => {
      const seen = new Set(start)
      for (const path of seen) {
        for (const { path: next, kind } of metafile.inputs[path]?.imports ?? []) {
          if (kind === 'import-statement') seen.add(next)
        }
      }
      return seen
    }
    const inputs = Object.keys(metafile.inputs)
    const cli = inputs.filter(path => path.endsWith('dist/cli.mjs'))
    const synth = inputs.filter(path => /dist\/(synth|bundle-program)-[A-Z0-9]+\.mjs$/.test(path))
    expect(cli).toHaveLength(1)
    expect(synth).toHaveLength(2)
    const forHelp = [...closure(cli)]
    const forSynth = [...closure([...cli, ...synth])]
    expect(forHelp.filter(path => /@aws-sdk|esbuild/.test(path))).toEqual([])
    expect(forSynth.filter(path => path.includes('@aws-sdk'))).toEqual([])
    expect(forSynth.filter(path => /dist\/local/.test(path))).toEqual([])
    expect(inputs.some(path => /dist\/local/.test(path))).toBe(true)
  })
})

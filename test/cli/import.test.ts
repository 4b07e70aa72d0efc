import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderWith, runCli } from '../support/run-cli.ts'

const golden = fileURLToPath(new URL('../golden/iris.json', import.meta.url))

describe('foldwise import', () => {
  it('prints a program that synth turns into the same document', async () => {
    await using folder = await folderWith()
    const cwd = folder.path
    const imported = await runCli(['import', golden, '--out', 'src/iris.ts', '--name', 'Iris', '--json'], { cwd })
    expect(imported.code).toBe(0)
    const { path, sha256 } = JSON.parse(imported.stdout) as { path: string; sha256: string }
    expect(path).toBe(join(cwd, 'src/iris.ts'))
    const synth = await runCli(['synth', 'src/iris.ts', '--json'], { cwd })
    expect(JSON.parse(synth.stdout)).toMatchObject({ name: 'Iris', sha256 })
    expect((await runCli(['diff', 'src/iris.ts', golden, '--fail'], { cwd })).code).toBe(0)
    // To stdout the very same program.
    const printed = await runCli(['import', golden, '--name', 'Iris'], { cwd })
    expect(printed.stdout).toBe(await readFile(path, 'utf8'))
  })

  it.each([
    ['pipeline.ts', '', 2, 'pipeline.ts: it is no definition — a definition is a file that ends in .json'],
    ['broken.json', '{"Steps": [', 1, 'broken.json'],
    ['other.json', '{"a": 1}', 1, 'other.json: this JSON is no pipeline definition'],
    [
      'twice.json',
      '{"Version":"2020-12-01","Steps":[{"Name":"A","Type":"Fail","Arguments":{"ErrorMessage":"x"}},{"Name":"A","Type":"Fail","Arguments":{"ErrorMessage":"x"}}]}',
      1,
      'twice.json: the definition — Step "A" — it is listed twice',
    ],
  ])('refuses %s in one sentence and writes nothing', async (file, content, code, sentence) => {
    await using folder = await folderWith({ [file]: content })
    const result = await runCli(['import', file, '--out', 'out.ts'], { cwd: folder.path })
    expect(result.code).toBe(code)
    expect(result.stderr).toContain(sentence)
    expect(result.stderr).not.toContain('    at ')
    await expect(readFile(join(folder.path, 'out.ts'))).rejects.toThrow('ENOENT')
  })
})

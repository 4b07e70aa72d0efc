import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { loadPipeline } from '../../../cli/load-pipeline.ts'
import { definitionHash } from '../../../pipeline/definition/index.ts'
import { renderProgram } from '../../../pipeline/import/index.ts'
import type { PipelineDefinition } from '../../../schemas/definition.ts'

const root = resolve(import.meta.dirname, '../../..')
const goldens = [
  ...['test/fixtures/goldens/v2', 'test/fixtures/goldens/fieldnotes'].flatMap(folder =>
    readdirSync(join(root, folder)).map(file => join(folder, file)),
  ),
  'test/golden/iris.json',
]
// Inside the project, so that compiler and bundler find the project's modules.
const folder = mkdtempSync(join(root, 'test/pipeline/import/.imported-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const nameOf = (file: string) =>
  file
    .replace(/.*\//, '')
    .replace(/\.json$/, '')
    .replaceAll('_', '-')
    .replaceAll('.', '-')
const documentOf = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as PipelineDefinition
const programOf = (file: string) => renderProgram(documentOf(file), { name: nameOf(file) })
const run = promisify(execFile)

describe('a definition becomes a program', { timeout: 120_000 }, () => {
  it.each(goldens)('%s', async file => {
    const path = join(folder, `${nameOf(file)}.ts`)
    await writeFile(path, programOf(file))
    const { name, document } = await loadPipeline(path)
    expect(name).toBe(nameOf(file))
    expect(definitionHash(document)).toBe(definitionHash(documentOf(file)))
  })

  it('formatted as the formatter would', async () => {
    for (const file of goldens) await writeFile(join(folder, `${nameOf(file)}.ts`), programOf(file))
    await run('npx', ['biome', 'format', '--vcs-enabled=false', folder], { cwd: root }).catch((error: unknown) => {
      throw new Error((error as { stdout: string; stderr: string }).stdout + (error as { stderr: string }).stderr)
    })
  })

  it('that the compiler accepts', async () => {
    for (const file of goldens) await writeFile(join(folder, `${nameOf(file)}.ts`), programOf(file))
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions: { noEmit: true }, include: ['*.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const result = await run('npx', ['tsc', '-p', folder], { cwd: root }).catch((error: unknown) => error)
    expect((result as { stdout: string }).stdout).toBe('')
  })
})

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createClients, uploadFile } from '../../pipeline/service/index.ts'
import { startLocalSageMaker } from '../../local/index.ts'
import { folderWith, runCli } from '../support/run-cli.ts'

const iris = fileURLToPath(new URL('../fixtures/split/iris.csv', import.meta.url))
const split = [
  '--strategy',
  'stratified-kfold',
  '--k',
  '3',
  '--shuffle',
  '--seed',
  '7',
  '--header',
  '--label',
  'species',
]

test('sound folds give a table of kept promises and exit 0', async () => {
  await using folder = await folderWith()
  await runCli(['split', iris, '--out', 'folds', ...split], { cwd: folder.path })
  const { code, stdout, stderr } = await runCli(['verify-folds', 'folds', '--input', iris], { cwd: folder.path })
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^promise +verdict +checked\nfolds\.json fits together +kept/)
  expect(stdout).toContain('The folds keep their promises: 150 records read in 3 files, 3 folds, stratified-kfold')
})

test('a tampered file exits 1, names its line, and --json says the same', async () => {
  await using folder = await folderWith()
  await runCli(['split', iris, '--out', 'folds', ...split], { cwd: folder.path })
  const path = join(folder.path, 'folds/train/0/part-1.csv')
  const content = readFileSync(path, 'utf8')
  rmSync(path)
  writeFileSync(path, content.replace(/\n5\./, '\n6.'))
  const { code, stdout } = await runCli(['verify-folds', 'folds'], { cwd: folder.path })
  expect(code).toBe(1)
  expect(stdout).toContain('broken (1)')
  expect(stdout).toMatch(/✗ train\/0\/part-1\.csv:\d+ — the line is not that of validation\/1\/part-1\.csv/)
  const json = await runCli(['verify-folds', 'folds', '--json'], { cwd: folder.path })
  expect(json.code).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({
    kept: false,
    promises: expect.arrayContaining([expect.objectContaining({ name: 'copies', state: 'broken' })]),
    problems: [expect.stringContaining('train/0/part-1.csv:')],
  })
})

test.each(['copy', 'manifest'])('folds in S3 are checked through its API: layout %s', async layout => {
  await using folder = await folderWith()
  const more = layout === 'manifest' ? ['--layout', layout, '--s3-uri', 's3://data/cv/1/'] : []
  await runCli(['split', iris, '--out', 'folds', ...split, ...more], { cwd: folder.path })
  const stateDir = join(folder.path, 'state')
  const server = await startLocalSageMaker({ stateDir })
  const clients = await createClients({ local: server.endpoint })
  const files = readdirSync(join(folder.path, 'folds'), { recursive: true, encoding: 'utf8' })
  const upload = (path: string, key = path) =>
    uploadFile(clients, join(folder.path, 'folds', path), { bucket: 'data', key: `cv/1/${key}` })
  for (const path of files) if (/\.(csv|json)$/.test(path)) await upload(path)
  const check = () => runCli(['verify-folds', 's3://data/cv/1', '--local', '--state', stateDir], { cwd: folder.path })
  clients.close()
  await server.close()
  const sound = await check()
  expect(sound.code, sound.stderr + sound.stdout).toBe(0)
  expect(sound.stdout).toContain(layout === 'copy' ? '12 files, layout copy' : '3 files, layout manifest')
  const again = await startLocalSageMaker({ stateDir })
  const more2 = await createClients({ local: again.endpoint })
  await uploadFile(more2, join(folder.path, 'folds/validation/2/part-2.csv'), {
    bucket: 'data',
    key: 'cv/1/validation/1/part-1.csv',
  })
  more2.close()
  await again.close()
  const swapped = await check()
  expect(swapped.code).toBe(1)
  expect(swapped.stdout).toMatch(/✗ .*validation\/1/)
})

test('what is no place of folds is refused with a sentence', async () => {
  await using folder = await folderWith({ 'x/y.csv': 'a\n' })
  expect(await runCli(['verify-folds', 'nowhere'], { cwd: folder.path })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no such folder — give the folder that the split wrote'),
  })
  expect(await runCli(['verify-folds', 'x'], { cwd: folder.path })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('report/folds.json — there is no fold report'),
  })
  const missing = await runCli(['verify-folds', 's3://none/x/', '--local', '--state', join(folder.path, 's')], {
    cwd: folder.path,
  })
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no fold report') })
})

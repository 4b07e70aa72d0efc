import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { splitArguments } from '../../../schemas/split-options.ts'
import { bundle } from '../../support/bundle.ts'
import { runProgram } from '../../support/run-program.ts'
import { readTree } from './split-case.ts'

const iris = readFileSync(new URL('../../fixtures/split/iris.csv', import.meta.url))
let program = ''
let root = ''

beforeAll(async () => {
  program = await bundle('processing/split/main.ts')
})
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'foldwise-container-'))
  for (const folder of ['input/data', 'output/train', 'output/validation', 'output/all', 'output/report'])
    mkdirSync(join(root, 'processing', folder), { recursive: true })
  return () => rmSync(root, { recursive: true, force: true })
})
afterAll(() => rmSync(dirname(program), { recursive: true, force: true }))

const run = (args: readonly string[]) => runProgram([program, ...args], { SAGEMAKER_BASE_DIR: root })
const output = (path: string) => join(root, 'processing/output', path)

test('the container splits what lies in its input folder, told by the arguments of the definition', async () => {
  writeFileSync(join(root, 'processing/input/data/iris.csv'), iris)
  const options = {
    strategy: 'stratified-kfold',
    k: 3,
    shuffle: true,
    seed: 1,
    header: true,
    label: 'species',
  } as const
  const { code, stdout, stderr } = await run(splitArguments(options))
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' })
  expect(stderr).toContain('150 records in 3 folds')
  expect([...readTree(output('validation')).keys()]).toEqual(['0/part-0.csv', '1/part-1.csv', '2/part-2.csv'])
  expect([...readTree(output('train')).keys()]).toHaveLength(6)
  expect(JSON.parse(readFileSync(output('report/folds.json'), 'utf8'))).toMatchObject({
    records: 150,
    strategy: 'stratified-kfold',
  })
  expect(existsSync(join(root, 'output/message'))).toBe(false)
})

test('layout manifest takes the S3 URI of the validation output from the job configuration', async () => {
  writeFileSync(join(root, 'processing/input/data/iris.csv'), iris)
  mkdirSync(join(root, 'config'))
  const s3 = (name: string) => ({
    OutputName: name,
    S3Output: { LocalPath: `/opt/ml/processing/output/${name}`, S3Uri: `s3://b/x/${name}`, S3UploadMode: 'EndOfJob' },
  })
  const config = {
    ProcessingJobName: 'j',
    ProcessingOutputConfig: { Outputs: ['train', 'validation'].map(s3), KmsKeyId: null },
  }
  writeFileSync(join(root, 'config/processingjobconfig.json'), JSON.stringify(config))
  const { code, stderr } = await run(splitArguments({ strategy: 'kfold', k: 2, header: true, layout: 'manifest' }))
  expect(code, stderr).toBe(0)
  expect(JSON.parse(readFileSync(output('train/1/manifest.json'), 'utf8'))).toEqual([
    { prefix: 's3://b/x/validation/' },
    '0/part-0.csv',
  ])
})

test('a failure ends with exit code 1 and its sentence in the message file, and the outputs stay empty', async () => {
  writeFileSync(join(root, 'processing/input/data/d.csv'), '1,2\n3\n')
  const { code, stderr } = await run(['--strategy', 'kfold', '--k', '2'])
  expect(code).toBe(1)
  const sentence =
    'd.csv:2 — the row has 1 field, the first row has 2 — every row needs the same number of fields — repair or remove the row'
  expect(stderr).toContain(sentence)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(readFileSync(join(root, 'output/message'), 'utf8')).toBe(sentence)
  expect(readTree(join(root, 'processing/output')).size).toBe(0)
})

test('a message longer than the platform keeps is cut between characters', async () => {
  const header = Array.from({ length: 50 }, (_, i) => `spalte-mit-ü-${'é'.repeat(20)}-${i}`).join(',')
  writeFileSync(join(root, 'processing/input/data/d.csv'), `${header}\n`)
  const { code } = await run(['--strategy', 'kfold', '--k', '2', '--header', '--label', 'x'])
  expect(code).toBe(1)
  const message = readFileSync(join(root, 'output/message'))
  expect(message.length).toBeGreaterThan(1020)
  expect(message.length).toBeLessThanOrEqual(1024)
  expect(message.toString('utf8')).not.toContain('\uFFFD')
})

test('a stopped job leaves nothing behind', async () => {
  writeFileSync(join(root, 'processing/input/data/d.csv'), '1,2,3,4,5,6\n'.repeat(5_000_000))
  const { code, stderr } = await runProgram(
    [program, '--strategy', 'kfold', '--k', '5', '--shuffle'],
    { SAGEMAKER_BASE_DIR: root },
    child => {
      child.stderr?.once('data', () => child.kill('SIGTERM'))
    },
  )
  expect(stderr).toContain('the split was interrupted — nothing was written')
  expect(code).toBe(1)
  expect(readTree(join(root, 'processing/output')).size).toBe(0)
})

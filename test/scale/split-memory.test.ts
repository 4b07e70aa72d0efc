import {
  closeSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foldReportSchema } from '../../schemas/fold-report.ts'
import { bundle } from '../support/bundle.ts'
import { runProgram } from '../support/run-program.ts'

const MEGABYTES = 200
const root = mkdtempSync(join(tmpdir(), 'foldwise-scale-'))
const data = join(root, 'data.csv')
/** Prints the most memory that the process ever held. */
const meter =
  "data:text/javascript,process.on('exit',()=>process.stderr.write('maxrss '+process.resourceUsage().maxRSS))"
let program = ''
let rows = 0

beforeAll(async () => {
  program = await bundle('processing/split/main.ts')
  const fd = openSync(data, 'w')
  const lines = Array.from({ length: 40_000 }, (_, i) => `${(i * 0.37) % 10},${i},"quoted ""${i}""",${i % 3}\n`)
  const block = Buffer.from(lines.join(''))
  for (let bytes = 0; bytes < MEGABYTES * 1e6; bytes += block.length) {
    writeSync(fd, block)
    rows += lines.length
  }
  closeSync(fd)
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
  rmSync(dirname(program), { recursive: true, force: true })
})

test(`${MEGABYTES} MB are split in less than 150 MB of memory`, { timeout: 120_000 }, async () => {
  const base = join(root, 'ml')
  mkdirSync(join(base, 'processing/input/data'), { recursive: true })
  linkSync(data, join(base, 'processing/input/data/data.csv'))
  const args = ['--strategy', 'stratified-kfold', '--k', '5', '--shuffle', '--seed', '1', '--label', '3']
  const { code, stderr } = await runProgram(['--import', meter, program, ...args], { SAGEMAKER_BASE_DIR: base })
  expect(code, stderr).toBe(0)
  const report = foldReportSchema.parse(
    JSON.parse(readFileSync(join(base, 'processing/output/report/folds.json'), 'utf8')),
  )
  expect(report.records).toBe(rows)
  expect(report.folds.reduce((sum, { validation }) => sum + validation.bytes, 0)).toBe(statSync(data).size)
  const kilobytes = Number(/maxrss (\d+)/.exec(stderr)?.[1])
  expect(kilobytes).toBeGreaterThan(20_000)
  expect(kilobytes).toBeLessThan(150_000)
})

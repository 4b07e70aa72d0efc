import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { svmContainer } from '../../schemas/containers.ts'
import { BASE_DIR_VARIABLE } from '../../schemas/opt-ml.ts'
import { bundle } from '../support/bundle.ts'
import { runProgram } from '../support/run-program.ts'
import { irisFolds } from './iris.ts'
import { readModel, trainingSandbox } from './sandbox.ts'

let program: string

beforeAll(async () => {
  program = await bundle('training/main.ts')
})

const run = (root: string, onStart?: Parameters<typeof runProgram>[2]) =>
  runProgram([program, 'train'], { [BASE_DIR_VARIABLE]: root }, onStart)

describe('the training program', () => {
  it('trains fold 0 of Iris and prints metrics that the regular expressions of the contract find', async () => {
    const fold = irisFolds(5)[0]
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'linear', C: '1', num_classes: '3' },
      channels: {
        train: { 'part-0.csv': fold?.train.join('\n') ?? '' },
        validation: { 'part-0.csv': fold?.validation.join('\n') ?? '' },
      },
    })
    const result = await run(root)
    expect(result).toMatchObject({ code: 0, stderr: '' })
    const found = Object.entries(svmContainer.metrics).map(([name, regex]) => [
      name,
      Number(new RegExp(regex).exec(result.stdout)?.[1]),
    ])
    expect(Object.fromEntries(found)).toEqual({ 'train:accuracy': 118 / 120, 'validation:accuracy': 1 })
    expect((await readModel(root)).classes).toEqual(['0', '1', '2'])
    expect(JSON.parse(await readFile(join(root, 'output/data/metrics.json'), 'utf8'))).toMatchObject({
      validation: { accuracy: 1 },
    })
  })

  it.each([
    [{ channels: { validation: { 'a.csv': '1,a\n' } } }, 'Channel "train": the folder'],
    [{ channels: { train: {} } }, 'has no files — point the channel at CSV data.'],
    [{ channels: { train: { 'a.csv': '1,a\n2,b\n' } }, hyperparameters: { kernel: 'cubic' } }, "Got 'cubic' instead."],
    [{ channels: { train: { 'a.csv': '1,2,a\n3,NaN,b\n' } } }, 'train/a.csv line 2, column 1: "NaN" is not a finite'],
    [{ channels: { train: { 'a.csv': '1,a\n2,a\n' } } }, 'has to be greater than one; got 1 class ("a")'],
  ])('leaves one sentence in the failure file, exits 1 and writes no model: %#', async (job, sentence) => {
    const root = await trainingSandbox(job)
    const result = await run(root)
    const failure = await readFile(join(root, 'output/failure'), 'utf8')
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: `${failure}\n` })
    expect(failure).toContain(sentence)
    expect(failure).not.toContain('\n')
    expect(existsSync(join(root, 'model/model.json'))).toBe(false)
  })

  it('stops within a second of SIGTERM although libsvm is busy, with exit code 143', async () => {
    const rows = Array.from({ length: 6000 }, (_, i) => `${Math.sin(i * 12.9898)},${Math.cos(i * 78.233)},${i % 2}`)
    const root = await trainingSandbox({
      hyperparameters: { C: '1000' },
      channels: { train: { 'a.csv': rows.join('\n') } },
    })
    let stoppedAt = 0
    const result = await run(root, child =>
      setTimeout(() => {
        stoppedAt = performance.now()
        child.kill('SIGTERM')
      }, 1500),
    )
    expect(result.code).toBe(143)
    expect(performance.now() - stoppedAt).toBeLessThan(1000)
    expect(existsSync(join(root, 'model/model.json'))).toBe(false)
  })

  it('writes the failure file also when the configuration is not JSON', async () => {
    const root = await trainingSandbox({ channels: { train: { 'a.csv': '1,a\n2,b\n' } } })
    const { writeFile } = await import('node:fs/promises')
    await writeFile(join(root, 'input/config/hyperparameters.json'), '{"C": 1}')
    expect((await run(root)).code).toBe(1)
    expect(await readFile(join(root, 'output/failure'), 'utf8')).toContain('input/config/hyperparameters.json')
  })
})

import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { aggregateArguments, foldValues } from '../../schemas/aggregate-options.ts'
import { svmContainer } from '../../schemas/containers.ts'
import { evaluationSchema } from '../../schemas/evaluation.ts'
import { BASE_DIR_VARIABLE } from '../../schemas/opt-ml.ts'
import { splitArguments } from '../../schemas/split-options.ts'
import { processingSandbox, tarGz } from '../processing/report/sandbox.ts'
import { bundle } from '../support/bundle.ts'
import { runProgram } from '../support/run-program.ts'
import { irisHeader, irisRecords } from './iris.ts'
import { trainingSandbox } from './sandbox.ts'

const k = 5
const header = { header: 'true', label: 'species' }

describe('the three programs, one after the other', () => {
  it("gives scikit-learn's 0.98 for Iris from float32 metrics, and pools all 150 predictions", async () => {
    const [split, train, aggregate] = await Promise.all([
      bundle('processing/split/main.ts'),
      bundle('training/main.ts'),
      bundle('processing/report/main.ts'),
    ])
    const splitRoot = await processingSandbox(undefined, {
      'processing/input/data/iris.csv': `${[irisHeader, ...irisRecords].join('\n')}\n`,
    })
    const splitting = splitArguments({ strategy: 'kfold', k, shuffle: true, seed: 23, header: true, label: 'species' })
    expect(await runProgram([split, ...splitting], { [BASE_DIR_VARIABLE]: splitRoot })).toMatchObject({ code: 0 })

    const models: Record<string, Uint8Array> = {}
    const reported: number[] = []
    for (let fold = 0; fold < k; fold++) {
      const root = await trainingSandbox({
        hyperparameters: { ...header, C: '1', kernel: 'linear' },
        channels: { train: {}, validation: {} },
      })
      for (const part of ['train', 'validation']) {
        const from = join(splitRoot, 'processing/output', part, String(fold))
        await cp(from, join(root, 'input/data', part), { recursive: true })
      }
      const { code, stdout } = await runProgram([train, 'train'], { [BASE_DIR_VARIABLE]: root })
      expect(code).toBe(0)
      const value = new RegExp(svmContainer.metrics['validation:accuracy']).exec(stdout)?.[1]
      reported.push(Math.fround(Number(value)))
      models[`processing/input/models/fold-${fold}/job-${fold}/output/output.tar.gz`] = await tarGz({
        'metrics.json': await readFile(join(root, 'output/data/metrics.json')),
        'predictions.csv': await readFile(join(root, 'output/data/predictions.csv')),
      })
    }

    const root = await processingSandbox(undefined, models)
    await mkdir(join(root, 'processing/input/report'), { recursive: true })
    const report = await readFile(join(splitRoot, 'processing/output/report/folds.json'))
    await writeFile(join(root, 'processing/input/report/folds.json'), report)
    const jobs = Array.from({ length: k }, (_, fold) => `job-${fold}`)
    const result = await runProgram(
      [
        aggregate,
        ...aggregateArguments({
          k,
          objective: 'validation:accuracy',
          direction: 'maximize',
          source: 'metric',
          predictions: svmContainer.predictionsFile,
        }),
      ],
      {
        [BASE_DIR_VARIABLE]: root,
        [foldValues.metric.variable(0)]: reported.join(','),
        [foldValues.file.variable(0)]: jobs.slice(0, 4).join(','),
        [foldValues.file.variable(1)]: jobs.slice(4).join(','),
      },
    )
    expect(result).toMatchObject({ code: 0, stderr: '' })
    const folder = join(root, 'processing/output/evaluation')
    const evaluation = evaluationSchema.parse(JSON.parse(await readFile(join(folder, 'evaluation.json'), 'utf8')))
    expect(evaluation.objective.mean).toBe(0.98)
    expect(evaluation.objective.std).toBeCloseTo(0.01633, 5)
    expect(evaluation.objective.folds.map(fold => Math.round(fold.value * 30))).toEqual([30, 30, 29, 29, 29])
    expect(evaluation.pooled).toMatchObject({ kind: 'classification', records: 150, accuracy: 147 / 150 })
    expect((await readFile(join(folder, 'predictions.csv'), 'utf8')).trimEnd().split('\n')).toHaveLength(151)
  }, 60_000)
})

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { aggregateArguments } from '../../../schemas/aggregate-options.ts'
import type { AggregateOptions } from '../../../schemas/aggregate-options.ts'
import { evaluationSchema } from '../../../schemas/evaluation.ts'
import { BASE_DIR_VARIABLE } from '../../../schemas/opt-ml.ts'
import { bundle } from '../../support/bundle.ts'
import { runProgram } from '../../support/run-program.ts'
import { foldReport } from './fold-report.ts'
import { processingSandbox, tarGz } from './sandbox.ts'

let program: string

beforeAll(async () => {
  program = await bundle('processing/report/main.ts')
})

const metric: AggregateOptions = { k: 5, objective: 'validation:accuracy', direction: 'maximize', source: 'metric' }
const file: AggregateOptions = { ...metric, source: 'file', file: 'metrics.json', path: 'validation.accuracy' }
const float32 = [30, 30, 29, 29, 29].map(correct => String(Math.fround(correct / 30))).join(',')
const jobs = (k: number) => Array.from({ length: k }, (_, index) => `pipelines-abc-TrainFold-${index}-xyz`)

const run = (root: string, options: AggregateOptions, environment: Record<string, string> = {}) =>
  runProgram([program, ...aggregateArguments(options)], { [BASE_DIR_VARIABLE]: root, ...environment })

const evaluationOf = async (root: string) =>
  evaluationSchema.parse(JSON.parse(await readFile(join(root, 'processing/output/evaluation/evaluation.json'), 'utf8')))

const outputs = async (texts: readonly string[], archive = 'output.tar.gz') =>
  Object.fromEntries(
    await Promise.all(
      texts.map(async (text, index) => [
        `processing/input/models/fold-${index}/${jobs(texts.length)[index]}/output/${archive}`,
        await tarGz({ './metrics.json': text }),
      ]),
    ),
  ) as Record<string, Uint8Array>

const jobChunks = (k: number) =>
  Object.fromEntries(
    Array.from({ length: Math.ceil(k / 4) }, (_, chunk) => [
      `FOLD_TRAINING_JOBS_${chunk}`,
      jobs(k)
        .slice(4 * chunk, 4 * chunk + 4)
        .join(','),
    ]),
  )

describe('the aggregation program, source metric', () => {
  it('writes evaluation.json in the form of the registry, float32 repaired, and prints one line', async () => {
    const root = await processingSandbox(foldReport())
    const result = await run(root, metric, { FOLD_OBJECTIVES_0: float32 })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toBe('validation:accuracy: mean 0.98, standard deviation 0.01632993161855452 over 5 folds\n')
    const evaluation = await evaluationOf(root)
    expect(evaluation.multiclass_classification_metrics).toEqual({
      accuracy: { value: 0.98, standard_deviation: 0.01632993161855452 },
    })
    expect(evaluation.objective).toMatchObject({ value: 0.98, mean: 0.98, min: 29 / 30, max: 1, source: 'metric' })
    expect(evaluation.objective.folds[2]).toEqual({
      index: 2,
      value: 29 / 30,
      reported: Math.fround(29 / 30),
      records: 30,
    })
    expect(existsSync(join(root, 'processing/output/evaluation/report.html'))).toBe(true)
  })

  it('reads 23 folds from three variables in fold order', async () => {
    const values = Array.from({ length: 23 }, (_, index) => index)
    const root = await processingSandbox(foldReport(values.map(() => 1)))
    const chunks = [0, 1, 2].map(chunk => [
      `FOLD_OBJECTIVES_${chunk}`,
      values.slice(10 * chunk, 10 * chunk + 10).join(','),
    ])
    const result = await run(root, { ...metric, k: 23, objective: 'x' }, Object.fromEntries(chunks))
    expect(result.code).toBe(0)
    expect((await evaluationOf(root)).objective.folds.map(fold => fold.value)).toEqual(values)
  })

  it.each([
    [{}, 'Environment variable FOLD_OBJECTIVES_0 is missing'],
    [{ FOLD_OBJECTIVES_0: '1,1,1,1' }, 'hold 4 values, but k is 5'],
    [{ FOLD_OBJECTIVES_0: '1,1,,NaN,1' }, 'Fold 2: the training gave no value for "validation:accuracy"'],
    [{ FOLD_OBJECTIVES_0: '1,1,,NaN,1' }, 'Fold 3: the training gave "NaN" for "validation:accuracy"'],
  ])('refuses %j, exits 1, leaves the sentence as message and writes nothing', async (environment, sentence) => {
    const root = await processingSandbox(foldReport())
    const result = await run(root, metric, environment)
    const message = await readFile(join(root, 'output/message'), 'utf8')
    expect(result).toMatchObject({ code: 1, stdout: '', stderr: `${message}\n` })
    expect(message).toContain(sentence)
    expect(existsSync(join(root, 'processing/output/evaluation'))).toBe(false)
  })

  it('refuses a fold report that is missing, of another k, or something else', async () => {
    const bad: [Awaited<ReturnType<typeof processingSandbox>>, string][] = [
      [await processingSandbox(undefined), 'folds.json: the fold report is missing'],
      [await processingSandbox(foldReport([10, 10])), 'The fold report has 2 folds, but --k is 5'],
      [await processingSandbox(undefined, { 'processing/input/report/folds.json': '{}' }), 'is not a fold report'],
    ]
    for (const [root, sentence] of bad) {
      const result = await run(root, metric, { FOLD_OBJECTIVES_0: float32 })
      expect(result.code).toBe(1)
      expect(result.stderr).toContain(sentence)
    }
  })

  it('names the argument that does not fit', async () => {
    const root = await processingSandbox(foldReport())
    const result = await runProgram([program, '--k', 'five', '--objective', 'a', '--source', 'metric'], {
      [BASE_DIR_VARIABLE]: root,
    })
    expect(result.code).toBe(1)
    expect(result.stderr).toMatch(/^Argument --(k|direction): /)
    const unknown = await runProgram([program, '--kk', '5'], { [BASE_DIR_VARIABLE]: root })
    expect(unknown.stderr).toContain("Unknown option '--kk'")
  })
})

describe('the aggregation program, champion and predictions', () => {
  it('compares with the champion of the input folder and writes the joined predictions', async () => {
    const texts = [0, 1].map(fold => `key,label,prediction\nr${fold},a,${fold === 0 ? 'a' : 'b'}\n`)
    const archives = await Promise.all(
      texts.map(async (text, index) => [
        `processing/input/models/fold-${index}/${jobs(2)[index]}/output/output.tar.gz`,
        await tarGz({ 'predictions.csv': text }),
      ]),
    )
    const files = Object.fromEntries(archives) as Record<string, Uint8Array>
    const two: AggregateOptions = { ...metric, k: 2, predictions: 'predictions.csv' }
    const first = await processingSandbox(foldReport([1, 1]), files)
    expect(await run(first, two, { FOLD_OBJECTIVES_0: '1,0', ...jobChunks(2) })).toMatchObject({ code: 0, stderr: '' })
    const folder = join(first, 'processing/output/evaluation')
    expect(await readFile(join(folder, 'predictions.csv'), 'utf8')).toBe(
      'fold,key,label,prediction\n0,r0,a,a\n1,r1,a,b\n',
    )
    const champion = await readFile(join(folder, 'evaluation.json'), 'utf8')

    const second = await processingSandbox(foldReport([1, 1]), {
      ...files,
      'processing/input/champion/evaluation.json': champion,
    })
    expect((await run(second, { ...metric, k: 2 }, { FOLD_OBJECTIVES_0: '1,1' })).code).toBe(0)
    expect((await evaluationOf(second)).champion).toMatchObject({ comparable: true, wins: 1, ties: 1 })
    expect(await readFile(join(second, 'processing/output/evaluation/report.html'), 'utf8')).toContain(
      'Compared with the champion',
    )
  })

  it('refuses a champion that is no evaluation', async () => {
    const root = await processingSandbox(foldReport(), { 'processing/input/champion/evaluation.json': '[1]' })
    const result = await run(root, metric, { FOLD_OBJECTIVES_0: float32 })
    expect(result.code).toBe(1)
    expect(result.stderr).toContain(
      'input/champion/evaluation.json: it is not an evaluation of this version of Foldwise',
    )
  })
})

describe('the aggregation program, source file', () => {
  const metricsText = (value: unknown) => JSON.stringify({ train: { accuracy: 1 }, validation: { accuracy: value } })

  it.each(['output.tar.gz', 'model.tar.gz'])(
    'reads the numbers from %s of every fold, in full precision',
    async archive => {
      const values = [1, 1, 29 / 30, 29 / 30, 29 / 30]
      const root = await processingSandbox(foldReport(), await outputs(values.map(metricsText), archive))
      const result = await run(root, file, jobChunks(5))
      expect(result).toMatchObject({ code: 0, stderr: '' })
      const { objective } = await evaluationOf(root)
      expect(objective.mean).toBe(0.98)
      expect(objective.folds.map(fold => fold.value)).toEqual(values)
      expect(objective.folds.every(fold => fold.reported === undefined)).toBe(true)
    },
  )

  it.each(['data/', 'model/', ''])('reads uncompressed output in output/%s', async folder => {
    const paths = jobs(2).map(
      (job, index) => `processing/input/models/fold-${index}/${job}/output/${folder}metrics.json`,
    )
    const root = await processingSandbox(
      foldReport([3, 3]),
      Object.fromEntries(paths.map((path, index) => [path, metricsText(index)])),
    )
    expect((await run(root, { ...file, k: 2 }, jobChunks(2))).code).toBe(0)
    expect((await evaluationOf(root)).objective.mean).toBe(0.5)
  })

  it('names every fold without a number, with its job and what the file has', async () => {
    const texts = [
      metricsText(1),
      '{"train": {"accuracy": 0.5}}',
      metricsText(1),
      '{"validation": {"accuracy": NaN}}',
      metricsText(1),
    ]
    const root = await processingSandbox(foldReport(), await outputs(texts))
    const result = await run(root, file, jobChunks(5))
    expect(result.code).toBe(1)
    expect(result.stderr).toBe(
      `Fold 1 (job ${jobs(5)[1]}): metrics.json has no number at "validation.accuracy"; it has train.accuracy. Fold 3 (job ${jobs(5)[3]}): metrics.json has NaN at "validation.accuracy", which is not a finite number.\n`,
    )
  })

  it('says where it looked when a fold has no file, and that an archive is truncated', async () => {
    const archives = await outputs([metricsText(1), metricsText(1), metricsText(1), metricsText(1), metricsText(1)])
    const paths = Object.keys(archives)
    const good = archives[paths[2] ?? ''] ?? new Uint8Array()
    const root = await processingSandbox(foldReport(), {
      ...archives,
      [paths[0] ?? '']: await tarGz({ 'other.json': '{}' }),
      [paths[2] ?? '']: good.subarray(0, good.length / 2),
    })
    const { code, stderr } = await run(root, file, jobChunks(5))
    expect(code).toBe(1)
    expect(stderr).toContain(`Fold 0 (job ${jobs(5)[0]}): the training wrote no "metrics.json" (not in output.tar.gz)`)
    expect(stderr).toMatch(/fold-2\/.*output\.tar\.gz: it cannot be read as a gzipped tar archive/)
  })

  it('refuses job names and file names that leave the folder', async () => {
    const root = await processingSandbox(foldReport([1, 1]))
    const names = await run(root, { ...file, k: 2 }, { FOLD_TRAINING_JOBS_0: '../../x,y' })
    expect(names.stderr).toContain('Fold 0: "../../x" is not the name of a training job.')
    const path = await run(root, { ...file, k: 2, file: '../../metrics.json' }, jobChunks(2))
    expect(path.stderr).toContain("give a path inside the training's output")
  })

  it('finds a small file behind 300 MB of model in bounded memory', async () => {
    const { createGzip } = await import('node:zlib')
    const { createWriteStream } = await import('node:fs')
    const { mkdir } = await import('node:fs/promises')
    const { pipeline } = await import('node:stream/promises')
    const { createTarPacker } = await import('modern-tar')
    const root = await processingSandbox(foldReport([1, 1]), await outputs([metricsText(1), metricsText(0)]))
    const folder = join(root, `processing/input/models/fold-0/${jobs(2)[0]}/output`)
    await mkdir(folder, { recursive: true })
    const { readable, controller } = createTarPacker()
    const megabyte = new Uint8Array(1 << 20)
    const writing = (async () => {
      const big = controller.add({ name: 'model.bin', size: 300 << 20, type: 'file' }).getWriter()
      for (let written = 0; written < 300; written++) await big.write(megabyte)
      await big.close()
      const text = new TextEncoder().encode(metricsText(0.5))
      const small = controller.add({ name: 'metrics.json', size: text.length, type: 'file' }).getWriter()
      await small.write(text)
      await small.close()
      controller.finalize()
    })()
    await Promise.all([
      writing,
      pipeline(
        readable as unknown as NodeJS.ReadableStream,
        createGzip({ level: 1 }),
        createWriteStream(join(folder, 'output.tar.gz')),
      ),
    ])
    const result = await runProgram(['--max-old-space-size=96', program, ...aggregateArguments({ ...file, k: 2 })], {
      [BASE_DIR_VARIABLE]: root,
      ...jobChunks(2),
      NODE_OPTIONS: '',
    })
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect((await evaluationOf(root)).objective.mean).toBe(0.25)
  })
})

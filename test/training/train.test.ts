import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import SVM from 'libsvm-js/asm.js'
import { describe, expect, it } from 'vitest'
import { optMl } from '../../schemas/opt-ml.ts'
import { createPredictor } from '../../training/predictor.ts'
import { parseHyperparameters } from '../../training/hyperparameters.ts'
import { fit, train } from '../../training/train.ts'
import { readModel, trainingSandbox } from './sandbox.ts'

const silent = { out: () => {}, err: () => {} }
const small = '1,1,a\n1,2,a\n2,1,a\n8,8,b\n8,9,b\n9,8,b\n'

describe('train', () => {
  it('reads every file of a channel in name order and keeps string classes', async () => {
    const root = await trainingSandbox({
      hyperparameters: { kernel: '"linear"', C: '1' },
      channels: { train: { 'b.csv': '8,8,b\r\n8,9,"b"\r\n', 'a/x.csv': '1,1,a\n1,2,a\n', _SUCCESS: '' } },
    })
    const result = await train(root, silent)
    expect(result).toEqual({ train: { accuracy: 1, correct: 4, records: 4 } })
    const model = await readModel(root)
    expect(model.classes).toEqual(['a', 'b'])
    expect(model.features).toEqual(['0', '1'])
    expect(model.hyperparameters.kernel).toBe('linear')
  })

  it('takes the default hyperparameters when SageMaker leaves the file out', async () => {
    const root = await trainingSandbox({ channels: { train: { 'a.csv': small } } })
    await rm(join(root, optMl.hyperparameters))
    await train(root, silent)
    expect((await readModel(root)).hyperparameters).toMatchObject({ C: 1, kernel: 'rbf', gamma: 'scale' })
  })

  it('finds the label in front, by name or index, with a header in every file', async () => {
    const files = { 'a.csv': 'kind,x,y\na,1,1\na,1,2\n', 'b.csv': 'kind,x,y\nb,8,8\nb,9,8\n' }
    for (const label of ['kind', '0']) {
      const root = await trainingSandbox({
        hyperparameters: { label, header: 'true', kernel: 'linear' },
        channels: { train: files },
      })
      expect((await train(root, silent)).train.accuracy).toBe(1)
      expect((await readModel(root)).features).toEqual(['x', 'y'])
    }
  })

  it('counts a class that training never saw as wrong, and says so', async () => {
    const lines: string[] = []
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'linear' },
      channels: { train: { 'a.csv': small }, validation: { 'a.csv': '1,1,a\n5,5,c\n' } },
    })
    const result = await train(root, { out: () => {}, err: line => lines.push(line) })
    expect(result.validation).toEqual({ accuracy: 0.5, correct: 1, records: 2 })
    expect(lines).toEqual(['Channel "validation": training has no record of "c", so those records count as wrong.'])
  })

  it('leaves the key column out of the features', async () => {
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'linear', header: 'true', key: 'id' },
      channels: { train: { 'a.csv': 'id,x,kind\nr1,1,a\nr2,9,b\n' } },
    })
    await train(root, silent)
    expect((await readModel(root)).features).toEqual(['x'])
  })

  it('treats numeric labels as numbers: 1 and 1.0 are one class, 10 comes after 9', async () => {
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'linear' },
      channels: { train: { 'a.csv': '1,10\n5,9\n9,1.0\n9.5,1\n' } },
    })
    await train(root, silent)
    expect((await readModel(root)).classes).toEqual(['1.0', '9', '10'])
  })

  it('fits constant kernels for gamma = 0, as scikit-learn does, instead of the default of libsvm', async () => {
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'rbf', gamma: '0' },
      channels: { train: { 'a.csv': small } },
    })
    const result = await train(root, silent)
    expect(result.train.accuracy).toBe(0.5)
    expect((await readModel(root)).supportVectors).toEqual([3, 3])
  })

  it.each([
    [{ channels: { train: {} } }, /Channel "train": the folder .* has no files/],
    [{ channels: { validation: { 'a.csv': small } } }, /Channel "train": the folder .* is missing/],
    [{ channels: { train: { 'a.csv': '' } } }, /Channel "train": its files are empty/],
    [{ channels: { train: { 'a.csv': 'x,y\n' } }, hyperparameters: { header: 'true' } }, /header but no records/],
    [
      { channels: { train: { 'a.csv': small } }, hyperparameters: { label: 'species' } },
      /there is no label column "species"; the columns are 0, 1, 2/,
    ],
    [
      { channels: { train: { 'a.csv': 'x,kind\n1,a\n2,b\n' } }, hyperparameters: { header: 'true', label: 'kin' } },
      /Did you mean "kind"\?/,
    ],
    [
      { channels: { train: { 'a.csv': small, 'b.csv': '1,2,a\n3,NaN,b\n' } } },
      /train\/b\.csv line 2, column 1: "NaN" is not a finite number/,
    ],
    [
      { channels: { train: { 'a.csv': 'x,y,kind\n1,2,a\n' } } },
      /line 1, column 0: "x" is not a finite number — set the hyperparameter header to true/,
    ],
    [{ channels: { train: { 'a.csv': '1,2,a\n1,a\n' } } }, /line 2: 2 cells, but the first record has 3/],
    [{ channels: { train: { 'a.csv': '1,2,\n' } } }, /line 1: the label column "2" is empty/],
    [{ channels: { train: { 'a.csv': '1\n2\n' } } }, /no feature column beside the label/],
    [{ channels: { train: { 'a.csv': '1,a\n2,a\n' } } }, /number of classes has to be greater than one; got 1 class/],
    [{ channels: { train: { 'a.csv': 'PNG\0\0' } } }, /NUL bytes/],
    [{ channels: { train: { 'a.csv': '1,"a\n2,b\n' } } }, /line 1: a quoted cell is never closed/],
    [
      { channels: { train: { 'a.csv': small }, validation: { 'a.csv': '1,2,3,a\n' } } },
      /its features are 0, 1, 2, but training has 0, 1/,
    ],
    [
      {
        channels: { train: { 'a.csv': 'x,k\n1,a\n', 'b.csv': 'z,k\n2,b\n' } },
        hyperparameters: { header: 'true' },
      },
      /train\/b\.csv: its header is "z,k", but the first file of the channel has "x,k"/,
    ],
  ])('refuses bad input %# with one sentence and writes nothing', async (job, sentence) => {
    const root = await trainingSandbox(job)
    await expect(train(root, silent)).rejects.toThrow(sentence)
    expect(existsSync(join(root, 'model'))).toBe(false)
    expect(existsSync(join(root, 'output'))).toBe(false)
  })

  it('writes metrics.json in the shape that the aggregation reads', async () => {
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'linear' },
      channels: { train: { 'a.csv': small }, validation: { 'a.csv': '1,1,a\n2,2,b\n' } },
    })
    const lines: string[] = []
    await train(root, { out: line => lines.push(line), err: () => {} })
    expect(JSON.parse(await readFile(join(root, 'output/data/metrics.json'), 'utf8'))).toEqual({
      train: { accuracy: 1, correct: 6, records: 6 },
      validation: { accuracy: 0.5, correct: 1, records: 2 },
    })
    expect(lines).toEqual(['train:accuracy=1', 'validation:accuracy=0.5'])
  })
})

describe('a saved model', () => {
  const coordinate = fc.double({ min: -5, max: 5, noNaN: true, noDefaultInfinity: true })
  const row = fc.tuple(coordinate, coordinate, coordinate)

  it('predicts what the fitted model in memory predicts, whatever the data', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(row, fc.integer({ min: 0, max: 2 })), { minLength: 4, maxLength: 25 }),
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.constantFrom('linear', 'poly', 'rbf', 'sigmoid'),
        (records, questions, kernel) => {
          fc.pre(new Set(records.map(([, label]) => label)).size > 1)
          const data = {
            features: ['a', 'b', 'c'],
            rows: records.map(([values]) => values),
            labels: records.map(([, label]) => String(label)),
            keys: [],
          }
          const { model, classes } = fit(data, parseHyperparameters({ kernel, gamma: '0.37', coef0: '0.123456789' }))
          const ordered = records.toSorted((a, b) => a[1] - b[1])
          const inMemory = new SVM({
            type: '0',
            kernel: String(['linear', 'poly', 'rbf', 'sigmoid'].indexOf(kernel)),
            gamma: 0.37,
            coef0: 0.123456789,
            quiet: true,
          })
          inMemory.train(
            ordered.map(([values]) => values),
            ordered.map(([, label]) => classes.indexOf(String(label))),
          )
          const predictor = createPredictor(model)
          const points = [...questions, ...data.rows]
          expect(predictor.predict(points)).toEqual(points.map(point => classes.names[inMemory.predictOne(point)]))
          predictor.free()
          inMemory.free()
        },
      ),
      { numRuns: 150 },
    )
  })

  it('predicts CSV with and without a header, and names the line it cannot read', async () => {
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'linear', header: 'true' },
      channels: { train: { 'a.csv': `x,y,kind\n${small}` } },
    })
    await train(root, silent)
    const predictor = createPredictor(await readModel(root))
    expect(predictor.predictCsv('x,y\n1,1\n9,9\n')).toEqual(['a', 'b'])
    expect(predictor.predictCsv('9,9')).toEqual(['b'])
    expect(() => predictor.predictCsv('1,1\n9\n')).toThrow(/request line 2: 1 cells, but the model has 2 features/)
    expect(() => predictor.predictCsv('1,one')).toThrow(/request line 1, feature "y": "one" is not a finite number/)
    predictor.free()
  })
})

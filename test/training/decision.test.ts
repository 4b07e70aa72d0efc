import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { decisionFunction } from '../../training/decision.ts'
import { parseHyperparameters } from '../../training/hyperparameters.ts'
import { createPredictor } from '../../training/predictor.ts'
import { fit, train } from '../../training/train.ts'
import { irisRecords } from './iris.ts'
import { trainingSandbox } from './sandbox.ts'

const cells = irisRecords.map(record => record.split(','))
const data = {
  features: ['a', 'b', 'c', 'd'],
  rows: cells.map(row => row.slice(0, 4).map(Number)),
  labels: cells.map(row => row[4] ?? ''),
  keys: [],
}
const asked = [0, 70, 77, 106, 133]

// scikit-learn 1.2.1: SVC(…).fit(X, y).decision_function(X[asked])
const multiclass: [Record<string, string>, number[][]][] = [
  [
    { kernel: 'linear' },
    [
      [2.246277, 1.298015, -0.30616],
      [-0.264959, 2.246823, 1.16848],
      [-0.270328, 2.25443, 1.171987],
      [-0.263505, 1.234039, 2.195398],
      [-0.271742, 1.251693, 2.190212],
    ],
  ],
  [
    { kernel: 'rbf', gamma: '0.5' },
    [
      [2.23484, -0.18625, 0.824046],
      [-0.221434, 1.161034, 2.170275],
      [-0.222874, 1.167564, 2.167237],
      [-0.212763, 1.125163, 2.179255],
      [-0.225458, 1.157132, 2.181695],
    ],
  ],
  [
    { kernel: 'poly', gamma: '0.25', coef0: '1', degree: '2' },
    [
      [2.244832, 1.307335, -0.311949],
      [-0.278691, 1.254135, 2.21805],
      [-0.286598, 2.273064, 1.205207],
      [-0.266753, 1.22248, 2.222203],
      [-0.285412, 1.268641, 2.214425],
    ],
  ],
]

describe('decisionFunction', () => {
  it.each(multiclass)("gives scikit-learn's numbers for three classes: %j", (hyperparameters, expected) => {
    const { model } = fit(data, parseHyperparameters(hyperparameters))
    const decide = decisionFunction(model)
    asked.forEach((row, index) => {
      decide(data.rows[row] ?? []).forEach((score, of) =>
        expect(score).toBeCloseTo(expected[index]?.[of] ?? Number.NaN, 5),
      )
    })
  })

  it("gives scikit-learn's distance for two classes, and its negative for the first", () => {
    const two = { ...data, rows: data.rows.slice(50), labels: data.labels.slice(50) }
    const { model } = fit(two, parseHyperparameters({ kernel: 'linear' }))
    const decide = decisionFunction(model)
    // scikit-learn: decision_function(X[[50, 70, 107, 134]]) of the fit on classes 1 and 2
    const expected = [-1.711415, -0.050746, 2.454226, 1.236773]
    for (const [index, row] of [50, 70, 107, 134].entries()) {
      const [first = 0, second = 0] = decide(data.rows[row] ?? [])
      expect(second).toBeCloseTo(expected[index] ?? Number.NaN, 5)
      expect(first).toBe(-second)
    }
  })

  it('agrees with libsvm about the class of every record', () => {
    for (const kernel of ['linear', 'poly', 'rbf', 'sigmoid']) {
      const { model } = fit(data, parseHyperparameters({ kernel, gamma: '0.1' }))
      const predictor = createPredictor(model)
      const predicted = predictor.predict(data.rows)
      const best = data.rows.map(row => {
        const scores = predictor.scores(row)
        return model.classes[scores.indexOf(Math.max(...scores))]
      })
      // A tie in votes is broken by the confidence here and by the order of the classes in libsvm.
      expect(best.filter((name, index) => name !== predicted[index]).length).toBeLessThanOrEqual(1)
      predictor.free()
    }
  })
})

describe('predictions.csv', () => {
  it('has key, label, prediction and a score per class for every validation record', async () => {
    const root = await trainingSandbox({
      hyperparameters: { kernel: 'linear', header: 'true', key: 'id', label: 'kind' },
      channels: {
        train: { 'a.csv': 'id,x,kind\n1,1,"a,b"\n2,2,"a,b"\n3,8,c\n4,9,c\n' },
        validation: { 'a.csv': 'id,x,kind\nr9,1,"a,b"\nr10,9,d\n' },
      },
    })
    await train(root, { out: () => {}, err: () => {} })
    const lines = (await readFile(join(root, 'output/data/predictions.csv'), 'utf8')).split('\n')
    expect(lines[0]).toBe('key,label,prediction,"score:a,b",score:c')
    expect(lines[1]).toMatch(/^r9,"a,b","a,b",1\.\d+,-1\.\d+$/)
    expect(lines[2]).toMatch(/^r10,d,c,-/)
    expect(lines).toHaveLength(4)
  })
})

import { describe, expect, it } from 'vitest'
import { train } from '../../training/train.ts'
import { irisFolds, irisFullFit, irisGrid, irisHeader, irisRecords } from './iris.ts'
import { readModel, trainingSandbox } from './sandbox.ts'

const silent = { out: () => {}, err: () => {} }

describe("the C-SVC trainer gives scikit-learn's numbers", () => {
  it('has 30 configurations to compare with', () => {
    expect(irisGrid).toHaveLength(30)
  })

  it.each(irisGrid)('k = $k, $kernel, C = $C, gamma = $gamma: correct $correct', async configuration => {
    const { k, kernel, C, gamma, correct } = configuration
    const found: (number | undefined)[] = []
    for (const fold of irisFolds(k)) {
      const root = await trainingSandbox({
        hyperparameters: { kernel, C, gamma, fold_name: 'fold' },
        channels: {
          train: { 'part-0.csv': `${fold.train.join('\n')}\n` },
          validation: { 'part-0.csv': fold.validation.join('\n') },
        },
      })
      found.push((await train(root, silent)).validation?.correct)
    }
    expect(found).toEqual(correct)
  })

  const parameters = {
    'linear_C0.5': { kernel: 'linear', C: '0.5' },
    linear_C1: { kernel: 'linear', C: '1' },
    rbf_C1_scale: { kernel: 'rbf', C: '1', gamma: 'scale' },
    'rbf_C1_g0.001': { kernel: 'rbf', C: '1', gamma: '0.001' },
    poly_C1_auto: { kernel: 'poly', C: '1', gamma: 'auto' },
  }

  it.each(Object.entries(parameters))('fits all of Iris as scikit-learn does: %s', async (name, hyperparameters) => {
    const expected = irisFullFit[name]
    const text = [irisHeader, ...irisRecords].join('\n')
    const root = await trainingSandbox({
      hyperparameters: { ...hyperparameters, header: 'true', label: 'species' },
      channels: { train: { 'iris.csv': text } },
    })
    const result = await train(root, silent)
    const model = await readModel(root)
    expect(result.train.correct).toBe(expected?.n_correct)
    expect(model.supportVectors).toEqual(expected?.n_support)
    const rho = /^rho (.*)$/m.exec(model.libsvm)?.[1]?.split(' ').map(Number) ?? []
    // Both stop within tol = 0.001 of the optimum, by the same steps.
    expected?.intercept.forEach((intercept, index) => expect(-(rho[index] ?? 0)).toBeCloseTo(intercept, 5))
  })
})

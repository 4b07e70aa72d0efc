import { describe, expect, it } from 'vitest'
import { parseHyperparameters } from '../../training/hyperparameters.ts'

describe('parseHyperparameters', () => {
  it('reads text, JSON-encoded text and numbers in any notation', () => {
    expect(
      parseHyperparameters({ C: '"0.5"', kernel: '"poly"', gamma: '1e-3', degree: '2', coef0: '-.5', header: 'True' }),
    ).toEqual({ C: 0.5, kernel: 'poly', gamma: 0.001, degree: 2, coef0: -0.5, tol: 0.001, header: true })
  })

  it('ignores what the fold report, the tuner and script mode add', () => {
    const added = { num_classes: '3', fold_name: 'fold-0', sagemaker_region: 'x', _tuning_objective_metric: 'y' }
    expect(parseHyperparameters(added)).toEqual(parseHyperparameters({}))
  })

  it.each([
    [{ C: '0' }, "The 'C' parameter of SVC must be a float in the range (0.0, inf). Got 0 instead."],
    [{ C: '-1' }, "The 'C' parameter of SVC must be a float in the range (0.0, inf). Got -1 instead."],
    [{ C: 'one' }, "The 'C' parameter of SVC must be a float in the range (0.0, inf). Got 'one' instead."],
    [{ C: '' }, "The 'C' parameter of SVC must be a float in the range (0.0, inf). Got '' instead."],
    [{ C: '0x10' }, "The 'C' parameter of SVC must be a float in the range (0.0, inf). Got '0x10' instead."],
    [{ C: 'inf' }, "The 'C' parameter of SVC must be a float in the range (0.0, inf). Got 'inf' instead."],
    [
      { gamma: '-1.0' },
      "The 'gamma' parameter of SVC must be a str among {'auto', 'scale'} or a float in the range [0.0, inf). Got -1.0 instead.",
    ],
    [{ degree: '2.5' }, "The 'degree' parameter of SVC must be an int in the range [0, inf). Got 2.5 instead."],
    [{ tol: '0' }, "The 'tol' parameter of SVC must be a float in the range (0.0, inf). Got 0 instead."],
    [
      { kernel: 'rfb' },
      "The 'kernel' parameter must be a str among {'linear', 'poly', 'rbf', 'sigmoid'}. Got 'rfb' instead. Did you mean \"rbf\"?",
    ],
    [
      { kernel: 'liner' },
      "The 'kernel' parameter must be a str among {'linear', 'poly', 'rbf', 'sigmoid'}. Got 'liner' instead. Did you mean \"linear\"?",
    ],
    [{ gama: '1' }, 'Hyperparameter "gama": the C-SVC trainer has no such hyperparameter. Did you mean "gamma"?'],
    [
      { learning_rate: '1' },
      'Hyperparameter "learning_rate": the C-SVC trainer has no such hyperparameter. It has C, kernel, gamma, degree, coef0, tol, label, header, key.',
    ],
  ])('refuses %j in one sentence', (raw, sentence) => {
    expect(() => parseHyperparameters(raw as unknown as Record<string, string>)).toThrow(sentence)
  })
})

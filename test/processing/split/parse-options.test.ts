import { parseArgs } from 'node:util'
import { describe, expect, test } from 'vitest'
import { splitArguments, splitFlagName, splitFlags } from '../../../schemas/split-options.ts'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { parseSplitOptions } from '../../../processing/split/parse-options.ts'
import type { SplitFlagValues } from '../../../processing/split/parse-options.ts'

describe('split options', () => {
  test.each<SplitOptionsInput>([
    { strategy: 'kfold', k: 5 },
    { strategy: 'stratified-kfold', k: 10, shuffle: true, seed: 0, header: true, label: 'species', layout: 'manifest' },
    { strategy: 'kfold', k: 2, format: 'jsonl', shuffle: true },
    { strategy: 'time-series-split', k: 2, testSize: 10, gap: 0, maxTrainSize: 3 },
    { strategy: 'group-shuffle-split', k: 2, testSize: 0.25, trainSize: 0.5, groups: 'g', seed: 1 },
  ])('come back from the arguments that say them: %j', options => {
    const flags = Object.fromEntries(
      Object.entries(splitFlags).map(([name, { type }]) => [splitFlagName(name as keyof typeof splitFlags), { type }]),
    )
    const { values } = parseArgs({ args: splitArguments(options), options: flags })
    expect(parseSplitOptions(values as SplitFlagValues)).toMatchObject(options)
  })

  test.each<[SplitFlagValues, string]>([
    [{ k: '5' }, '--strategy is missing — say how folds are drawn, such as --strategy kfold'],
    [{ strategy: 'kfold' }, '--k is missing — give the number of folds, such as --k 5'],
    [{ strategy: 'kfold', k: 'five' }, '--k is "five" — it must be a number'],
    [{ strategy: 'kfold', k: '' }, '--k is "" — it must be a number'],
    [
      { strategy: 'kfold', k: '1' },
      'k-fold cross-validation requires at least one train/test split by setting n_splits=2 or more, got n_splits=1.',
    ],
    [
      { strategy: 'kfold', k: '5', seed: '23' },
      'Setting a random_state has no effect since shuffle is False. You should leave random_state to its default (None), or set shuffle=True.',
    ],
    [
      { strategy: 'kfold', k: '5', shuffle: true, seed: '4294967296' },
      '--seed is 4294967296 — Seed must be between 0 and 2**32 - 1',
    ],
    [{ strategy: 'kfold', k: '5', shuffle: true, seed: '-1' }, '--seed is -1 — Seed must be between 0 and 2**32 - 1'],
    [
      { strategy: 'stratified-kfol', k: '5' },
      '--strategy is "stratified-kfol" — did you mean "stratified-kfold"? — it must be one of ',
    ],
    [
      { strategy: 'kfold', k: '5', 'test-size': '0.2' },
      'strategy kfold takes no --test-size — leave it out, or use shuffle-split, stratified-shuffle-split, group-shuffle-split, train-test-split, stratified-train-test-split, time-series-split',
    ],
    [
      { strategy: 'kfold', k: '5', groups: 'g' },
      'strategy kfold does not keep groups together — use group-kfold, or leave out --groups',
    ],
    [
      { strategy: 'leave-one-out', k: '5', shuffle: true },
      'strategy leave-one-out draws nothing at random — leave out --shuffle and --seed',
    ],
    [{ strategy: 'kfold', k: '5', lable: 'x' }, 'there is no option --lable — did you mean --label?'],
  ])('%j are refused: %s', (flags, sentence) => {
    expect(() => parseSplitOptions(flags)).toThrow(sentence)
  })
})

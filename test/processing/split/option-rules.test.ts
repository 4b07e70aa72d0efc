import { describe, expect, test } from 'vitest'
import { optionRules } from '../../../processing/split/option-rules.ts'
import { parseSplitOptions } from '../../../processing/split/parse-options.ts'
import { splitOptionsSchema } from '../../../schemas/split-options.ts'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'

const problemsOf = (input: SplitOptionsInput) => {
  const options = splitOptionsSchema.parse(input)
  return optionRules.flatMap(rule => rule(options) ?? [])
}

const kfold = { strategy: 'kfold', k: 3 } as const

describe('options that go with one another', () => {
  test.each<SplitOptionsInput>([
    { ...kfold, fraction: 0.5, seed: 1 },
    { ...kfold, cap: 10, weight: 'w', seed: 1 },
    { strategy: 'group-kfold', k: 3, groups: 'g', holdout: 2, seed: 1 },
    { strategy: 'leave-one-out', k: 3, fraction: 0.5, seed: 1 },
    { ...kfold, header: true, dropHeader: true, compress: 'gzip', shardSize: 10 },
    { strategy: 'shuffle-split', k: 1 },
    { strategy: 'hash-kfold', k: 2, seed: 3 },
  ])('are taken: %j', options => expect(problemsOf(options)).toEqual([]))

  test.each<[SplitOptionsInput, string]>([
    [{ ...kfold, seed: 1 }, 'Setting a random_state has no effect since shuffle is False.'],
    [{ ...kfold, weight: 'w' }, '--weight says how likely a record is drawn, and nothing is drawn'],
    [{ strategy: 'train-test-split', k: 3 }, 'strategy train-test-split makes one fold, not 3'],
    [{ strategy: 'train-test-split', k: 1, innerK: 3 }, 'strategy train-test-split has no inner folds'],
    [{ strategy: 'hash-kfold', k: 3, holdout: 0.1 }, 'strategy hash-kfold gives every record its fold by itself'],
    [
      { strategy: 'predefined-split', k: 3, testFold: 'f', innerK: 2 },
      'strategy predefined-split has no inner folds — leave out --inner-k',
    ],
    [{ ...kfold, label: 'a', labels: 'a,b' }, '--label and --labels say the same'],
    [{ ...kfold, labels: 'a,,b' }, '--labels is "a,,b" — names stand between the commas'],
    [{ ...kfold, labels: 'a,b,a' }, '--labels names "a" twice'],
    [{ ...kfold, singleFile: true, layout: 'manifest' }, 'layout manifest lists many files'],
    [{ ...kfold, singleFile: true, shardSize: 1 }, '--single-file and --shard-size contradict one another'],
    [{ ...kfold, dropHeader: true }, 'there is no header to drop'],
    [{ ...kfold, format: 'parquet', compress: 'gzip' }, 'files of format parquet are compressed within'],
    [{ ...kfold, format: 'files', singleFile: true }, 'format files leaves every file as it is'],
    [{ ...kfold, numberPairs: true }, '--number-pairs writes features and label of CSV data apart'],
    [{ ...kfold, label: '0', numberPairs: true, compress: 'gzip' }, '--number-pairs writes two plain files a folder'],
  ])('are refused: %j', (options, sentence) => {
    const problems = problemsOf(options)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(sentence)
  })

  test('k may be one for one split, and is not asked for where it is the only one', () => {
    expect(parseSplitOptions({ strategy: 'train-test-split' }).k).toBe(1)
    expect(parseSplitOptions({ strategy: 'shuffle-split', k: '1' }).k).toBe(1)
    expect(() => parseSplitOptions({ strategy: 'shuffle-split', k: '0' })).toThrow('setting n_splits=1 or more')
    expect(() => parseSplitOptions({ strategy: 'time-series-split', k: '1' })).toThrow('setting n_splits=2 or more')
  })
})

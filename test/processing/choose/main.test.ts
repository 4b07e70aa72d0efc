import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseChooseOptions } from '../../../processing/choose/parse-options.ts'
import { choiceSchema } from '../../../schemas/choice.ts'
import { chooseArguments, type ChooseOptions } from '../../../schemas/choose-options.ts'
import { BASE_DIR_VARIABLE } from '../../../schemas/opt-ml.ts'
import { bundle } from '../../support/bundle.ts'
import { runProgram } from '../../support/run-program.ts'
import { foldReport } from '../report/fold-report.ts'
import { processingSandbox } from '../report/sandbox.ts'

let program: string

beforeAll(async () => {
  program = await bundle('processing/choose/main.ts')
})

const options: ChooseOptions = {
  objective: 'validation:accuracy',
  direction: 'maximize',
  folds: [1, 3],
  candidates: [
    { name: 'weak', hyperparameters: { C: '0.1', note: 'a=b, "c" é' } },
    { name: 'strong', hyperparameters: { C: '10', note: '' } },
  ],
}

async function choose(values: string | undefined, words: readonly string[] = chooseArguments(options), report = true) {
  const root = await processingSandbox(report ? foldReport() : undefined)
  const environment = values === undefined ? {} : { FOLD_OBJECTIVES_0: values }
  const result = await runProgram([program, ...words], { [BASE_DIR_VARIABLE]: root, ...environment })
  const folder = join(root, 'processing/output/choice')
  const written = result.code === 0 ? JSON.parse(readFileSync(join(folder, 'choice.json'), 'utf8')) : undefined
  return {
    ...result,
    choice: written === undefined ? undefined : choiceSchema.parse(written),
    message: result.code === 0 ? undefined : readFileSync(join(root, 'output/message'), 'utf8'),
    left: existsSync(join(root, 'processing')) ? readdirSync(join(root, 'processing')) : [],
  }
}

describe('the program that chooses', () => {
  it('finds the best mean, with the float32 of the service repaired by the sizes of the folds', async () => {
    const float32 = [27, 29, 28, 29].map(correct => String(Math.fround(correct / 30))).join(',')
    const { code, stdout, choice } = await choose(float32)
    expect(code).toBe(0)
    expect(choice).toEqual({
      version: 1,
      candidate: 'strong',
      objective: { name: 'validation:accuracy', direction: 'maximize', mean: 0.95 },
      hyperparameters: { C: '10', note: '' },
      candidates: [
        { name: 'weak', mean: expect.closeTo(56 / 60, 12), values: [27 / 30, 29 / 30] },
        { name: 'strong', mean: 0.95, values: [28 / 30, 29 / 30] },
      ],
    })
    expect(stdout).toMatch(/^weak: mean validation:accuracy 0\.93\d+\nstrong: mean .* 0\.95\nchosen: strong\n$/)
  })

  it('takes the first of equal means, and the least when less is better', async () => {
    expect((await choose('0.5,1,1,0.5')).choice).toMatchObject({
      candidate: 'weak',
      hyperparameters: { C: '0.1', note: 'a=b, "c" é' },
    })
    const least = chooseArguments({ ...options, direction: 'minimize' })
    expect((await choose('0.5,0.9,0.8,0.4', least)).choice?.candidate).toBe('strong')
  })

  it.each([
    ['0.5,,NaN,1', 'Candidate "weak", fold 3: the training gave no value for "validation:accuracy"'],
    ['0.5,0.5,NaN,1', 'Candidate "strong", fold 1: the training gave "NaN"'],
    ['0.5,0.5', 'hold 2 values, but k is 4'],
    [undefined, 'Environment variable FOLD_OBJECTIVES_0 is missing'],
  ])('values %j end in one sentence and no file', async (values, sentence) => {
    const { code, stderr, message, left } = await choose(values)
    expect([code, stderr.trim()]).toEqual([1, message])
    expect(message).toContain(sentence)
    expect(left).toEqual(['input'])
  })

  it.each<[string, readonly string[]]>([
    ['--objective: name the metric', ['--direction', 'maximize', '--folds', '0', '--candidate', 'a']],
    ['--direction: give maximize or minimize', ['--objective', 'x', '--direction', 'up', '--folds', '0']],
    ['--folds: "0,x" is no list', ['--objective', 'x', '--direction', 'maximize', '--folds', '0,x']],
    ['--candidate: name at least one', ['--objective', 'x', '--direction', 'maximize', '--folds', '0']],
    [
      '--candidate: "a" is there twice',
      ['--objective', 'x', '--direction', 'maximize', '--folds', '0', '--candidate', 'a', '--candidate', 'a'],
    ],
    ['--set: "C=1" — write', ['--objective', 'x', '--direction', 'maximize', '--folds', '0', '--set', 'C=1']],
    ['--folds: there is no fold 9', chooseArguments({ ...options, folds: [0, 9] })],
    ['Unknown option', ['--nonsense']],
  ])('refuses wrong arguments with exit code 2: %s', async (sentence, words) => {
    const { code, stderr, message } = await choose('1,1,1,1', words)
    expect([code, stderr.trim()]).toEqual([2, message])
    expect(message).toContain(sentence)
  })

  it('says that the fold report is missing', async () => {
    const { code, message } = await choose('1,1,1,1', chooseArguments(options), false)
    expect(code).toBe(1)
    expect(message).toContain('folds.json: the fold report is missing')
  })
})

it('arguments say the same when they are read again', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,10}$/)
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.record({
          name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9-]{0,10}$/),
          hyperparameters: fc.dictionary(name, text, { noNullPrototype: true }),
        }),
        { minLength: 1, selector: ({ name: each }) => each },
      ),
      fc.uniqueArray(fc.nat(1000), { minLength: 1, maxLength: 100 }),
      (candidates, folds) => {
        const given: ChooseOptions = { objective: 'a:b', direction: 'minimize', folds, candidates }
        expect(parseChooseOptions(chooseArguments(given))).toEqual(given)
      },
    ),
    { numRuns: 200 },
  )
})

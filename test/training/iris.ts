import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'

const fixture = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../fixtures/training/${name}`, import.meta.url)), 'utf8')

const [header = '', ...records] = fixture('iris.csv').trimEnd().split('\n')

export const irisHeader = header
/** The 150 records as text, label last. */
export const irisRecords: readonly string[] = records

const foldsSchema = z.object({ folds: z.record(z.string(), z.array(z.object({ test: z.array(z.int()) }))) })

/** Training and validation records of every fold of KFold(k, shuffle=True, random_state=23). */
export function irisFolds(k: number): { train: string[]; validation: string[] }[] {
  const folds = foldsSchema.parse(JSON.parse(fixture('iris_kfold_23.json'))).folds[k] ?? []
  return folds.map(({ test }) => {
    const held = new Set(test)
    return {
      train: irisRecords.filter((_, index) => !held.has(index)),
      validation: test.map(index => irisRecords[index] ?? ''),
    }
  })
}

/** scikit-learn 1.2.1's correct predictions per fold, 30 configurations. */
export const irisGrid = fixture('iris_svc_grid_sample.csv')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map(line => {
    const [k = '', kernel = '', C = '', gamma = '', correct = ''] = line.split(',')
    return { k: Number(k), kernel, C, gamma, correct: correct.split(' ').map(Number) }
  })

/** scikit-learn's fit on all 150 records. */
export const irisFullFit = z
  .record(z.string(), z.object({ n_correct: z.int(), n_support: z.array(z.int()), intercept: z.array(z.number()) }))
  .parse(JSON.parse(fixture('iris_full_fit.json')))

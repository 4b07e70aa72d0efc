import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ourOutcome } from './sklearn-case.ts'
import type { SklearnCase } from './sklearn-case.ts'

/** A Python with the scikit-learn of the recorded cases; its absence is the only reason to leave these out. */
const python = process.env['FOLDWISE_SKLEARN_PYTHON'] ?? 'python3'
const available =
  spawnSync(python, ['-c', 'import sklearn; assert sklearn.__version__.startswith("1.2.")']).status === 0
if (!available && process.env['FOLDWISE_SKLEARN_PYTHON'] !== undefined)
  throw new Error(`there is no scikit-learn 1.2 in ${python}`)
if (!available)
  console.warn(`no scikit-learn 1.2 in ${python}: only the recorded cases are compared (set FOLDWISE_SKLEARN_PYTHON)`)

const count = Number(process.env['FOLDWISE_SKLEARN_CASES'] ?? 400)
const seed = Number(process.env['FOLDWISE_SKLEARN_SEED'] ?? 1)

test.skipIf(!available)(
  `${count} random calls give what the installed scikit-learn gives, errors and warnings included`,
  { timeout: 600_000 },
  () => {
    const program = fileURLToPath(new URL('scikit_learn_cases.py', import.meta.url))
    const { stdout, stderr, status } = spawnSync(python, [program, String(count), String(seed)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 31 - 1,
    })
    expect(status, stderr).toBe(0)
    const [, ...lines] = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(count)
    let differences = 0
    for (const line of lines) {
      const { splits, error, warnings, ...call } = JSON.parse(line) as SklearnCase
      const expected = error === undefined ? { splits, warnings } : { error, warnings: [] }
      const ours = ourOutcome({ ...call, ...(splits && { splits }) })
      if (JSON.stringify(ours) === JSON.stringify(expected) || equal(ours, expected)) continue
      differences++
      if (differences <= 3) console.error(JSON.stringify({ call, expected, ours }).slice(0, 3000))
    }
    expect(differences).toBe(0)
  },
)

function equal(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b)
    return true
  } catch {
    return false
  }
}

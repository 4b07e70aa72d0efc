import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

interface Rule {
  readonly id: string
  readonly evidence: string
  /** Files in backticks. */
  readonly where: readonly string[]
}

/** The numbered rows of the tables of local/SPEC.md. */
function rules(): Rule[] {
  const text = readFileSync(join(root, 'local/SPEC.md'), 'utf8')
  return text.split('\n').flatMap(line => {
    const cells = line.split('|').map(cell => cell.trim())
    if (!/^\d\.\d+\.\d+$/.test(cells[1] ?? '')) return []
    const where = [...(cells[4] ?? '').matchAll(/`([^`]+)`/g)].map(([, file]) => file as string)
    return [{ id: cells[1] as string, evidence: cells[3] as string, where }]
  })
}

/** Rules named at the beginning of tests' titles: `test('3.5.1, 3.5.2: …'`. */
function quoted(): Map<string, string[]> {
  const folder = join(root, 'test')
  const found = new Map<string, string[]>()
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.test.ts')) continue
    const text = readFileSync(join(folder, path), 'utf8')
    for (const [, list = ''] of text.matchAll(/['`](\d\.\d+\.\d+(?:, \d\.\d+\.\d+)*): /g))
      for (const id of list.split(', ')) found.set(id, [...(found.get(id) ?? []), path])
  }
  return found
}

test('every rule of SPEC.md has a number of its own and says where it is kept', () => {
  const all = rules()
  expect(all.length).toBeGreaterThan(100)
  expect(all.map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index)).toEqual([])
  const files = new Set(
    ['local', 'pipeline/definition'].flatMap(folder =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(path =>
        folder === 'local' ? path : join(folder, path),
      ),
    ),
  )
  const missing = all.flatMap(({ id, where }) =>
    where.filter(file => file.endsWith('.ts') && !files.has(file)).map(file => `${id} ${file}`),
  )
  expect(missing).toEqual([])
})

test('every rule that has a source other than this project is quoted in the title of a test', () => {
  const titles = quoted()
  const withSource = rules().filter(({ evidence }) => !/^(ours|none found)/.test(evidence))
  expect(withSource.length).toBeGreaterThan(60)
  expect(withSource.map(({ id }) => id).filter(id => !titles.has(id))).toEqual([])
})

test('no test quotes a rule that is not there', () => {
  const known = new Set(rules().map(({ id }) => id))
  expect([...quoted()].filter(([id]) => !known.has(id))).toEqual([])
})

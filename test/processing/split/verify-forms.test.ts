import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { removeCases, splitCase } from './split-case.ts'
import { broken, stateOf, unlink, verify } from './verify-case.ts'

afterEach(removeCases)

describe('folds of numbers in pairs of files', () => {
  const numbers = Buffer.from(
    Array.from({ length: 30 }, (_, i) => `${i / 7},${i % 3},${i},${Math.floor(i / 5)}\n`).join(''),
  )
  const pairs = { strategy: 'kfold', k: 3, shuffle: true, seed: 1, label: '1', numberPairs: true } as const
  async function writtenPairs(more: object = {}): Promise<{ folder: string; input: string }> {
    const { root } = await splitCase({ 'data.csv': numbers }, { ...pairs, ...more })
    return { folder: join(root, 'out'), input: join(root, 'data/data.csv') }
  }

  test.each([
    {},
    { holdout: 0.2 },
    { strategy: 'group-kfold', groups: '3', shuffle: false, seed: undefined },
    { strategy: 'stratified-kfold' },
    { strategy: 'repeated-kfold', repeats: 2, shuffle: false },
  ])('are right, with the input and without: %j', async more => {
    const { folder, input } = await writtenPairs(more)
    for (const given of [{}, { input }]) expect((await verify(folder, given)).problems).toEqual([])
    expect(await stateOf(folder, 'digests')).toMatchObject({
      state: 'not checked',
      detail: 'the numbers were written anew: give --input',
    })
    expect(await stateOf(folder, 'classes')).toMatchObject({ state: 'kept' })
    if ('groups' in more) expect(await stateOf(folder, 'groups')).toMatchObject({ state: 'kept', detail: '6 groups' })
  })

  test.each<[string, (folder: string) => void, string, string]>([
    [
      'a label less',
      folder => truncateLines(join(folder, 'train/0/train_y.csv'), 5),
      'records',
      'train/0/train_y.csv:6 — the file ends here',
    ],
    [
      'a file less',
      folder => rmSync(join(folder, 'validation/1/test_y.csv')),
      'records',
      'validation/1/test_x.csv — validation/1/test_y.csv is missing',
    ],
    [
      'a class changed',
      folder => edit(join(folder, 'validation/0/test_y.csv'), /^\d/, '7'),
      'classes',
      'records of class',
    ],
    [
      'a record of another fold',
      folder => {
        for (const half of ['x', 'y'])
          copyFileSync(join(folder, `validation/1/test_${half}.csv`), join(folder, `validation/0/test_${half}.csv`))
      },
      'complete',
      'validation/0 together hold other records than all',
    ],
    ['a stray file', folder => writeFileSync(join(folder, 'train/0/more.csv'), '1\n'), 'sizes', 'train/0 holds'],
  ])('with %s are broken', async (_, damage, name, sentence) => {
    const { folder } = await writtenPairs()
    damage(folder)
    const { promises, problems } = await verify(folder)
    expect(promises.find(promise => promise.name === name)?.state).toBe('broken')
    expect(problems.some(problem => problem.includes(sentence))).toBe(true)
  })

  test('with one number changed are found by splitting the input again', async () => {
    const { folder, input } = await writtenPairs()
    edit(join(folder, 'train/2/train_x.csv'), /e\+00/, 'e+01')
    expect((await broken(folder, { input })).promises).toContain('inputs')
  })
})

function truncateLines(path: string, lines: number): void {
  writeFileSync(
    path,
    readFileSync(path, 'utf8')
      .split('\n')
      .slice(0, lines)
      .map(line => `${line}\n`)
      .join(''),
  )
}

function edit(path: string, from: RegExp, to: string): void {
  const text = readFileSync(path, 'utf8')
  expect(text).toMatch(from)
  writeFileSync(path, text.replace(from, to))
}

describe('folds of files', () => {
  const images = Object.fromEntries(
    Array.from({ length: 24 }, (_, i) => [`${'abc'[i % 3]}/${i}.bin`, Buffer.from(`image ${i}`)]),
  )
  const listed = {
    strategy: 'stratified-kfold',
    k: 4,
    shuffle: true,
    seed: 3,
    format: 'files',
    label: 'folder',
  } as const
  async function writtenFiles(more: object = {}): Promise<{ folder: string; input: string }> {
    const { root } = await splitCase(images, { ...listed, ...more }, { dataUri: 's3://b/images/' })
    return { folder: join(root, 'out'), input: join(root, 'data') }
  }

  test.each([
    {},
    { layout: 'manifest' },
    { holdout: 0.25 },
    { layout: 'manifest', holdout: 0.25 },
    { strategy: 'shuffle-split', shuffle: false, testSize: 0.3 },
    { strategy: 'shuffle-split', shuffle: false, testSize: 0.3, layout: 'manifest' },
    { strategy: 'repeated-kfold', shuffle: false, repeats: 2, layout: 'manifest' },
    { strategy: 'group-kfold', shuffle: false, seed: undefined, k: 3, groups: 'folder' },
  ])('are right, with the input and without: %j', async more => {
    const { folder, input } = await writtenFiles(more)
    for (const given of [{}, { input }]) expect((await verify(folder, given)).problems).toEqual([])
    expect(await stateOf(folder, 'classes')).toMatchObject({ state: 'kept', detail: '3 classes' })
    const keepsOrder = !('strategy' in more) || more.layout === 'manifest' || more.strategy !== 'shuffle-split'
    expect((await stateOf(folder, 'digests'))?.state).toBe(keepsOrder ? 'kept' : 'not checked')
  })

  test('leave nothing in the temporary folder', async () => {
    const { folder, input } = await writtenFiles()
    const temporary = join(folder, '../temporary')
    mkdirSync(temporary)
    vi.stubEnv('TMPDIR', temporary)
    try {
      expect((await verify(folder, { input })).problems).toEqual([])
      expect(readdirSync(temporary)).toEqual([])
    } finally {
      vi.unstubAllEnvs()
    }
  })

  const anyFile = (folder: string, place: string): string => {
    const { path } = listFiles(join(folder, place))
    return path
  }
  test.each<[string, object, (folder: string) => void, string, string]>([
    ['a file less', {}, folder => rmSync(anyFile(folder, 'train/1')), 'sizes', 'train/1 holds 17 records'],
    [
      'a file changed',
      {},
      folder => {
        const path = anyFile(folder, 'train/1')
        unlink(path)
        appendFileSync(path, '!')
      },
      'copies',
      'the file goes on',
    ],
    [
      'a file of another class',
      {},
      folder => {
        const path = anyFile(folder, 'validation/0')
        renameSync(path, path.replace(/\/[abc]\//, '/z_'))
      },
      'sizes',
      'validation/0',
    ],
    [
      'a manifest that lists one file for another',
      { layout: 'manifest' },
      folder => edit(join(folder, 'validation/2/manifest.json'), /"([abc])\/\d+\.bin"/, '"a/0000.bin"'),
      'digests',
      'validation/2 has digest',
    ],
    [
      'no manifest',
      { layout: 'manifest' },
      folder => rmSync(join(folder, 'train/3/manifest.json')),
      'files',
      'train/3',
    ],
    [
      'a broken manifest',
      { layout: 'manifest' },
      folder => writeFileSync(join(folder, 'train/3/manifest.json'), '[{'),
      'files',
      'train/3',
    ],
  ])('with %s are broken', async (_, more, damage, name, sentence) => {
    const { folder } = await writtenFiles(more)
    damage(folder)
    const { promises, problems } = await verify(folder)
    expect(promises.filter(({ state }) => state === 'broken').map(each => each.name)).toContain(name)
    expect(problems.some(problem => problem.includes(sentence))).toBe(true)
  })
})

function listFiles(folder: string): { readonly path: string } {
  const [entry] = readdirSync(folder, { withFileTypes: true, recursive: true }).filter(each => each.isFile())
  return { path: join(entry?.parentPath ?? '', entry?.name ?? '') }
}

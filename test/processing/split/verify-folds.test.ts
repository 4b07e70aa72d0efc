import {
  appendFileSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { folderFiles } from '../../../processing/split/verify/fold-files.ts'
import { removeCases, splitCase } from './split-case.ts'
import { broken, unlink, verify } from './verify-case.ts'

afterEach(removeCases)

const iris = readFileSync(new URL('../../fixtures/split/iris.csv', import.meta.url))
const options = { strategy: 'kfold', k: 3, shuffle: true, seed: 23, header: true, label: 'species' } as const

/** Folds of Iris in a folder of their own, and the file that they are made of. */
async function written(more: object = {}): Promise<{ folder: string; input: string }> {
  const { root } = await splitCase({ 'iris.csv': iris }, { ...options, ...more }, { s3Uri: 's3://b/v/validation/' })
  return { folder: join(root, 'out'), input: join(root, 'data/iris.csv') }
}

describe('folds as they were written', () => {
  test.each([
    {},
    { layout: 'manifest' as const },
    { strategy: 'leave-one-group-out' as const, groups: 'species', shuffle: false, seed: undefined },
    {
      strategy: 'group-kfold' as const,
      groups: 'species',
      shuffle: false,
      seed: undefined,
      layout: 'manifest' as const,
    },
    { strategy: 'repeated-stratified-kfold' as const, repeats: 3, shuffle: false },
    { strategy: 'shuffle-split' as const, testSize: 0.2, shuffle: false },
    { strategy: 'shuffle-split' as const, testSize: 0.2, shuffle: false, layout: 'manifest' as const },
    { strategy: 'time-series-split' as const, gap: 3, shuffle: false, seed: undefined },
    { strategy: 'time-series-split' as const, shuffle: false, seed: undefined, layout: 'manifest' as const },
    { strategy: 'leave-p-groups-out' as const, p: 2, groups: 'species', shuffle: false, seed: undefined },
    { strategy: 'hash-kfold' as const, key: 'petal_length', shuffle: false },
    { holdout: 0.2 },
    { holdout: 0.2, layout: 'manifest' as const },
    { innerK: 2 },
    { innerK: 2, holdout: 30, layout: 'manifest' as const },
    { fraction: 0.4 },
    { cap: 20, layout: 'manifest' as const },
    { compress: 'gzip' as const },
    { shardSize: 300, layout: 'manifest' as const },
    { singleFile: true },
    { dropHeader: true },
  ])('keep every promise, with and without the inputs: %j', async more => {
    const { folder, input } = await written(more)
    const found = await verify(folder, { input })
    expect(found.problems).toEqual([])
    expect(found.promises.find(({ name }) => name === 'inputs')?.state).toBe('kept')
    expect((await verify(folder)).problems).toEqual([])
  })

  test('are read once, whatever the number of their names', async () => {
    const { folder } = await written()
    expect((await verify(folder)).read).toEqual({ files: 3, records: 150 })
  })

  test('of other formats are read as that format', async () => {
    const lines = Array.from({ length: 20 }, (_, i) => `{"id": ${i}, "y": "${i % 2 === 0 ? 'a' : 'b'}"}\n`).join('')
    const { root } = await splitCase(
      { 'x.jsonl': lines },
      { strategy: 'stratified-kfold', k: 2, format: 'jsonl', label: 'y' },
    )
    expect(await broken(join(root, 'out'), { input: join(root, 'data/x.jsonl') })).toEqual({ promises: [] })
  })
})

describe('a tampered record', () => {
  const change = (path: string) => writeFileSync(path, readFileSync(path, 'utf8').replace(/\n5\./, '\n6.'))

  test('in one copy is named with its file and line', async () => {
    const { folder } = await written()
    const path = join(folder, 'train/0/part-1.csv')
    unlink(path)
    change(path)
    expect(await broken(folder)).toEqual({
      promises: ['copies'],
      first: 'train/0/part-1.csv:3 — the line is not that of validation/1/part-1.csv',
    })
  })

  test('in every copy is known by the digest, and named with its line when the inputs are given', async () => {
    const { folder, input } = await written()
    change(join(folder, 'all/part-1.csv'))
    const { promises, first } = await broken(folder)
    expect(promises).toEqual(['digests'])
    expect(first).toMatch(/^validation\/1 has digest [0-9a-f]{64}, the report says [0-9a-f]{64}$/)
    expect((await verify(folder, { input })).problems).toContain(
      'validation/1/part-1.csv:3 — the line is not that of what the inputs give',
    )
  })

  test('of another class is also a wrong class count', async () => {
    const { folder } = await written()
    const path = join(folder, 'all/part-2.csv')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/,0\n/, ',1\n'))
    expect((await broken(folder)).promises).toEqual(['classes', 'digests'])
  })

  test('that is no longer one is named with its line', async () => {
    const { folder } = await written()
    const path = join(folder, 'all/part-0.csv')
    writeFileSync(path, readFileSync(path, 'utf8').replace(/\n[^,]*,/, '\n'))
    const { promises, first } = await broken(folder)
    expect(promises).toContain('records')
    expect(first).toMatch(/^(validation\/0|all|train\/\d)\/part-0\.csv:2 — the row has 4 fields/)
  })

  test('that is the header is found, in one copy and in all of a shard', async () => {
    const { folder } = await written()
    const path = join(folder, 'all/part-0.csv')
    const changed = readFileSync(path, 'utf8').replace('sepal_length', 'sepal length')
    writeFileSync(path, changed)
    expect(await broken(folder)).toMatchObject({
      promises: ['copies'],
      first: expect.stringContaining('the header differs'),
    })
    unlink(join(folder, 'train/2/part-1.csv'))
    writeFileSync(join(folder, 'train/2/part-1.csv'), readFileSync(path, 'utf8'))
    expect((await broken(folder)).promises).toContain('copies')
  })
})

describe('files', () => {
  test('that are missing are named', async () => {
    const { folder } = await written()
    rmSync(join(folder, 'train/1/part-2.csv'))
    const { promises } = await broken(folder)
    expect(promises).toEqual(['sizes', 'classes', 'complete'])
    expect((await verify(folder)).problems).toContain('train/1 lacks part-2.csv, which lies in validation/2/part-2.csv')
    rmSync(join(folder, 'validation/2'), { recursive: true })
    expect((await verify(folder)).problems).toContain(
      'validation/2 — the folder has no files, though the report says that it holds records',
    )
  })

  test.each(['train/0/extra.csv', 'train/0/.hidden', 'validation/2/part-9.csv', 'all/again.csv'])(
    'that were added are found: %s',
    async path => {
      const { folder } = await written()
      copyFileSync(join(folder, 'all/part-1.csv'), join(folder, path))
      const { problems } = await verify(folder)
      expect(problems.some(problem => problem.includes(path))).toBe(true)
    },
  )

  test('of a fold that does not exist are found', async () => {
    const { folder } = await written()
    for (const path of ['train/7/part-0.csv', 'validation/part-0.csv', 'train/0/deep/part-0.csv']) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), 'x\n')
    }
    expect((await verify(folder)).problems.slice(0, 3).sort()).toEqual([
      'train/0/deep/part-0.csv — the folder of fold 0 has no folders in it',
      'train/7/part-0.csv — no fold lies there — the report has 3, the last one in train/2',
      'validation/part-0.csv — no fold lies there — the report has 3, the last one in validation/2',
    ])
  })

  test('that are cut off are named', async () => {
    const { folder } = await written()
    const path = join(folder, 'validation/1/part-1.csv')
    unlink(path)
    truncateSync(path, readFileSync(path).length - 4)
    const { promises, first } = await broken(folder)
    expect(promises).toEqual(['records', 'copies', 'sizes', 'classes', 'digests', 'complete'])
    expect(first).toMatch(/^validation\/1\/part-1\.csv:51 — the row has 4 fields/)
    writeFileSync(
      path,
      readFileSync(path, 'utf8')
        .trimEnd()
        .replace(/\n[^\n]*$/, ''),
    )
    expect((await broken(folder)).first).toBe(
      'validation/1/part-1.csv — its last record has no line end: the file is cut off',
    )
  })

  test('with a record twice break the sizes, and the line is named', async () => {
    const { folder } = await written()
    const path = join(folder, 'train/0/part-2.csv')
    unlink(path)
    appendFileSync(path, `${readFileSync(path, 'utf8').trimEnd().split('\n').at(-1)}\n`)
    const { promises, first } = await broken(folder)
    expect(promises).toEqual(['copies', 'sizes', 'classes'])
    expect(first).toBe('train/0/part-2.csv:52 — the file goes on here, and validation/2/part-2.csv ends')
  })

  test('of swapped folds break digests and train on what they validate on', async () => {
    const { folder } = await written()
    renameSync(join(folder, 'validation/0'), join(folder, 'validation/x'))
    renameSync(join(folder, 'validation/1'), join(folder, 'validation/0'))
    renameSync(join(folder, 'validation/x'), join(folder, 'validation/1'))
    const { promises, problems } = await verify(folder)
    expect(promises.filter(({ state }) => state === 'broken').map(({ name }) => name)).toEqual(
      expect.arrayContaining(['digests', 'disjoint', 'complete']),
    )
    expect(problems).toContain('fold 0 trains on train/0/part-1.csv, which is the part-1.csv that it validates on')
  })

  test('of a validation set among the training files are found', async () => {
    const { folder } = await written()
    linkSync(join(folder, 'validation/0/part-0.csv'), join(folder, 'train/0/part-0.csv'))
    expect((await verify(folder)).problems).toEqual([
      'train/0 holds 150 records, the report says 100',
      expect.stringMatching(/^train\/0 holds \d+ bytes/),
      ...[0, 1, 2].map(() => expect.stringMatching(/^train\/0 holds 50 records of class|^train\/0 holds/)),
      'fold 0 trains on train/0/part-0.csv, which is the part-0.csv that it validates on',
    ])
  })

  test('in which a group is on both sides are named', async () => {
    const { folder } = await written({ strategy: 'group-kfold', groups: 'species', shuffle: false, seed: undefined })
    const first = join(folder, 'all/part-0.csv')
    const other = join(folder, 'all/part-1.csv')
    const record = readFileSync(other, 'utf8').split('\n')[1] as string
    writeFileSync(first, `${readFileSync(first, 'utf8')}${record}\n`)
    const { promises, problems } = await verify(folder)
    expect(promises.find(({ name }) => name === 'groups')?.state).toBe('broken')
    expect(
      problems.some(problem =>
        /^fold \d has group "\d" in validation\/\d\/part-\d\.csv and trains on it/.test(problem),
      ),
    ).toBe(true)
  })
})

describe('manifests', () => {
  const manifest = 'train/0/manifest.json'

  test.each([
    [
      'that list a missing shard',
      '[{"prefix":"s3://b/v/validation/"},"1/part-1.csv","2/part-7.csv"]',
      'it lists 2/part-7.csv, and validation/2/part-7.csv is missing',
    ],
    [
      'that list a shard twice',
      '[{"prefix":"s3://b/v/validation/"},"1/part-1.csv","2/part-2.csv","2/part-2.csv"]',
      'it lists 2/part-2.csv twice',
    ],
    [
      'that are no manifests',
      '{"prefix": 1}',
      'it is no manifest of the form [{"prefix": "s3://…/"}, "0/part-0.csv", …]',
    ],
    [
      'whose prefix is a string prefix',
      '[{"prefix":"s3://b/v/validation"},"1/part-1.csv","2/part-2.csv"]',
      'its prefix s3://b/v/validation is no S3 URI that ends in /',
    ],
  ])('%s are found', async (_, content, sentence) => {
    const { folder } = await written({ layout: 'manifest' })
    writeFileSync(join(folder, manifest), content)
    expect(await broken(folder)).toMatchObject({ first: `${manifest} — ${sentence}` })
  })

  test('that list the fold itself break disjointness', async () => {
    const { folder } = await written({ layout: 'manifest' })
    writeFileSync(join(folder, manifest), '[{"prefix":"s3://b/v/validation/"},"0/part-0.csv","2/part-2.csv"]')
    expect((await broken(folder)).promises).toEqual(expect.arrayContaining(['disjoint', 'complete']))
  })

  test('are missed in files of the other layout, and the other way round', async () => {
    const copy = (await written()).folder
    const listed = (await written({ layout: 'manifest' })).folder
    copyFileSync(join(listed, 'report/folds.json'), join(copy, 'report/folds.json'))
    expect((await verify(copy)).problems).toContain(
      'train/0/manifest.json — it is missing, though the report says layout manifest',
    )
    const again = (await written()).folder
    copyFileSync(join(again, 'report/folds.json'), join(listed, 'report/folds.json'))
    expect((await verify(listed)).problems).toContain(
      "train/0/manifest.json — a manifest, where the report's layout has files with records",
    )
  })
})

describe('the report', () => {
  async function edited(edit: (text: string) => string, more: object = {}) {
    const { folder } = await written(more)
    const path = join(folder, 'report/folds.json')
    writeFileSync(path, edit(readFileSync(path, 'utf8')))
    return folder
  }

  test.each<[string, (text: string) => string, string]>([
    [
      'of another seed',
      text => text.replaceAll('"seed": 23', '"seed": 24'),
      'but its options and validation digests give',
    ],
    [
      'of a seed that its options do not have',
      text => text.replace(/"seed": 23,\n {2}"layout"/, '"seed": 24,\n  "layout"'),
      'seed is 24, but the options say 23',
    ],
    [
      'of more records',
      text => text.replaceAll('"records": 150', '"records": 151'),
      'it says 151 records, but its classes add up to 150',
    ],
    [
      'of a bigger fold',
      text => text.replace('"records": 50', '"records": 51'),
      'folds[0].validation has 51 records, but its classes add up to 50',
    ],
    ['of another fold index', text => text.replace('"index": 1', '"index": 0'), 'folds[1] says that it is fold 0'],
    [
      'of another digest',
      text => text.replace(/("folds": [^]*?"digest": )"[0-9a-f]{64}"/, `$1"${'0'.repeat(64)}"`),
      'but its options and validation digests give',
    ],
    [
      'of a broken promise',
      text => text.replace('"disjoint": true', '"disjoint": false'),
      'its certificate says that disjoint is false',
    ],
  ])('%s does not fit together', async (_, edit, sentence) => {
    const { problems, promises } = await verify(await edited(edit))
    expect(promises[0]).toMatchObject({ name: 'report', state: 'broken' })
    expect(problems.some(problem => problem.startsWith('report/folds.json — ') && problem.includes(sentence))).toBe(
      true,
    )
  })

  test.each([[['"format": "csv"', '"format": "avro"'], 'the format avro is not known']])(
    'of what cannot be read is refused with a sentence: %j',
    async ([from = '', to = ''], sentence) => {
      await expect(verify(await edited(text => text.replaceAll(from, to)))).rejects.toThrow(sentence)
    },
  )

  test('that is missing, cut off or of something else is refused with a sentence', async () => {
    const { folder } = await written()
    const path = join(folder, 'report/folds.json')
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, 100))
    await expect(verify(folder)).rejects.toThrow(`${path} — not JSON — give the place that the split wrote to`)
    writeFileSync(path, '{}')
    await expect(verify(folder)).rejects.toThrow(`${path} — not a fold report: version`)
    rmSync(path)
    await expect(verify(folder)).rejects.toThrow(`${path} — there is no fold report`)
    expect(() => folderFiles('/nowhere')).toThrow('/nowhere — there is no such folder')
  })
})

describe('inputs', () => {
  test('that are others, are missing or changed are named', async () => {
    const { folder, input } = await written()
    appendFileSync(input, '5.1,3.5,1.4,0.2,0\n')
    const changed = await verify(folder, { input })
    expect(changed.problems[0]).toMatch(/^iris\.csv — the input has digest [0-9a-f]{64}, the report says /)
    rmSync(input)
    expect((await verify(folder, { input })).problems).toEqual([
      `${input} — there is no such file — give the path of the data file or of a folder`,
    ])
  })
})

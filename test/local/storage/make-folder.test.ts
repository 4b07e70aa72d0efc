import { existsSync } from 'node:fs'
import { mkdtemp, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder } from '../../../local/storage/make-folder.ts'

it('makes a folder with its parents, also twice and at the same time', async () => {
  const root = await mkdtemp(join(tmpdir(), 'foldwise-'))
  const path = join(root, 'a', 'b', 'c')
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(root, 'a', 'd'))])
  await makeFolder(path)
  expect((await stat(path)).isDirectory()).toBe(true)
})

it('says in one sentence that a file is in the way', async () => {
  const root = await mkdtemp(join(tmpdir(), 'foldwise-'))
  await writeFile(join(root, 'file'), '')
  await expect(makeFolder(join(root, 'file', 'state'))).rejects.toThrow(/Cannot make the folder .*file is a file/)
  await expect(makeFolder(join(root, 'file'))).rejects.toThrow(/Cannot make the folder .*file is a file/)
})

it.skipIf(!existsSync('/proc/self'))('ends on a file system that makes no folders (needs /proc)', async () => {
  await expect(makeFolder('/proc/foldwise/state')).rejects.toThrow(/Cannot make the folder .*\/proc makes no folders/)
})

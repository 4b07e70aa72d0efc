import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { packTar, type TarEntry, unpackTar } from 'modern-tar'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../../support/run-program.ts'

const program = join(import.meta.dirname, '../../../dist/containers/repack.mjs')

const file = (name: string, body: string, more: object = {}): TarEntry => ({
  header: { name, size: Buffer.byteLength(body), type: 'file', ...more },
  body,
})
const archive = async (...entries: readonly TarEntry[]): Promise<Uint8Array> => gzipSync(await packTar(entries))

/** Runs the program on an `/opt/ml` with these files. */
async function repack(files: Readonly<Record<string, Uint8Array | string>>) {
  const root = mkdtempSync(join(tmpdir(), 'foldwise-repack-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, content] of Object.entries(files)) {
    const at = join(root, 'processing/input', path)
    mkdirSync(dirname(at), { recursive: true })
    writeFileSync(at, content)
    utimesSync(at, 1, 1)
  }
  const result = await runProgram([program], { SAGEMAKER_BASE_DIR: root })
  const output = join(root, 'processing/output/model/model.tar.gz')
  const message = join(root, 'output/message')
  return {
    ...result,
    bytes: existsSync(output) ? readFileSync(output) : undefined,
    left: existsSync(dirname(output)) ? readdirSync(dirname(output)) : [],
    message: existsSync(message) ? readFileSync(message, 'utf8') : undefined,
  }
}
const entriesOf = async (bytes: Uint8Array | undefined) =>
  (await unpackTar(gunzipSync(bytes ?? new Uint8Array()))).map(({ header, data }) => ({
    name: header.name,
    text: data === undefined ? undefined : new TextDecoder().decode(data),
    mode: header.mode,
    time: header.mtime?.getTime(),
  }))

describe('the repack program', () => {
  it('puts the code beside the model, without clocks and owners', async () => {
    const { code, bytes, stdout } = await repack({
      'model/model.tar.gz': await archive(
        { header: { name: './', type: 'directory', size: 0 } },
        file('./model.json', '{}', { mtime: new Date(5000), uid: 7, uname: 'me', mode: 0o600 }),
        { header: { name: 'deep/', type: 'directory', size: 0 } },
        { header: { name: 'deep/link', type: 'symlink', size: 0, linkname: '../model.json' } },
      ),
      'code/sourcedir.tar.gz': await archive(file('inference.py', 'print(1)'), file('lib/a.py', '')),
    })
    expect(stdout).toBe('packed 3 entries of the model with 2 of code\n')
    expect(code).toBe(0)
    expect(await entriesOf(bytes)).toEqual([
      { name: 'model.json', text: '{}', mode: 0o600, time: 0 },
      { name: 'deep/', text: undefined, mode: 0o755, time: 0 },
      { name: 'deep/link', text: undefined, mode: 0o644, time: 0 },
      { name: 'code/inference.py', text: 'print(1)', mode: 0o644, time: 0 },
      { name: 'code/lib/a.py', text: '', mode: 0o644, time: 0 },
    ])
  })

  it('gives the same bytes for the same contents', async () => {
    const run = async (time: number) => {
      const { bytes } = await repack({
        'model/any-name.tar.gz': await archive(file('m', 'x'.repeat(100_000), { mtime: new Date(time) })),
        'code/sourcedir.tar.gz': await archive(file('inference.py', 'print(1)', { mtime: new Date(time), uid: time })),
      })
      return createHash('sha256')
        .update(bytes ?? '')
        .digest('hex')
    }
    expect(await run(1)).toBe(await run(99))
  })

  it('replaces code that the model brought', async () => {
    const { bytes, stdout } = await repack({
      'model/model.tar.gz': await archive(
        file('m', 'x'),
        { header: { name: 'code/', type: 'directory', size: 0 } },
        file('code/old.py', 'old'),
        file('coder', 'stays'),
      ),
      'code/sourcedir.tar.gz': await archive(file('new.py', 'new')),
    })
    expect((await entriesOf(bytes)).map(({ name }) => name)).toEqual(['m', 'coder', 'code/new.py'])
    expect(stdout).toContain('in place of 1 that the model brought')
  })

  it('keeps long names', async () => {
    const long = `${'deep/'.repeat(60)}model.bin`
    const { bytes } = await repack({
      'model/model.tar.gz': await archive(file(long, 'x')),
      'code/sourcedir.tar.gz': await archive(file('a.py', '')),
    })
    expect((await entriesOf(bytes))[0]?.name).toBe(long)
  })

  it.each<[string, () => Promise<Record<string, Uint8Array | string>>, RegExp]>([
    ['no model', async () => ({}), /input\/model: there is no file where the model must lie/],
    [
      'two models',
      async () => ({ 'model/a.tar.gz': 'x', 'model/b.tar.gz': 'x' }),
      /there is 2 files \(a\.tar\.gz, b\.tar\.gz\) where the model must lie/,
    ],
    ['a model that is no archive', async () => ({ 'model/m.tar.gz': 'x' }), /cannot be read as a gzipped tar archive/],
    [
      'a model that is cut off',
      async () => ({ 'model/m.tar.gz': (await archive(file('m', 'abc'.repeat(9999)))).subarray(0, 60) }),
      /cannot be read as a gzipped tar archive/,
    ],
    ['a model without entries', async () => ({ 'model/m.tar.gz': await archive() }), /the archive holds no model/],
    [
      'a model that leads out',
      async () => ({ 'model/m.tar.gz': await archive(file('../../etc/passwd', 'x')) }),
      /"\.\.\/\.\.\/etc\/passwd" leads out of the archive/,
    ],
    [
      'a link that leads out',
      async () => ({
        'model/m.tar.gz': await archive({ header: { name: 'a', type: 'symlink', size: 0, linkname: '/etc/passwd' } }),
      }),
      /"\/etc\/passwd" leads out of the archive/,
    ],
    [
      'a device',
      async () => ({ 'model/m.tar.gz': await archive({ header: { name: 'tty', type: 'character-device', size: 0 } }) }),
      /"tty" is a character-device/,
    ],
  ])('fails with one sentence for %s and leaves nothing behind', async (_what, files, message) => {
    const code = await archive(file('a.py', ''))
    const result = await repack({ 'code/sourcedir.tar.gz': code, ...(await files()) })
    expect(result.code).toBe(1)
    expect(result.message).toMatch(message)
    expect(result.stderr.trim().split('\n')).toHaveLength(1)
    expect(result.left).toEqual([])
  })
})

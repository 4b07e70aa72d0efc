import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { onTestFinished } from 'vitest'
import type { FoldReport } from '../../../schemas/fold-report.ts'

/** A processing job's `/opt/ml` with the files given by their path below it. Returns its root, which goes when the test ends. */
export async function processingSandbox(
  report: FoldReport | undefined,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'foldwise-aggregation-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const all = {
    ...(report === undefined ? {} : { 'processing/input/report/folds.json': JSON.stringify(report) }),
    ...files,
  }
  for (const [path, content] of Object.entries(all)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  return root
}

/** The bytes of a `.tar.gz` with text files. */
export async function tarGz(files: Readonly<Record<string, string | Uint8Array>>): Promise<Uint8Array> {
  const entries = Object.entries(files).map(([name, body]) => ({
    header: { name, size: Buffer.byteLength(body), type: 'file' as const },
    body,
  }))
  return gzipSync(await packTar(entries))
}

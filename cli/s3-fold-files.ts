import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { downloadObject, listObjects, parseS3Uri, readObject } from '../pipeline/service/index.ts'
import type { Clients } from '../pipeline/service/index.ts'
import type { FoldFiles, WrittenFile } from '../processing/split/verify/fold-files.ts'
import { UserError } from '../schemas/problem.ts'

/**
 * Folds below a prefix in S3. An object is brought to the temporary folder while it is read, so the disk needs room for the
 * largest two of them.
 *
 * @throws UserError for what is no S3 URI
 */
export function s3FoldFiles(clients: Clients, uri: string): FoldFiles {
  const { bucket, key } = parseS3Uri(uri.endsWith('/') ? uri : `${uri}/`)
  const keyOf = (path: string) => ({ bucket, key: `${key}${path}` })
  const place = `s3://${bucket}/${key}`.replace(/\/$/, '')
  return {
    place,
    s3Uri: place,
    async list() {
      const files: WrittenFile[] = []
      for await (const object of listObjects(clients, { bucket, key }))
        files.push({ path: object.key.slice(key.length), bytes: object.bytes })
      return files
    },
    text: path => readObject(clients, keyOf(path)),
    async withFile(file, use) {
      const folder = await mkdtemp(join(tmpdir(), 'foldwise-verify-'))
      try {
        const local = join(folder, basename(file.path))
        if (!(await downloadObject(clients, keyOf(file.path), local)))
          throw new UserError(`${place}/${file.path} — the object went away while it was checked — check again`)
        return await use(local)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

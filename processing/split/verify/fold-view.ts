import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import type { FoldFiles, WrittenFile } from './fold-files.ts'
import type { Finding } from './promises.ts'

/** Written folds as files of records, which is all that the checks read. */
export interface FoldView {
  readonly source: FoldFiles
  /** The report as of these files. */
  readonly report: FoldReport
  /** Why the bytes of the records, and so their digests, are not those of the report; null when they are. */
  readonly rewritten: string | null
  /** The records of a folder have no order that the report knows. */
  readonly unordered: boolean
  /** In place of the comparison of shards, where there are none. */
  readonly compareCopies: (() => Promise<Finding>) | null
  close(): void
}

/** A file that is made when somebody reads it. */
export interface MadeFile extends WrittenFile {
  readonly writeTo: (path: string) => Promise<void>
}

/** Files that are made of others, and kept in a temporary folder while they are read. */
export function madeFiles(
  source: FoldFiles,
  files: readonly (WrittenFile | MadeFile)[],
): Pick<FoldView, 'close'> & { source: FoldFiles } {
  const byPath = new Map(files.filter(file => 'writeTo' in file).map(file => [file.path, file]))
  let folder: string | undefined
  let count = 0
  return {
    source: {
      ...source,
      list: async () => files,
      async withFile(file, use) {
        const found = byPath.get(file.path)
        if (found === undefined) return await source.withFile(file, use)
        folder ??= mkdtempSync(join(tmpdir(), 'foldwise-view-'))
        const path = join(folder, String(count++))
        try {
          await found.writeTo(path)
          return await use(path)
        } finally {
          rmSync(path, { force: true })
        }
      },
    },
    close() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}

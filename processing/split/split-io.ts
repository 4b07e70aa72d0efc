import { UserError } from '../../schemas/problem.ts'
import type { InputFile } from './input-files.ts'
import type { OutputPaths } from './output-folders.ts'
import type { LinkFile } from './place-file.ts'

/** Bytes read so far, of all that this split will read. */
export interface SplitProgress {
  readonly phase: 'counting' | 'writing'
  readonly bytes: number
  readonly total: number
}

export interface SplitIo {
  /** The data: a file, or a folder of files that are taken in the byte order of their names. */
  readonly input: string
  /** Folders to fill; each is made when it is missing and must be empty when it is not. */
  readonly output: OutputPaths
  /** Layout `manifest`: the S3 URI where the folder `validation` will lie. */
  readonly s3Uri?: string
  /** Format `files` in layout `manifest`: the S3 URI of the input folder. */
  readonly dataUri?: string
  readonly onProgress?: (progress: SplitProgress) => void
  /** Name and version of the program, for the report. @default 'foldwise' */
  readonly generator?: string
  /** Stops the work between two reads; nothing is left behind. */
  readonly signal?: AbortSignal
  /** A seed for a shuffle that was given none. @default a random one, which the report names */
  readonly randomSeed?: () => number
  /** @default a hard link */
  readonly link?: LinkFile
}

/** Tells of progress, and ends the work when it was interrupted. */
export function meter(
  phase: SplitProgress['phase'],
  files: readonly InputFile[],
  passes: number,
  io: SplitIo,
): (count: number) => void {
  const total = files.reduce((sum, file) => sum + file.bytes, 0) * passes
  let bytes = 0
  return count => {
    if (io.signal?.aborted) throw new UserError('the split was interrupted — nothing was written')
    // Compressed files give more bytes than they have.
    bytes = Math.min(total, bytes + count)
    io.onProgress?.({ phase, bytes, total })
  }
}

export function folderUri(uri: string | undefined): string | null {
  if (uri === undefined) return null
  return uri.endsWith('/') ? uri : `${uri}/`
}

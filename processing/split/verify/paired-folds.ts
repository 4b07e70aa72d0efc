import { closeSync, createReadStream, openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { UserError } from '../../../schemas/problem.ts'
import type { FoldFiles, WrittenFile } from './fold-files.ts'
import { madeFiles } from './fold-view.ts'
import type { FoldView, MadeFile } from './fold-view.ts'

/**
 * Folds in pairs of files, features and label, as CSV with the label first. The numbers were written anew, so the bytes of the
 * records are known only to whoever has the input.
 */
export async function pairedFolds(source: FoldFiles, report: FoldReport): Promise<FoldView> {
  const listed = await source.list()
  const byPath = new Map(listed.map(file => [file.path, file]))
  const files = listed.flatMap((file): (WrittenFile | MadeFile)[] => {
    const [, stem, half] = /^((?:train|validation|all|test)\/.*)_([xy])\.csv$/.exec(file.path) ?? []
    // What is no half of a pair stays as it is, and is named as a file that should not be there.
    if (stem === undefined) return [file]
    const other = byPath.get(`${stem}_${half === 'x' ? 'y' : 'x'}.csv`)
    if (other === undefined) return [halfPair(file, `${stem}_${half === 'x' ? 'y' : 'x'}.csv`)]
    return half === 'x' ? [joinedPair(source, file, other)] : []
  })
  const { storage: _storage, ...rest } = report
  return {
    ...madeFiles(source, files),
    report: {
      ...rest,
      header: false,
      label: report.label === null ? null : '0',
      groups: groupColumn(report),
      // What the files do not name cannot be counted.
      storage: { singleFile: true, dropHeader: true },
    },
    rewritten: 'the numbers were written anew: give --input',
    unordered: false,
    compareCopies: null,
  }
}

/** The column that the groups stand in now, when it and the label are told by their places. */
function groupColumn({ groups, label, header }: FoldReport): string | null {
  if (groups === null || header || label === null) return groups
  return Number(groups) < Number(label) ? String(Number(groups) + 1) : groups
}

/** Every folder's has a name of its own: none is a copy of another. */
function joinedPair(source: FoldFiles, features: WrittenFile, labels: WrittenFile): MadeFile {
  return {
    path: features.path.replace(/^(.*)\/([^/]*)_x\.csv$/, (_, folder: string, stem: string) =>
      [folder, `${folder.replaceAll('/', '-')}-${stem}.csv`].join('/'),
    ),
    bytes: features.bytes + labels.bytes,
    writeTo: async path =>
      await source.withFile(features, async x => {
        await source.withFile(labels, async y => await joinLines(path, [features, x], [labels, y]))
      }),
  }
}

/** The two files of a pair are not those of one set of records: a fault of the folds, not of reading them. */
export class BrokenPair extends UserError {}

type Half = readonly [file: WrittenFile, path: string]

async function joinLines(target: string, [features, x]: Half, [labels, y]: Half): Promise<void> {
  const [left, right] = [openLines(x), openLines(y)]
  const fd = openSync(target, 'wx')
  try {
    let piece: string[] = []
    for (let line = 1; ; line++) {
      const [feature, label] = [await left.next(), await right.next()]
      if (feature.done !== label.done) {
        const [short, long] = feature.done === true ? [features, labels] : [labels, features]
        throw new BrokenPair(`${short.path}:${line} — the file ends here, and ${long.path} goes on`)
      }
      if (feature.done !== true) piece.push(`${label.value},${feature.value}\n`)
      if (feature.done === true || piece.length === PIECE_LINES) {
        writeSync(fd, piece.join(''))
        piece = []
      }
      if (feature.done === true) return
    }
  } finally {
    closeSync(fd)
    await Promise.all([left.return?.(), right.return?.()])
  }
}

const PIECE_LINES = 4096

const openLines = (path: string): AsyncIterator<string> =>
  createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()

function halfPair({ path, bytes }: WrittenFile, other: string): MadeFile {
  return {
    path,
    bytes,
    writeTo: async () => {
      throw new BrokenPair(`${path} — ${other} is missing, the other file of the pair`)
    },
  }
}

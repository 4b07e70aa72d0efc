import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import type { SplitOptionsInput } from '../../../schemas/split-options.ts'
import { splitOptionsSchema } from '../../../schemas/split-options.ts'
import { mapOutputs } from '../../../processing/split/output-folders.ts'
import { splitData } from '../../../processing/split/split-data.ts'
import type { SplitIo } from '../../../processing/split/split-io.ts'

/** Data files by name; a single one is given to the splitter as a file, several as their folder. */
export type DataFiles = Readonly<Record<string, string | Uint8Array>>

export interface SplitCase {
  readonly root: string
  readonly report: FoldReport
  /** Content of every file below an output folder, by relative path. */
  readonly files: (folder: string) => Map<string, Buffer>
  /** The files of an output folder one after the other in name order, headers dropped. */
  readonly records: (folder: string) => string
}

/** Splits real files in a folder of their own, which is removed again by {@link removeCases}. */
export async function splitCase(
  data: DataFiles,
  options: SplitOptionsInput,
  io: Partial<SplitIo> = {},
): Promise<SplitCase> {
  const root = caseFolder(data)
  const names = Object.keys(data)
  const report = await splitData(splitOptionsSchema.parse(options), {
    input: names.length === 1 ? join(root, 'data', names[0] as string) : join(root, 'data'),
    output: mapOutputs(name => join(root, 'out', name)),
    ...io,
  })
  const files = (folder: string) => readTree(join(root, 'out', folder))
  const headerBytes = options.header === true ? headerLength(data) : 0
  return {
    root,
    report,
    files,
    records: folder =>
      [...files(folder).values()].map(content => content.subarray(headerBytes).toString('latin1')).join(''),
  }
}

const folders: string[] = []

export function caseFolder(data: DataFiles): string {
  const root = mkdtempSync(join(tmpdir(), 'foldwise-split-'))
  folders.push(root)
  for (const [name, content] of Object.entries(data)) {
    mkdirSync(dirname(join(root, 'data', name)), { recursive: true })
    writeFileSync(join(root, 'data', name), content)
  }
  return root
}

export function removeCases(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** Every file below `folder`, hidden ones too, in name order. */
export function readTree(folder: string, prefix = ''): Map<string, Buffer> {
  const found = new Map<string, Buffer>()
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      for (const [name, content] of readTree(path, `${prefix}${entry.name}/`)) found.set(name, content)
    else found.set(prefix + entry.name, readFileSync(path))
  }
  return found
}

function headerLength(data: DataFiles): number {
  const first = Buffer.from(Object.values(data)[0] ?? '')
  const mark = first.subarray(0, 3).equals(Buffer.from('\uFEFF')) ? 3 : 0
  return first.indexOf(0x0a) + 1 - mark
}

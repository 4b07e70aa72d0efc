import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FoldReport } from '../../../schemas/fold-report.ts'
import { isUserError } from '../../../schemas/problem.ts'
import { splitOptionsSchema } from '../../../schemas/split-options.ts'
import { mapOutputs } from '../output-folders.ts'
import { splitData } from '../split-data.ts'
import { describeDifference } from './compare-copies.ts'
import { firstDifference } from './first-difference.ts'
import { folderFiles } from './fold-files.ts'
import type { FoldFiles } from './fold-files.ts'
import type { Evidence, Finding } from './promises.ts'
import { readLayout } from './read-layout.ts'

export interface Inputs {
  /** The data that were split, a file or a folder of this machine. */
  readonly input?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The inputs are those of the report, and splitting them again puts every record where it was found: the one check that
 * needs nothing of what was written, and that names the record that is not what it was. Needs room for the data in the
 * temporary folder.
 */
export async function checkInputs(
  source: FoldFiles,
  { report, parts }: Evidence,
  { input, signal }: Inputs,
): Promise<Finding> {
  if (input === undefined) return { checked: false, detail: 'no --input was given', problems: [] }
  if (report.options === undefined)
    return { checked: false, detail: 'the report does not name the options', problems: [] }
  const options = splitOptionsSchema.parse({ ...report.options, layout: 'copy' })
  const folder = mkdtempSync(join(tmpdir(), 'foldwise-verify-'))
  try {
    const again = await splitData(options, {
      input,
      output: mapOutputs(name => join(folder, name)),
      ...(signal && { signal }),
    })
    const problems = compareInputs(report, again)
    const origin = folderFiles(folder)
    const { parts: expected } = await readLayout(origin, again)
    const compared = new Set<string>()
    // Validation folders first: a shard is named after its home.
    for (const [place, shards] of [...expected].sort(([a], [b]) => (a < b ? 1 : -1))) {
      const found = new Map((parts.get(place) ?? []).map(shard => [shard.name, shard.file]))
      for (const { name, file } of shards) {
        const written = found.get(name)
        if (written === undefined) problems.push(`${place} lacks ${name}, which the inputs give`)
        else if (!compared.has(written.identity ?? written.path)) {
          compared.add(written.identity ?? written.path)
          const difference = await source.withFile(written, path => firstDifference(path, join(folder, file.path)))
          if (difference !== null) problems.push(describeDifference(written.path, 'what the inputs give', difference))
        }
      }
    }
    return { checked: true, detail: `split again: ${report.strategy} of ${report.inputs.length} files`, problems }
  } catch (error) {
    if (!isUserError(error)) throw error
    return { checked: true, detail: 'the inputs cannot be split again', problems: [error.message] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compareInputs(report: FoldReport, again: FoldReport): string[] {
  const found = new Map(again.inputs.map(input => [input.name, input]))
  const named = new Set(report.inputs.map(({ name }) => name))
  return [
    ...report.inputs.flatMap(({ name, digest }) => {
      const input = found.get(name)
      if (input === undefined) return [`${name} — the input is missing that the report names`]
      return input.digest === digest
        ? []
        : [`${name} — the input has digest ${input.digest}, the report says ${digest}`]
    }),
    ...again.inputs
      .filter(({ name }) => !named.has(name))
      .map(({ name }) => `${name} — the report names no such input`),
  ]
}

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { splitContainer } from '../schemas/containers.ts'
import { type FoldReport, foldReportSchema } from '../schemas/fold-report.ts'
import { UserError } from '../schemas/problem.ts'
import { platformPath } from './platform.ts'

/** A JSON file of the inputs by its contract; undefined when it is not there. */
export async function readInput<Value>(
  path: string,
  what: string,
  contract: { parse(value: unknown): Value },
): Promise<Value | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return contract.parse(JSON.parse(text))
  } catch (error) {
    throw new UserError(`${path}: it is not ${what} of this version of Foldwise — write it again.`, { cause: error })
  }
}

/**
 * The split's report among a job's inputs.
 *
 * @param input Path of the input in the container.
 * @param who Reads it, for the sentence.
 * @throws UserError when it is not there
 */
export async function readFoldReport(input: string, who: string): Promise<FoldReport> {
  const path = join(platformPath(input), splitContainer.reportFile)
  const report = await readInput(path, 'a fold report', foldReportSchema)
  if (report !== undefined) return report
  throw new UserError(`${path}: the fold report is missing — give the ${who} the split's report as an input.`)
}

/** Whole or not at all: written beside its place, then renamed. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.partial`, text)
  await rename(`${path}.partial`, path)
}

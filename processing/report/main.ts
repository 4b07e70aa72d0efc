import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile, rename, writeFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { aggregateFlags, aggregateOptionsSchema } from '../../schemas/aggregate-options.ts'
import type { AggregateOptions } from '../../schemas/aggregate-options.ts'
import { aggregateContainer, splitContainer } from '../../schemas/containers.ts'
import { foldReportSchema } from '../../schemas/fold-report.ts'
import type { FoldReport } from '../../schemas/fold-report.ts'
import { optMl, optMlRoot } from '../../schemas/opt-ml.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import { aggregateFolds } from './aggregate-folds.ts'
import { renderReport } from './render-report.ts'

/** The platform keeps this much of the message file. */
const MESSAGE_BYTES = 1024

try {
  const options = readOptions(process.argv.slice(2))
  const foldReport = await readFoldReport()
  const evaluation = await aggregateFolds(options, {
    foldReport,
    environment: process.env,
    models: below(aggregateContainer.inputs.models),
  })
  const folder = below(aggregateContainer.outputs.evaluation)
  await writeWhole(join(folder, aggregateContainer.reportFile), renderReport(evaluation, foldReport))
  await writeWhole(join(folder, aggregateContainer.evaluationFile), `${JSON.stringify(evaluation, null, 2)}\n`)
  const { name, mean, std } = evaluation.objective
  console.log(`${name}: mean ${mean}, standard deviation ${std} over ${evaluation.objective.folds.length} folds`)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(isUserError(error) || !(error instanceof Error) ? message : error.stack)
  writeMessage(message)
  process.exitCode = isUserError(error) ? 1 : 3
}

function readOptions(args: string[]): AggregateOptions {
  let values: Partial<Record<keyof AggregateOptions, string>>
  try {
    values = parseArgs({ args, options: aggregateFlags }).values
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), { exitCode: 2, cause: error })
  }
  const options = aggregateOptionsSchema.safeParse({
    ...values,
    k: values.k === undefined ? undefined : Number(values.k),
  })
  if (options.success) return options.data
  const issue = options.error.issues[0]
  const name = String(issue?.path[0] ?? '')
  const given = values[name as keyof AggregateOptions]
  throw new UserError(
    `Argument --${name}: ${given === undefined ? 'it is missing' : `"${given}" does not fit`} — ${issue?.message}.`,
    { exitCode: 2 },
  )
}

async function readFoldReport(): Promise<FoldReport> {
  const path = join(below(aggregateContainer.inputs.report), splitContainer.reportFile)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new UserError(`${path}: the fold report is missing — give the aggregation the split's report as an input.`)
  }
  try {
    return foldReportSchema.parse(JSON.parse(text))
  } catch (error) {
    throw new UserError(`${path}: it is not a fold report of this version of Foldwise — split again.`, { cause: error })
  }
}

/** A path of the platform, moved with `/opt/ml`. */
function below(path: string): string {
  return path.replace(/^\/opt\/ml(?=\/)/, () => optMlRoot())
}

/** Whole or not at all: written beside its place, then renamed. */
async function writeWhole(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.partial`, text)
  await rename(`${path}.partial`, path)
}

function writeMessage(message: string): void {
  const path = join(optMlRoot(), optMl.exitMessage)
  mkdirSync(dirname(path), { recursive: true })
  // The platform refuses a message that is not UTF-8: a character cut in two is left out.
  writeFileSync(path, new TextDecoder().decode(Buffer.from(message).subarray(0, MESSAGE_BYTES), { stream: true }))
}

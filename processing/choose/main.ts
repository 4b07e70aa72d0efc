import { join } from 'node:path'
import { chooseContainer, splitContainer } from '../../schemas/containers.ts'
import { foldReportSchema } from '../../schemas/fold-report.ts'
import { isUserError, UserError } from '../../schemas/problem.ts'
import { readInput, writeWhole } from '../json-files.ts'
import { platformPath, writeExitMessage } from '../platform.ts'
import { chooseCandidate } from './choose-candidate.ts'
import { parseChooseOptions } from './parse-options.ts'

try {
  const options = parseChooseOptions(process.argv.slice(2))
  const path = join(platformPath(chooseContainer.inputs.report), splitContainer.reportFile)
  const foldReport = await readInput(path, 'a fold report', foldReportSchema)
  if (foldReport === undefined)
    throw new UserError(`${path}: the fold report is missing — give the choice the split's report as an input.`)
  const choice = chooseCandidate(options, { foldReport, environment: process.env })
  await writeWhole(
    join(platformPath(chooseContainer.outputs.choice), chooseContainer.choiceFile),
    `${JSON.stringify(choice, null, 2)}\n`,
  )
  for (const { name, mean } of choice.candidates) console.log(`${name}: mean ${options.objective} ${mean}`)
  console.log(`chosen: ${choice.candidate}`)
} catch (error) {
  const message = error instanceof Error ? error.message : String(error)
  console.error(isUserError(error) || !(error instanceof Error) ? message : error.stack)
  writeExitMessage(message)
  process.exitCode = isUserError(error) ? error.exitCode : 3
}

import { join } from 'node:path'
import { chooseContainer } from '../../schemas/containers.ts'
import { isUserError } from '../../schemas/problem.ts'
import { readFoldReport, writeWhole } from '../json-files.ts'
import { platformPath, reportFailure } from '../platform.ts'
import { chooseCandidate } from './choose-candidate.ts'
import { parseChooseOptions } from './parse-options.ts'

try {
  const options = parseChooseOptions(process.argv.slice(2))
  const foldReport = await readFoldReport(chooseContainer.inputs.report, 'choice')
  const choice = chooseCandidate(options, { foldReport, environment: process.env })
  await writeWhole(
    join(platformPath(chooseContainer.outputs.choice), chooseContainer.choiceFile),
    `${JSON.stringify(choice, null, 2)}\n`,
  )
  for (const { name, mean } of choice.candidates) console.log(`${name}: mean ${options.objective} ${mean}`)
  console.log(`chosen: ${choice.candidate}`)
} catch (error) {
  reportFailure(error)
  process.exitCode = isUserError(error) ? error.exitCode : 3
}

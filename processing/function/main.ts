import { join } from 'node:path'
import { functionContainer } from '../../schemas/containers.ts'
import { platformPath, writeExitMessage } from '../platform.ts'
import { runFunction } from './run-function.ts'

let isDone = false

process.on('uncaughtException', fail)
process.on('unhandledRejection', fail)
// With nothing left to do and no result, the function waits for something that cannot happen any more.
process.on('beforeExit', () => {
  if (!isDone) fail(new Error('The function never finished: it waits for something that cannot happen any more.'))
})

runFunction({
  program: join(platformPath(functionContainer.inputs.code), functionContainer.programFile),
  containerArguments: process.argv.slice(2),
  environment: process.env,
  resultFile: join(platformPath(functionContainer.outputs.result), functionContainer.resultFile),
}).then(succeed, fail)

/** Ends at once: what the function left open, such as a connection, must not keep a paid machine running. */
function succeed(): void {
  isDone = true
  process.exit(0)
}

function fail(thrown: unknown): void {
  isDone = true
  const message = thrown instanceof Error ? thrown.message || thrown.name : String(thrown)
  console.error(thrown instanceof Error ? (thrown.stack ?? message) : message)
  writeExitMessage(message)
  process.exit(1)
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { optMl, optMlRoot } from '../schemas/opt-ml.ts'
import { isUserError } from '../schemas/problem.ts'

/** The platform keeps this much of the message file. */
const MESSAGE_BYTES = 1024

/** A path of the platform, moved with `/opt/ml`. */
export function platformPath(path: string): string {
  return path.replace(/^\/opt\/ml(?=\/)/, () => optMlRoot())
}

/** Tells why a program of ours failed, in its log and as the ExitMessage: a mistake of the user's in one sentence. */
export function reportFailure(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  console.error(isUserError(error) || !(error instanceof Error) ? message : error.stack)
  writeExitMessage(message)
}

/** Writes what becomes the processing job's ExitMessage. */
export function writeExitMessage(message: string): void {
  const path = join(optMlRoot(), optMl.exitMessage)
  mkdirSync(dirname(path), { recursive: true })
  // The platform refuses a message that is not UTF-8: a character cut in two is left out.
  writeFileSync(path, new TextDecoder().decode(Buffer.from(message).subarray(0, MESSAGE_BYTES), { stream: true }))
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, Worker } from 'node:worker_threads'
import { optMl, optMlRoot } from '../schemas/opt-ml.ts'
import { isUserError } from '../schemas/problem.ts'

/** Entry of the training image. Exit codes: 0 trained, 1 the user's mistake, 3 our defect, 143 stopped by SIGTERM. */
const FAILURE_CHARACTERS = 1024

if (!isMainThread) await runTraining()
else if (process.argv[2] === 'serve') await runServer()
else superviseTraining()

/**
 * libsvm blocks its thread for as long as it fits, and a container's first process ignores a SIGTERM that it does not
 * handle. So the fit has a thread of its own, and this one is free to stop it at once.
 */
function superviseTraining(): void {
  const worker = new Worker(fileURLToPath(import.meta.url), { argv: process.argv.slice(2) })
  worker.on('error', error => fail(error))
  worker.on('exit', code => {
    process.exitCode ??= code
  })
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.on(signal, () => process.exit(code))
  }
}

async function runTraining(): Promise<void> {
  try {
    const { train } = await import('./train.ts')
    await train(optMlRoot(), { out: line => console.log(line), err: line => console.error(line) })
  } catch (error) {
    fail(error)
  }
}

/** Hosting's argument: the image answers with the model that it trained. */
async function runServer(): Promise<void> {
  try {
    const { serve } = await import('./serve.ts')
    const server = await serve(optMlRoot())
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        server.closeAllConnections()
        server.close(() => process.exit(0))
      })
    }
  } catch (error) {
    console.error(isUserError(error) ? error.message : error)
    process.exitCode = isUserError(error) ? 1 : 3
  }
}

/** Tells SageMaker why: `/opt/ml/output/failure` becomes the job's FailureReason. */
function fail(error: unknown): void {
  const userError = isUserError(error)
  const message = error instanceof Error ? error.message : String(error)
  const reason = userError ? message : `The trainer failed, which is a defect of Foldwise: ${message}`
  console.error(userError || !(error instanceof Error) ? reason : `${reason}\n${error.stack}`)
  process.exitCode = userError ? 1 : 3
  const path = join(optMlRoot(), optMl.failure)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, reason.slice(0, FAILURE_CHARACTERS))
}

import { mkdir } from 'node:fs/promises'
import { UserError } from '../schemas/problem.ts'
import { explainDiskError } from './write-file.ts'

export interface LocalServerOptions {
  readonly stateDir: string
  /** @default a free port */
  readonly port?: number | undefined
  /** Jobs that may run at once over all executions. */
  readonly maxParallelJobs?: number | undefined
}

/** Starts the local SageMaker. @throws UserError for a port in use and for a state folder that cannot be written. */
export async function startLocalServer({ stateDir, port, maxParallelJobs }: LocalServerOptions) {
  const { startLocalSageMaker } = await import('../local/index.ts')
  try {
    await mkdir(stateDir, { recursive: true })
    return await startLocalSageMaker({
      stateDir,
      ...(port === undefined ? {} : { port }),
      ...(maxParallelJobs === undefined ? {} : { maxParallelJobs }),
    })
  } catch (error) {
    const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined
    if (code === 'EADDRINUSE') {
      throw new UserError(
        `Port ${port} is already in use — a free port is needed — pass another --port, or none for any free port.`,
        { exitCode: 2, cause: error },
      )
    }
    if (code === 'EACCES' && port !== undefined && port < 1024) {
      throw new UserError(`Port ${port} may not be used — ports below 1024 need privileges — pass another --port.`, {
        exitCode: 2,
        cause: error,
      })
    }
    throw explainDiskError(error, stateDir)
  }
}

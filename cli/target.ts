import { resolve } from 'node:path'
import { createClients, type Clients } from '../pipeline/service/index.ts'
import type { LocalConfig } from './load-config.ts'

/** The flags that choose a target; see `targetFlags`. */
export interface TargetFlags {
  readonly local: boolean | undefined
  readonly state: string | undefined
  readonly region: string | undefined
  readonly profile: string | undefined
}

export const DEFAULT_STATE = '.foldwise'

/** A SageMaker to talk to. */
export interface Target {
  readonly clients: Clients
  /** True when the local SageMaker lives only as long as this command. */
  readonly ownServer: boolean
}

/**
 * Runs `use` with clients for AWS or for the local SageMaker: the one that `serve` runs on the state folder, or one that
 * is started for this command and stopped after it.
 *
 * @param options.readOnly The command only asks: interrupted executions are shown, not taken up and stopped again, and a
 * folder that another process works in can be read. @default false
 */
export async function withTarget<T>(
  flags: TargetFlags,
  use: (target: Target) => Promise<T>,
  options: { readonly readOnly?: boolean } = {},
): Promise<T> {
  if (!flags.local) {
    const clients = await createClients({ region: flags.region, profile: flags.profile })
    return useAndClose(clients, () => use({ clients, ownServer: false }))
  }
  return withLocal({ stateDir: resolve(flags.state ?? DEFAULT_STATE), ...options }, use)
}

/** {@link withTarget} for a command that only asks. */
export const askTarget = <T>(flags: TargetFlags, use: (target: Target) => Promise<T>): Promise<T> =>
  withTarget(flags, use, { readOnly: true })

export interface LocalOptions {
  readonly stateDir: string
  /** Only for a server that is started here. @default any free port */
  readonly port?: number | undefined
  /** Only for a server that is started here: images, functions, switches. @default none */
  readonly config?: LocalConfig
  /** See {@link withTarget}. @default false */
  readonly readOnly?: boolean
}

/** As {@link withTarget}, always local. */
export async function withLocal<T>(options: LocalOptions, use: (target: Target) => Promise<T>): Promise<T> {
  const { stateDir, port, config, readOnly = false } = options
  const { findServer } = await import('./serve-file.ts')
  const running = await findServer(stateDir)
  if (running !== undefined) {
    const clients = await createClients({ local: running.endpoint })
    return useAndClose(clients, () => use({ clients, ownServer: false }))
  }
  const { startLocalSageMaker } = await import('../local/index.ts')
  const server = await startLocalSageMaker({ stateDir, readOnly, ...config, ...(port === undefined ? {} : { port }) })
  try {
    const clients = await createClients({ local: server.endpoint })
    return await useAndClose(clients, () => use({ clients, ownServer: true }))
  } finally {
    await server.close()
  }
}

async function useAndClose<T>(clients: Clients, use: () => Promise<T>): Promise<T> {
  try {
    return await use()
  } finally {
    clients.close()
  }
}

import { execFile } from 'node:child_process'
import { access, constants, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Clients, createClients, listPipelines } from '../pipeline/service/index.ts'
import { isUserError } from '../schemas/problem.ts'
import { findConfig } from './find-config.ts'
import { packageRoot } from './installation.ts'

/** How a check came out: `missing` is something optional that is not there. */
export type Verdict = 'ok' | 'missing' | 'broken'

export interface Finding {
  readonly check: string
  readonly verdict: Verdict
  readonly detail: string
}

/** What is looked at. */
export interface Circumstances {
  readonly stateDir: string
  readonly region: string | undefined
  readonly profile: string | undefined
  /** Such as `20.20.0`. */
  readonly nodeVersion: string
  /** Folder of the container programs. */
  readonly containerPrograms: string
}

export const thisInstallation = {
  nodeVersion: process.versions.node,
  containerPrograms: join(packageRoot, 'dist/containers'),
} as const

type Check = (circumstances: Circumstances) => Promise<Omit<Finding, 'check'>>

/** The oldest Node that Foldwise runs on; `engines` in package.json says the same. */
const OLDEST_NODE = 20

/** So long SageMaker may take to answer. */
const PATIENCE_SECONDS = 10

/** What is looked at, in this order. */
const checks: Readonly<Record<string, Check>> = {
  node: async ({ nodeVersion }) => ({
    verdict: Number.parseInt(nodeVersion, 10) >= OLDEST_NODE ? 'ok' : 'broken',
    detail: `v${nodeVersion}, ${OLDEST_NODE} or later is needed`,
  }),
  'container programs': async ({ containerPrograms }) => {
    const names = ['split', 'aggregate', 'train'].map(name => `${name}.mjs`)
    const found = await Promise.all(names.map(name => exists(join(containerPrograms, name))))
    const lacking = names.filter((_, index) => !found[index])
    return lacking.length === 0
      ? { verdict: 'ok', detail: containerPrograms }
      : { verdict: 'broken', detail: `${lacking.join(', ')} is not built: run "npm run build"` }
  },
  'state folder': async ({ stateDir }) => {
    const folder = await firstExisting(stateDir)
    if (!(await stat(folder)).isDirectory())
      return { verdict: 'broken', detail: `${folder} is no folder: choose another with --state` }
    const writable = await access(folder, constants.W_OK).then(
      () => true,
      () => false,
    )
    return writable
      ? { verdict: 'ok', detail: stateDir }
      : { verdict: 'broken', detail: `${folder} cannot be written: choose another with --state` }
  },
  configuration: async () => {
    const file = findConfig()
    if (file === undefined) return { verdict: 'missing', detail: 'no foldwise.config.ts here; none is needed' }
    try {
      const { loadConfig } = await import('./load-config.ts')
      await loadConfig()
      return { verdict: 'ok', detail: file }
    } catch (error) {
      if (!isUserError(error)) throw error
      return { verdict: 'broken', detail: error.message }
    }
  },
  loopback: async () => {
    const server = createServer()
    const error = await new Promise<Error | undefined>(done => {
      server.once('error', done)
      server.listen(0, '127.0.0.1', () => done(undefined))
    })
    server.close()
    return error === undefined
      ? { verdict: 'ok', detail: 'a port on 127.0.0.1 can be opened' }
      : { verdict: 'broken', detail: error.message }
  },
  docker: () => program(['docker', 'podman'], 'images of your own run in it'),
  python: () => program(['python3', 'python'], 'script mode containers run in it'),
  'aws files': async () => {
    const files = [
      process.env['AWS_CONFIG_FILE'] ?? join(homedir(), '.aws/config'),
      process.env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(homedir(), '.aws/credentials'),
    ]
    const found: string[] = []
    for (const file of files) {
      const failure = await readFile(file).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => error,
      )
      if (failure === undefined) found.push(file)
      // The SDK passes over a file that it cannot read, and then says that nothing is configured.
      else if (failure.code !== 'ENOENT' && failure.code !== 'ENOTDIR')
        return {
          verdict: 'broken',
          detail: `${file} cannot be read (${failure.message}): correct the file or its permissions`,
        }
    }
    return found.length === 0
      ? { verdict: 'missing', detail: 'no AWS configuration files; only needed for AWS' }
      : { verdict: 'ok', detail: found.join(', ') }
  },
  'aws region': async circumstances => {
    const clients = await clientsFor(circumstances)
    if (typeof clients === 'string') return { verdict: 'missing', detail: 'none configured; only needed for AWS' }
    clients.close()
    return { verdict: 'ok', detail: clients.region }
  },
  'aws credentials': async circumstances => {
    const clients = await clientsFor({ ...circumstances, region: circumstances.region ?? 'us-east-1' })
    if (typeof clients === 'string') return { verdict: 'broken', detail: clients }
    const { profile } = circumstances
    try {
      await clients.sagemaker.config.credentials()
      return { verdict: 'ok', detail: profile ?? process.env['AWS_PROFILE'] ?? 'found' }
    } catch (error) {
      // Whoever names a profile wants it to work; without one nobody has asked for AWS.
      const why = error instanceof Error ? error.message : String(error)
      return profile === undefined
        ? { verdict: 'missing', detail: 'none found; only needed for AWS' }
        : { verdict: 'broken', detail: `profile "${profile}" gives none (${why}): correct it, or sign in again` }
    } finally {
      clients.close()
    }
  },
  'aws access': async circumstances => {
    const clients = await clientsFor(circumstances)
    if (typeof clients === 'string') return { verdict: 'missing', detail: 'not tried without a region' }
    try {
      await clients.sagemaker.config.credentials()
    } catch {
      clients.close()
      return { verdict: 'missing', detail: 'not tried without credentials' }
    }
    const patience = new AbortController()
    try {
      return await Promise.race([
        listPipelines(clients, { limit: 1 }).then(
          () => ({ verdict: 'ok', detail: `SageMaker answers in ${clients.region}` }) as const,
        ),
        sleep(PATIENCE_SECONDS * 1000, undefined, { signal: patience.signal, ref: false }).then(
          () =>
            ({
              verdict: 'broken',
              detail: `SageMaker in ${clients.region} did not answer within ${PATIENCE_SECONDS} seconds: check the network, the region and any proxy`,
            }) as const,
        ),
      ])
    } catch (error) {
      if (!isUserError(error)) throw error
      return { verdict: 'broken', detail: error.message }
    } finally {
      patience.abort()
      clients.close()
    }
  },
}

/** Looks at everything; a check that cannot be made is a finding, too. */
export const examine = (circumstances: Circumstances): Promise<Finding[]> =>
  Promise.all(
    Object.entries(checks).map(async ([check, look]): Promise<Finding> => ({ check, ...(await look(circumstances)) })),
  )

/** Clients, or the sentence that says why there are none. */
async function clientsFor({ region, profile }: Circumstances): Promise<Clients | string> {
  try {
    return await createClients({ region, profile })
  } catch (error) {
    if (!isUserError(error)) throw error
    return error.message
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

async function firstExisting(path: string): Promise<string> {
  let folder = path
  while (!(await exists(folder)) && dirname(folder) !== folder) folder = dirname(folder)
  return folder
}

async function program(names: readonly string[], use: string): Promise<Omit<Finding, 'check'>> {
  for (const name of names) {
    const answer = await promisify(execFile)(name, ['--version'], { timeout: 5000 }).catch(() => undefined)
    if (answer !== undefined) return { verdict: 'ok', detail: `${answer.stdout.trim().split('\n')[0]}; ${use}` }
  }
  return { verdict: 'missing', detail: `no ${names.join(' or ')} on PATH; ${use}` }
}

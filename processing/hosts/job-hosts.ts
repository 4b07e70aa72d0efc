import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { HOST_ADDRESSES_VARIABLE } from '../../schemas/containers.ts'
import { optMl, optMlRoot, processingJobConfigSchema } from '../../schemas/opt-ml.ts'
import { UserError } from '../../schemas/problem.ts'

/** The hosts of a processing job, as this one sees them. */
export interface JobHosts {
  readonly current: string
  /** All of them, in an order that is the same everywhere; the first one is asked by the others. */
  readonly names: readonly string[]
  /** Where each listens, or would. */
  readonly addressOf: (name: string) => HostAddress
  /** Known to the hosts of this job only. */
  readonly token: string
}

export interface HostAddress {
  readonly host: string
  readonly port: number
}

/** The port on which the first host listens, unless an address says another. */
const PORT = 47470

const resourceConfigSchema = z.looseObject({ current_host: z.string(), hosts: z.array(z.string()).min(1) })

/**
 * Reads `resourceconfig.json`; null when the job has one host, or when this is no job.
 *
 * @throws UserError when the file does not say which host this is
 */
export function readJobHosts(environment: Readonly<Record<string, string | undefined>> = process.env): JobHosts | null {
  const path = join(optMlRoot(environment), optMl.processingResourceConfig)
  if (!existsSync(path)) return null
  const config = resourceConfigSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!config.success || !config.data.hosts.includes(config.data.current_host))
    throw new UserError(
      `${path} — it does not say which of its hosts this is — the platform writes current_host and hosts`,
    )
  const { current_host: current, hosts: names } = config.data
  if (names.length === 1) return null
  const addresses = parseAddresses(environment[HOST_ADDRESSES_VARIABLE] ?? '')
  return {
    current,
    names,
    addressOf: name => addresses.get(name) ?? { host: name, port: PORT },
    token: jobToken(environment),
  }
}

/** `algo-1=127.0.0.1:4711,algo-2=127.0.0.3`: for machines where the hosts' names are not known. */
export function parseAddresses(text: string): Map<string, HostAddress> {
  const entries = text.split(',').filter(entry => entry !== '')
  return new Map(
    entries.map(entry => {
      const match = /^([^=]+)=([^:]+)(?::(\d+))?$/.exec(entry)
      if (match === null)
        throw new UserError(`${HOST_ADDRESSES_VARIABLE}: "${entry}" — it has the form algo-1=127.0.0.1:${PORT}`)
      return [match[1] as string, { host: match[2] as string, port: match[3] === undefined ? PORT : Number(match[3]) }]
    }),
  )
}

/** The same on every host of a job, another for every job: two jobs on one network do not mix. */
function jobToken(environment: Readonly<Record<string, string | undefined>>): string {
  const path = join(optMlRoot(environment), optMl.processingJobConfig)
  const config = existsSync(path) ? processingJobConfigSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : null
  const job = config?.success === true ? (config.data['ProcessingJobArn'] ?? config.data.ProcessingJobName) : ''
  return createHash('sha256')
    .update(`foldwise hosts of ${String(job)}`)
    .digest('hex')
}

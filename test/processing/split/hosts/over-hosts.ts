import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { joinHosts } from '../../../../processing/hosts/host-exchange.ts'
import type { ExchangeTimes, HostExchange } from '../../../../processing/hosts/host-exchange.ts'
import type { JobHosts } from '../../../../processing/hosts/job-hosts.ts'
import { splitOverHosts } from '../../../../processing/split/hosts/split-over-hosts.ts'
import { mapOutputs } from '../../../../processing/split/output-folders.ts'
import type { SplitIo } from '../../../../processing/split/split-io.ts'
import { foldReportSchema } from '../../../../schemas/fold-report.ts'
import type { FoldReport } from '../../../../schemas/fold-report.ts'
import { splitOptionsSchema } from '../../../../schemas/split-options.ts'
import type { SplitOptionsInput } from '../../../../schemas/split-options.ts'
import { caseFolder, readTree } from '../split-case.ts'
import type { DataFiles } from '../split-case.ts'

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** The hosts algo-1, algo-2, … of a job on this machine. */
export async function loopbackHosts(count: number): Promise<JobHosts[]> {
  const port = await freePort()
  const names = Array.from({ length: count }, (_, i) => `algo-${i + 1}`)
  return names.map(current => ({
    current,
    names,
    addressOf: () => ({ host: '127.0.0.1', port }),
    token: 'of this job',
  }))
}

/** Files by name, dealt to hosts as ShardedByS3Key does. */
export function dealFiles(data: DataFiles, hosts: number): DataFiles[] {
  const names = Object.keys(data).sort()
  return Array.from({ length: hosts }, (_, host) =>
    Object.fromEntries(names.filter((_name, i) => i % hosts === host).map(name => [name, data[name] as string])),
  )
}

export interface HostsCase {
  /** The outputs of all hosts in one folder, as the platform uploads them. */
  readonly folder: string
  readonly report: FoldReport
  /** The lines of an output folder, sorted, the header aside. */
  readonly lines: (folder: string) => string[]
}

/** Runs a split on several hosts of this process, which talk over loopback. */
export async function splitOver(
  parts: readonly DataFiles[],
  options: SplitOptionsInput | readonly SplitOptionsInput[],
  io: Partial<SplitIo> = {},
  times: Partial<ExchangeTimes> = {},
): Promise<HostsCase> {
  const root = caseFolder({})
  const hosts = await loopbackHosts(parts.length)
  const runs = hosts.map(async (host, i) => {
    const place = join(root, host.current)
    for (const [name, content] of Object.entries(parts[i] ?? {})) {
      mkdirSync(dirname(join(place, 'data', name)), { recursive: true })
      writeFileSync(join(place, 'data', name), content)
    }
    const own = Array.isArray(options) ? (options[i] as SplitOptionsInput) : (options as SplitOptionsInput)
    let exchange: HostExchange | undefined
    try {
      exchange = await joinHosts(host, { times })
      const output = mapOutputs(name => join(place, 'out', name))
      return await splitOverHosts(
        splitOptionsSchema.parse(own),
        { input: join(place, 'data'), output, ...io },
        exchange,
      )
    } catch (error) {
      await exchange?.fail((error as Error).message)
      throw error
    } finally {
      await exchange?.close()
    }
  })
  const ended = await Promise.allSettled(runs)
  const failed = ended.find(run => run.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  const folder = join(root, 'uploaded')
  for (const { current } of hosts)
    cpSync(join(root, current, 'out'), folder, { recursive: true, errorOnExist: true, force: false })
  const report = foldReportSchema.parse(JSON.parse(readFileSync(join(folder, 'report/folds.json'), 'utf8')))
  return { folder, report, lines: part => linesOf(join(folder, part), report.header) }
}

/** The records of all files below a folder, sorted; manifests are not followed. */
export function linesOf(folder: string, header: boolean): string[] {
  if (!existsSync(folder)) return []
  return [...readTree(folder).values()]
    .flatMap(content =>
      content
        .toString('utf8')
        .split('\n')
        .slice(header ? 1 : 0, -1),
    )
    .sort()
}

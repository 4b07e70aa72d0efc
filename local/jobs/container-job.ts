import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findImage } from '../runtimes/images.ts'
import {
  type Command,
  markOf,
  type ProcessGroup,
  type ProcessMark,
  startProcessGroup,
} from '../runtimes/process-group.ts'
import { RuntimeRefusal } from '../runtimes/runtime.ts'
import { openJobLog } from './job-log.ts'
import type { StepRun } from './job-runner.ts'
import type { Sandbox } from './sandbox.ts'
import { parseS3Uri } from './s3-uri.ts'
import { ClientFault } from './step-fault.ts'

/** What a job's request says about its container. */
export interface ContainerSpec {
  readonly image: string
  readonly entrypoint?: readonly string[] | undefined
  readonly arguments?: readonly string[] | undefined
  /** What the platform passes to the image's own entrypoint when the request has no arguments: `train`. */
  readonly defaultArguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly maxRuntimeSeconds: number
  /** EnableNetworkIsolation. @default false */
  readonly isNetworkIsolated?: boolean
}

/** The part of a step's attempt that a container needs. */
type ContainerContext = Pick<StepRun, 'jobName' | 'signal' | 'world'>

/** Why the containers of a job are no longer running. */
export type ContainerEnd =
  | { readonly why: 'exited'; readonly code: number }
  | { readonly why: 'stopped' }
  | { readonly why: 'timeout' }

/** From SIGTERM to SIGKILL. Source: Developer Guide, "How Amazon SageMaker AI runs your training image". */
const graceMilliseconds = 120_000
/** The same when the engine itself is asked to end. */
const closingGraceMilliseconds = 2000

/** File in a job's folder that names its processes, for an engine that has to clean up after a killed one. */
export const processesFile = 'processes.json'

/**
 * Runs one container per sandbox until all have ended, one has failed, the execution is stopped or the time is up.
 *
 * Nothing of the job runs any more when this resolves.
 *
 * @throws ClientFault when there is no way to run the image here.
 */
export async function runContainers(
  run: ContainerContext,
  spec: ContainerSpec,
  sandboxes: readonly Sandbox[],
  onLine: (line: string) => void = () => {},
): Promise<ContainerEnd> {
  const folder = run.world.jobs.folder(run.jobName)
  const commands = await Promise.all(sandboxes.map(sandbox => prepare(run, spec, sandbox)))
  const log = openJobLog(join(folder, 'log.txt'), onLine)
  const groups: ProcessGroup[] = []
  const marks: ProcessMark[] = []
  try {
    for (const command of commands) {
      const group = await startProcessGroup(command, run.world.spawn)
      groups.push(group)
      marks.push({ ...markOf(group.pid), ...(command.kill && { kill: command.kill }) })
      // At once, not in turn: an engine that is killed now must leave the child's number behind.
      writeFileSync(join(folder, processesFile), JSON.stringify(marks))
    }
  } catch (error) {
    for (const group of groups) group.signal('SIGKILL')
    throw error
  }
  const prefix = (index: number): string => (groups.length > 1 ? `${sandboxes[index]?.host} | ` : '')
  const read = groups.flatMap((group, index) => [
    log.take(group.stdout, prefix(index)),
    log.take(group.stderr, prefix(index)),
  ])
  const end = await waitForEnd(run, spec, groups)
  await Promise.all(read)
  await log.close()
  rmSync(join(folder, processesFile), { force: true })
  const refusal = end.why === 'exited' ? commands[0]?.refusals?.[end.code] : undefined
  if (refusal !== undefined) throw new ClientFault(refusal)
  return end
}

async function prepare(run: ContainerContext, spec: ContainerSpec, sandbox: Sandbox): Promise<Command> {
  const mapping = findImage(spec.image, run.world.images)
  if (mapping === undefined) {
    throw new ClientFault(
      `The image ${JSON.stringify(spec.image)} cannot be run on this machine — Foldwise's own images and AWS's Python framework images can — map it to a runtime with "images" in foldwise.config.ts, or run the image itself with --runtime container.`,
    )
  }
  const passed =
    spec.entrypoint === undefined && spec.arguments === undefined ? spec.defaultArguments : (spec.arguments ?? [])
  const { runtimes } = run.world
  const runtime = Object.hasOwn(runtimes, mapping.runtime) ? runtimes[mapping.runtime] : undefined
  if (runtime === undefined) {
    throw new ClientFault(
      `The image ${JSON.stringify(spec.image)} is mapped to the runtime ${JSON.stringify(mapping.runtime)} — ${Object.keys(runtimes).join(', ')} are known — map it to one of them or give that one with the option "runtimes".`,
    )
  }
  try {
    return await runtime.prepare(
      {
        image: spec.image,
        name: `${run.jobName}${sandbox.host === 'algo-1' ? '' : `-${sandbox.host}`}`,
        arguments: passed,
        environment: spec.environment,
        isNetworkIsolated: spec.isNetworkIsolated ?? false,
        ...(spec.entrypoint === undefined ? {} : { entrypoint: spec.entrypoint }),
        ...(mapping.entrypoint === undefined ? {} : { imageEntrypoint: mapping.entrypoint }),
      },
      {
        ml: sandbox.ml,
        home: sandbox.home,
        temporary: sandbox.temporary,
        ...(mapping.programs && { programs: mapping.programs }),
      },
      {
        caches: run.world.caches,
        signal: run.signal,
        readObject: async uri => {
          const at = parseS3Uri(uri)
          return at === undefined ? undefined : (await run.world.store.get(at.bucket, at.key))?.body
        },
      },
    )
  } catch (error) {
    if (error instanceof RuntimeRefusal) throw new ClientFault(error.message)
    throw error
  }
}

async function waitForEnd(
  run: ContainerContext,
  spec: ContainerSpec,
  groups: readonly ProcessGroup[],
): Promise<ContainerEnd> {
  const { clock, closing } = run.world
  const over = new AbortController()
  const exits = groups.map(async group => {
    const { code } = await group.exit
    // A job with a failed host has failed; the others have nothing to wait for.
    if (code !== 0) for (const other of groups) if (other !== group) other.signal('SIGKILL')
    return code
  })
  const ended = Promise.all(exits).then(codes => ({
    why: 'exited' as const,
    code: codes.find(code => code !== 0 && code !== 137) ?? codes.find(code => code !== 0) ?? 0,
  }))
  const stopped = aborted(run.signal, over.signal).then(() => ({ why: 'stopped' as const }))
  const timeout = clock.sleep(spec.maxRuntimeSeconds * 1000, over.signal).then(() => ({ why: 'timeout' as const }))
  const end = await Promise.race([ended, stopped, timeout])
  if (end.why !== 'exited') {
    for (const group of groups) group.signal('SIGTERM')
    const grace = clock.sleep(graceMilliseconds, over.signal)
    const shortGrace = aborted(closing, over.signal).then(() =>
      over.signal.aborted ? undefined : realSleep(closingGraceMilliseconds),
    )
    await Promise.race([ended, grace, shortGrace])
    for (const group of groups) group.signal('SIGKILL')
    await ended
  }
  over.abort()
  return end
}

const realSleep = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

/** Resolves when one of the signals is aborted. */
function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  if (signals.some(signal => signal.aborted)) return Promise.resolve()
  return new Promise(resolve => {
    const done = (): void => {
      for (const signal of signals) signal.removeEventListener('abort', done)
      resolve()
    }
    for (const signal of signals) signal.addEventListener('abort', done, { once: true })
  })
}

import { execFile } from 'node:child_process'
import { dirname, delimiter, join } from 'node:path'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { BIND_HOST_VARIABLE } from '../../schemas/containers.ts'
import type { Command } from './process-group.ts'
import { type ContainerCommand, type ContainerPlace, type Runtime, RuntimeRefusal } from './runtime.ts'

const run = promisify(execFile)

/** Programs that run containers, with the same words for what is needed here; the first whose engine answers is taken. */
const programs = ['docker', 'podman']

/** Label of every container of a job; its value is the job's name. */
export const jobLabel = 'foldwise.job'

/** What docker and podman may need of the caller's environment to find their engine. */
const passedOn = /^(PATH|HOME|DOCKER_.*|CONTAINER_.*|CONTAINERS_.*|XDG_RUNTIME_DIR|XDG_CONFIG_HOME)$/

const bindPort = 'SAGEMAKER_BIND_TO_PORT'

/** The image itself, with docker or podman: `/opt/ml` of the sandbox mounted, nothing else of this machine. */
export const containerRuntime: Runtime = {
  prepare: async (container, place) => {
    const program = await findContainerProgram()
    const environment = callerEnvironment()
    // A container of an attempt that was interrupted has the name still.
    await run(program, ['rm', '--force', container.name], { env: environment }).catch(() => {})
    return {
      file: program,
      arguments: containerArguments(container, place),
      environment,
      folder: place.home,
      kill: { file: program, arguments: ['kill', container.name] },
      refusals: { [engineFailed]: cannotRun(container.image) },
    } satisfies Command
  },
}

/** docker and podman end with this code when they could not start the container. */
const engineFailed = 125

const cannotRun = (image: string): string =>
  `The image ${JSON.stringify(image)} could not be run by docker or podman — the job's log has their reason — pull the image or build it under this name.`

/** The argument list of `docker run`; nothing of it passes a shell. */
export function containerArguments(container: ContainerCommand, place: ContainerPlace): string[] {
  const { image, name, entrypoint, environment, isNetworkIsolated } = container
  const port = environment[bindPort]
  // Inside, the server must listen where the published port leads; outside it is on loopback only.
  const variables = port === undefined ? environment : { ...environment, [BIND_HOST_VARIABLE]: '0.0.0.0' }
  const [program, ...first] = entrypoint ?? []
  return [
    'run',
    '--rm',
    '--name',
    name,
    '--label',
    `${jobLabel}=${name}`,
    '--volume',
    `${place.ml}:/opt/ml`,
    ...(isNetworkIsolated ? ['--network', 'none'] : []),
    ...(port === undefined || isNetworkIsolated ? [] : ['--publish', `127.0.0.1:${port}:${port}`]),
    ...Object.entries(variables).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    ...(program === undefined ? [] : ['--entrypoint', program]),
    // An image that begins with a hyphen would be read as an option.
    '--',
    image,
    ...first,
    ...container.arguments,
  ]
}

const found = new Map<string, Promise<string>>()

/**
 * docker or podman, whichever is on PATH and reaches its engine.
 *
 * @throws RuntimeRefusal with what each of them said.
 */
export function findContainerProgram(): Promise<string> {
  const path = process.env['PATH'] ?? ''
  const known = found.get(path) ?? ask(path)
  found.set(path, known)
  // The next job looks again: the daemon may have been started by then.
  known.catch(() => found.delete(path))
  return known
}

async function ask(path: string): Promise<string> {
  const said: string[] = []
  for (const program of programs) {
    const file = path
      .split(delimiter)
      .map(folder => join(folder, program))
      .find(existsSync)
    if (file === undefined) {
      said.push(`${program} is not on PATH`)
      continue
    }
    try {
      await run(file, ['info'], { env: callerEnvironment(), cwd: dirname(file), timeout: 20_000 })
      return file
    } catch (error) {
      const { stderr = '', message } = error as { stderr?: string; message: string }
      said.push(`${program}: ${(stderr.trim().split('\n').at(-1) || message).trim()}`)
    }
  }
  throw new RuntimeRefusal(
    `No container can be run on this machine (${said.join('; ')}) — the runtime container needs docker or podman — start one, or run without --runtime container.`,
  )
}

const callerEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
    ),
  )

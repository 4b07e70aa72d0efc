import { type ChildProcess, execFile, spawn as nodeSpawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/** `child_process.spawn`, replaceable in tests. */
export type Spawn = typeof nodeSpawn

/** How a process ended: its code, or 128 plus the number of the signal, as a container reports it. */
export interface Exit {
  readonly code: number
}

/** A process with everything that it starts. */
export interface ProcessGroup {
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the process has ended, nothing of its group runs any more and its output has been read. */
  readonly exit: Promise<Exit>
  /** Sends a signal to the whole group; nothing happens when it has ended. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void
}

export interface Command {
  readonly file: string
  readonly arguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly folder: string
  /** What ends it where ending the process does not: a container lives on without its client. */
  readonly kill?: EndCommand
  /** Exit codes that are not the program's, and what they mean: the job fails with this sentence. @default none */
  readonly refusals?: Readonly<Record<number, string>>
}

/** A command that ends something that is no child of ours; it runs with this process's search path. */
export interface EndCommand {
  readonly file: string
  readonly arguments: readonly string[]
}

/** Looks without any output, one after another, after which a process outside the group is taken to hold the pipes. */
const outputGraceLooks = 8
const outputLookMilliseconds = 250

const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
}

/**
 * Starts a command without a shell as the leader of a process group of its own, with nothing on stdin.
 *
 * @throws The system's error when the process cannot be started.
 */
export async function startProcessGroup(command: Command, spawn: Spawn = nodeSpawn): Promise<ProcessGroup> {
  const child = spawn(command.file, [...command.arguments], {
    cwd: command.folder,
    env: { ...command.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    shell: false,
  })
  const ended = new Promise<Exit>(resolve => {
    child.once('exit', (code, signal) => resolve({ code: code ?? 128 + (signalNumbers[signal ?? ''] ?? 0) }))
  })
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  const pid = child.pid as number
  const exit = ended.then(async how => {
    // What the leader left behind ends with it.
    signalGroup(pid, 'SIGKILL')
    await outputRead(child, closed)
    return how
  })
  return {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exit,
    signal: signal => {
      if (signal === 'SIGKILL' && command.kill !== undefined) end(command.kill, command.environment)
      signalGroup(pid, signal)
    },
  }
}

/**
 * Waits until the output has been read to its end. A descendant that left the group may hold the pipes open for ever:
 * after a while in which nothing came they are closed from this side. Silence is counted in several short looks, because
 * a busy machine may let the whole time pass before it reads what has long been written.
 */
async function outputRead(child: ChildProcess, closed: Promise<void>): Promise<void> {
  let read = bytesRead(child)
  for (let silentLooks = 0; silentLooks < outputGraceLooks; silentLooks++) {
    const isClosed = await Promise.race([closed.then(() => true), sleep(outputLookMilliseconds).then(() => false)])
    if (isClosed) return
    const now = bytesRead(child)
    if (now !== read || isUnread(child)) silentLooks = -1
    read = now
  }
  child.stdout?.destroy()
  child.stderr?.destroy()
}

const outputs = ({ stdout, stderr }: ChildProcess): Socket[] =>
  [stdout, stderr].filter(stream => stream instanceof Socket)

const bytesRead = (child: ChildProcess): number => outputs(child).reduce((sum, stream) => sum + stream.bytesRead, 0)

const isUnread = (child: ChildProcess): boolean => outputs(child).some(stream => stream.readableLength > 0)

/** Does not hold the program: a timer that nobody waits for any more must not delay its end. */
const sleep = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds).unref())

/** Not waited for: it may fail because there is nothing to end any more. */
function end({ file, arguments: list }: EndCommand, environment: Readonly<Record<string, string>>): void {
  execFile(file, [...list], { env: { ...environment } }, () => {})
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    // ESRCH: nobody is left. EPERM: macOS says so for a group that is only zombies.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error
  }
}

/** Enough to know a process again after a restart, although its number may have been given to another one. */
export interface ProcessMark {
  readonly pid: number
  /** Start time as the system counts it; empty where the system does not tell. */
  readonly started: string
  readonly kill?: EndCommand
}

export const markOf = (pid: number): ProcessMark => ({ pid, started: startTimeOf(pid) ?? '' })

/** True when the marked process, and not another one with its number, is running; one that is dead but not collected is not. */
export function isRunning(mark: ProcessMark): boolean {
  try {
    process.kill(mark.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const fields = statOf(mark.pid)
  if (fields?.[0] === 'Z') return false
  return fields === undefined || mark.started === '' || fields[19] === mark.started
}

/** Ends the group of a process that an earlier engine started and could not end. */
export function killLeftover(mark: ProcessMark): void {
  if (mark.kill !== undefined) end(mark.kill, process.env as Record<string, string>)
  // Without a start time it might be a stranger: better a leftover than a wrong victim.
  if (mark.started !== '' && isRunning(mark)) signalGroup(mark.pid, 'SIGKILL')
}

/** The 22nd field of the process's status is its start. */
const startTimeOf = (pid: number): string | undefined => statOf(pid)?.[19]

/**
 * The fields of /proc/<pid>/stat from the third (the state) on: the name before them may hold spaces and parentheses.
 * Undefined where there is no /proc.
 */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

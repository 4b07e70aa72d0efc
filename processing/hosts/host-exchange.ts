import { UserError } from '../../schemas/problem.ts'
import { openHub } from './hub.ts'
import { HubClient } from './hub-client.ts'
import type { JobHosts } from './job-hosts.ts'
import type { Message } from './message.ts'

/** How the hosts of a job tell one another what they know. */
export interface HostExchange {
  /** Position of this host among all. */
  readonly index: number
  readonly names: readonly string[]
  /**
   * Gives every host the messages of all, in the order of the hosts, when all have sent theirs for this `topic`.
   *
   * @throws UserError when a host failed, went away or cannot be reached
   */
  gather(topic: string, message: Message): Promise<readonly Message[]>
  /** Tells the others that this host cannot go on, and why: they stop, too. */
  fail(reason: string): Promise<void>
  close(): Promise<void>
}

export interface JoinOptions {
  readonly times?: Partial<ExchangeTimes>
  /** Ends the waiting for other hosts. */
  readonly signal?: AbortSignal
}

export interface ExchangeTimes {
  /** Until every host has been heard of for the first time. @default 600: instances do not start together */
  readonly startSeconds: number
  /** Without a sign of life, a host is taken for dead. @default 60 */
  readonly silenceSeconds: number
}

const standardTimes: ExchangeTimes = { startSeconds: 600, silenceSeconds: 60 }

/**
 * Joins the hosts of a job: the first one listens, the others ask it. All give signs of life while they work, so that a
 * host that dies ends the job within a minute and not when the job's time is up.
 *
 * @throws UserError when the first host cannot listen
 */
export async function joinHosts(hosts: JobHosts, { times, signal }: JoinOptions = {}): Promise<HostExchange> {
  const { current, names, addressOf, token } = hosts
  const all = { ...standardTimes, ...times }
  const [first = current] = names
  const address = addressOf(first)
  const index = names.indexOf(current)
  if (index > 0) {
    const client = new HubClient({ address, token, current, first, times: all })
    return {
      index,
      names,
      gather: (topic, message) => unlessAborted(client.gather(topic, message), signal),
      fail: reason => client.fail(reason),
      close: () => client.close(),
    }
  }
  const hub = await openHub({ address, token, names, times: all }).catch((error: unknown) => {
    throw new UserError(
      `${first} cannot listen on ${address.host}:${address.port} (${(error as Error).message}) — the hosts of a job need this port to exchange counts — free it`,
      { cause: error },
    )
  })
  return {
    index,
    names,
    gather: (topic, message) => unlessAborted(hub.gather(topic, first, message), signal),
    fail: async reason => hub.fail(`${first}: ${reason}`),
    close: () => hub.close(),
  }
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work
  const aborted = new Promise<never>((_, reject) => {
    const stop = () => reject(new UserError('the split was interrupted while it waited for the other hosts'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  work.catch(() => {})
  return await Promise.race([work, aborted])
}

import { timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { UserError } from '../../schemas/problem.ts'
import type { ExchangeTimes } from './host-exchange.ts'
import type { HostAddress } from './job-hosts.ts'
import { packMessages, unpackMessages } from './message.ts'
import type { Message } from './message.ts'

/** Where all hosts leave their messages; it lives on the first of them. */
export interface Hub {
  gather(topic: string, host: string, message: Message): Promise<readonly Message[]>
  fail(reason: string): void
  /** Waits a little for hosts that have not fetched their last answer. */
  close(): Promise<void>
}

export interface HubOptions {
  readonly address: HostAddress
  readonly token: string
  readonly names: readonly string[]
  readonly times: ExchangeTimes
}

/** What the hosts have sent about one topic. */
interface Topic {
  readonly messages: Map<string, Message>
  readonly all: Promise<readonly Message[]>
  settle(messages: readonly Message[]): void
  reject(error: Error): void
  /** Hosts that have their answer. */
  readonly answered: Set<string>
}

/** Longest message: 2 GiB of codes are some 10^9 records. */
const MAX_MESSAGE_BYTES = 2 ** 31
const LOOK_MILLISECONDS = 250
const LINGER_MILLISECONDS = 5000

export async function openHub({ address, token, names, times }: HubOptions): Promise<Hub> {
  const topics = new Map<string, Topic>()
  const lastSeen = new Map<string, number>()
  const started = Date.now()
  let failure: UserError | undefined
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(error instanceof UserError ? 409 : 400)
      response.end(error instanceof Error ? error.message : String(error))
    })
  })
  server.requestTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(address.port, address.host, resolve)
  })
  const watch = setInterval(lookForSilence, LOOK_MILLISECONDS)

  return { gather, fail, close }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = String(request.headers['x-foldwise-host'])
    if (!isToken(request.headers.authorization, token) || !names.includes(host)) {
      response.writeHead(401).end('this is another job')
      return
    }
    lastSeen.set(host, Date.now())
    const path = request.url ?? ''
    if (path === '/failed') {
      fail(`${host}: ${(await readBody(request)).toString('utf8')}`)
      response.end()
    } else if (path === '/alive') {
      if (failure !== undefined) throw failure
      response.end()
    } else {
      const topic = decodeURIComponent(path.slice(1))
      const [message] = unpackMessages(await readBody(request))
      if (message === undefined) throw new Error('the message is empty')
      const messages = await gather(topic, host, message)
      response.end(packMessages(messages), () => forget(topic, host))
    }
  }

  function gather(name: string, host: string, message: Message): Promise<readonly Message[]> {
    if (failure !== undefined) return Promise.reject(failure)
    const topic = topics.get(name) ?? openTopic(name)
    topic.messages.set(host, message)
    if (topic.messages.size === names.length) topic.settle(names.map(each => topic.messages.get(each) as Message))
    if (host === names[0]) topic.all.then(() => forget(name, host)).catch(() => {})
    return topic.all
  }

  function openTopic(name: string): Topic {
    let settle: Topic['settle'] = () => {}
    let reject: Topic['reject'] = () => {}
    const all = new Promise<readonly Message[]>((resolve, refuse) => {
      settle = resolve
      reject = refuse
    })
    // Whoever waits for it hears of a failure; nobody needs to be waiting yet.
    all.catch(() => {})
    const topic: Topic = { messages: new Map(), all, settle, reject, answered: new Set() }
    topics.set(name, topic)
    return topic
  }

  /** A topic that every host knows takes no more memory. */
  function forget(name: string, host: string): void {
    const topic = topics.get(name)
    topic?.answered.add(host)
    if (topic?.answered.size === names.length) topics.delete(name)
  }

  function hasFailed(): boolean {
    return failure !== undefined
  }

  function fail(reason: string): void {
    failure ??= new UserError(reason)
    for (const topic of topics.values()) topic.reject(failure)
  }

  function lookForSilence(): void {
    const now = Date.now()
    for (const name of names.slice(1)) {
      const seen = lastSeen.get(name)
      if (seen === undefined && now - started > times.startSeconds * 1000)
        fail(
          `${name} has not been heard of in ${times.startSeconds} seconds — every host of the job must run the split`,
        )
      if (seen !== undefined && now - seen > times.silenceSeconds * 1000)
        fail(`${name} has not been heard of for ${times.silenceSeconds} seconds — it has died or lost the network`)
    }
  }

  async function close(): Promise<void> {
    clearInterval(watch)
    const end = Date.now() + LINGER_MILLISECONDS
    while (topics.size > 0 && !hasFailed() && Date.now() < end) await new Promise(resolve => setTimeout(resolve, 20))
    // Hosts that wait get the failure first.
    if (failure !== undefined) await new Promise(resolve => setTimeout(resolve, 200))
    server.close()
    server.closeAllConnections()
  }
}

function isToken(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '')
  const wanted = Buffer.from(`Bearer ${token}`)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_MESSAGE_BYTES) throw new Error('the message is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

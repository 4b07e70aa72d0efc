import { Agent, request } from 'node:http'
import type { ClientRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../schemas/problem.ts'
import type { ExchangeTimes } from './host-exchange.ts'
import type { HostAddress } from './job-hosts.ts'
import { packMessages, unpackMessages } from './message.ts'
import type { Message } from './message.ts'

export interface HubClientOptions {
  readonly address: HostAddress
  readonly token: string
  readonly current: string
  /** Name of the host that is asked. */
  readonly first: string
  readonly times: ExchangeTimes
}

const RETRY_MILLISECONDS = 250

/** Asks the first host. A class because its signs of life have a lifetime. */
export class HubClient {
  private readonly options: HubClientOptions
  private readonly agent = new Agent({ keepAlive: true })
  private readonly pulse: NodeJS.Timeout
  private readonly pending = new Set<ClientRequest>()
  /** When the first host last answered. */
  private heard = 0
  private readonly started = Date.now()

  constructor(options: HubClientOptions) {
    this.options = options
    const every = Math.max(100, (options.times.silenceSeconds * 1000) / 10)
    this.pulse = setInterval(() => this.beat(), every)
  }

  async gather(topic: string, message: Message): Promise<readonly Message[]> {
    const body = packMessages([message])
    for (;;) {
      try {
        return unpackMessages(await this.send(encodeURIComponent(topic), body))
      } catch (error) {
        if (error instanceof UserError) throw error
        this.checkReachable(error as Error)
        await sleep(RETRY_MILLISECONDS)
      }
    }
  }

  async fail(reason: string): Promise<void> {
    // When the first host is gone, there is nobody to tell.
    await this.send('failed', Buffer.from(reason)).catch(() => {})
  }

  async close(): Promise<void> {
    clearInterval(this.pulse)
    this.agent.destroy()
  }

  /** A host that loses its power closes no connection: what waits for it is ended here. */
  private beat(): void {
    const silent = this.heard > 0 && Date.now() - this.heard > this.options.times.silenceSeconds * 1000
    if (silent) for (const waiting of this.pending) waiting.destroy(new Error('no sign of life'))
    // Nobody waits for the answer, and the next beat says what is wrong.
    void this.send('alive', new Uint8Array(0)).catch(() => {})
  }

  private checkReachable(error: Error): void {
    const { first, address, times } = this.options
    const isKnown = this.heard > 0
    const limit = isKnown ? times.silenceSeconds : times.startSeconds
    if (Date.now() - (isKnown ? this.heard : this.started) <= limit * 1000) return
    throw new UserError(
      `${first} cannot be reached at ${address.host}:${address.port} for ${limit} seconds (${error.message}) — it has died, or the hosts of the job cannot talk to one another — allow traffic between them`,
      { cause: error },
    )
  }

  private send(path: string, body: Uint8Array): Promise<Buffer> {
    const { address, token, current, first } = this.options
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          host: address.host,
          port: address.port,
          method: 'POST',
          path: `/${path}`,
          agent: this.agent,
          headers: { authorization: `Bearer ${token}`, 'x-foldwise-host': current, 'content-length': body.byteLength },
        },
        response => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const content = Buffer.concat(chunks)
            const { statusCode } = response
            if (statusCode === 200 || statusCode === 409) this.heard = Date.now()
            if (statusCode === 200) resolve(content)
            else if (statusCode === 409) reject(new UserError(content.toString('utf8')))
            else reject(new UserError(`${first} refused ${current}: ${statusCode} ${content.toString('utf8')}`))
          })
        },
      )
      this.pending.add(sent)
      sent.on('close', () => this.pending.delete(sent))
      sent.on('error', reject)
      sent.end(body)
    })
  }
}

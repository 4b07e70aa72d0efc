import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, writeWhole } from '../engine/durable-file.ts'

/** A message that a receiver has for a while. */
export interface ReceivedMessage {
  readonly id: string
  readonly body: string
  /** How often it was received, this time included, since the engine was started. */
  readonly receiveCount: number
  readonly sentAt: Date
}

/** Local queues with the semantics of SQS: a received message is hidden for a while and comes again unless it is deleted. */
export interface QueueBook {
  /** Puts a message on a queue once: a second one with the same id is the same, also after it was deleted. */
  put(queueUrl: string, id: string, body: string): Promise<void>
  /**
   * Takes visible messages, oldest first.
   *
   * @param options.waitSeconds How long to wait for the first one; a signal ends it early.
   */
  receive(
    queueUrl: string,
    options: { most: number; hideSeconds: number; waitSeconds: number; signal: AbortSignal },
  ): Promise<ReceivedMessage[]>
  /** Hides a message for so long from now on; 0 shows it. */
  hide(queueUrl: string, id: string, seconds: number): void
  delete(queueUrl: string, id: string): Promise<void>
  /** Messages that are visible, and that are hidden. */
  count(queueUrl: string): Promise<{ visible: number; hidden: number }>
  /** The URL of a queue that has had messages, by the queue's name. */
  urlOf(name: string): Promise<string | undefined>
}

const urlFile = 'url.txt'

/** @param folder Messages lie in `<folder>/<queue name>-<digest of the URL>/<id>.json`; deleted ones end in `.deleted`. */
export function openQueueBook(folder: string): QueueBook {
  const hiddenUntil = new Map<string, number>()
  const receipts = new Map<string, number>()
  const waiting = new Set<() => void>()
  const nameOf = (queueUrl: string): string =>
    (queueUrl.split('/').pop() ?? '').replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 80)
  const folderOf = (queueUrl: string): string => {
    const digest = createHash('sha256').update(queueUrl).digest('hex').slice(0, 8)
    return join(folder, `${nameOf(queueUrl)}-${digest}`)
  }
  const fileOf = (queueUrl: string, id: string): string => join(folderOf(queueUrl), `${id}.json`)
  const wake = (): void => {
    for (const go of waiting) go()
  }

  const messages = async (queueUrl: string): Promise<{ id: string; file: string; sentAt: Date }[]> => {
    const names = await namesIn(folderOf(queueUrl))
    const found = names
      .filter(name => name.endsWith('.json'))
      .map(async name => {
        const file = join(folderOf(queueUrl), name)
        const facts = await stat(file).catch(() => undefined)
        return facts === undefined ? [] : [{ id: name.slice(0, -'.json'.length), file, sentAt: facts.mtime }]
      })
    const sorted = (await Promise.all(found)).flat()
    return sorted.sort((a, b) => a.sentAt.getTime() - b.sentAt.getTime() || (a.id < b.id ? -1 : 1))
  }
  const isHidden = (file: string): boolean => (hiddenUntil.get(file) ?? 0) > Date.now()

  const take = async (queueUrl: string, most: number, hideSeconds: number): Promise<ReceivedMessage[]> => {
    const taken: ReceivedMessage[] = []
    for (const { id, file, sentAt } of await messages(queueUrl)) {
      if (taken.length === most) break
      if (isHidden(file)) continue
      // Before the first wait: two receivers never have the same message.
      hiddenUntil.set(file, Date.now() + hideSeconds * 1000)
      const body = await readIfThere(file)
      if (body === undefined) continue
      const receiveCount = (receipts.get(file) ?? 0) + 1
      receipts.set(file, receiveCount)
      taken.push({ id, body, receiveCount, sentAt })
    }
    return taken
  }

  return {
    put: async (queueUrl, id, body) => {
      const file = fileOf(queueUrl, id)
      if (existsSync(file) || existsSync(deleted(file))) return
      const about = join(folderOf(queueUrl), urlFile)
      if (!existsSync(about)) await writeWhole(about, queueUrl)
      await writeWhole(file, body)
      wake()
    },
    receive: async (queueUrl, { most, hideSeconds, waitSeconds, signal }) => {
      const until = Date.now() + waitSeconds * 1000
      for (;;) {
        const taken = await take(queueUrl, most, hideSeconds)
        if (taken.length > 0 || Date.now() >= until || signal.aborted) return taken
        await wakeOrTimeout(waiting, Math.min(until - Date.now(), longestNap), signal)
      }
    },
    hide: (queueUrl, id, seconds) => {
      hiddenUntil.set(fileOf(queueUrl, id), Date.now() + seconds * 1000)
      wake()
    },
    delete: async (queueUrl, id) => {
      const file = fileOf(queueUrl, id)
      await rename(file, deleted(file)).catch((error: NodeJS.ErrnoException) => {
        // Deleting twice is no failure.
        if (error.code !== 'ENOENT') throw error
      })
      hiddenUntil.delete(file)
      receipts.delete(file)
    },
    count: async queueUrl => {
      const all = await messages(queueUrl)
      const hidden = all.filter(({ file }) => isHidden(file)).length
      return { visible: all.length - hidden, hidden }
    },
    urlOf: async name => {
      for (const queue of await namesIn(folder)) {
        const url = await readIfThere(join(folder, queue, urlFile))
        if (url !== undefined && url.split('/').pop() === name) return url
      }
      return undefined
    },
  }
}

const deleted = (file: string): string => file.replace(/\.json$/, '.deleted')

/** A hidden message becomes visible without anybody telling. */
const longestNap = 500

function wakeOrTimeout(waiting: Set<() => void>, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const go = (): void => {
      clearTimeout(timer)
      waiting.delete(go)
      signal.removeEventListener('abort', go)
      resolve()
    }
    const timer = setTimeout(go, milliseconds)
    waiting.add(go)
    signal.addEventListener('abort', go, { once: true })
  })
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

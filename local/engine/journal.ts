import { closeSync, fdatasync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { storeFailure } from '../storage/store-failure.ts'

/**
 * An append-only file of JSON lines that survives the death of the process at any moment.
 *
 * A line is handed to the system before `append` returns, so a killed process loses nothing; flushing to the disk follows
 * within ten milliseconds, several lines together, and `durable()` does it at once and waits for it. A line that was cut by a crash is taken away when the file is
 * opened again.
 */
export interface Journal<E> {
  append(event: E): void
  /** Resolves when everything appended so far is on the disk. */
  durable(): Promise<void>
  close(): Promise<void>
}

/** Lines that come within this time share one flush. */
const groupMilliseconds = 10

/**
 * Opens a journal for appending; the file comes into being when needed.
 *
 * @param options.before Done before lines are flushed: what they tell of must be on the disk first. @default nothing
 * @param options.sync Flushes the file; tests pass their own. @default `fdatasync`
 */
export function openJournal<E>(
  file: string,
  options: { before?: () => Promise<void>; sync?: (descriptor: number) => Promise<void> } = {},
): Journal<E> {
  const { before = async () => {}, sync = promisify(fdatasync) } = options
  const descriptor = openSync(file, 'a+')
  let length = wholeLength(readFileSync(file))
  if (fstatSync(descriptor).size > length) ftruncateSync(descriptor, length)
  let flushing: Promise<void> | undefined
  let dirty = false
  let soon: NodeJS.Timeout | undefined

  const flush = async (): Promise<void> => {
    try {
      while (dirty) {
        dirty = false
        await before()
        await sync(descriptor)
      }
    } finally {
      flushing = undefined
    }
  }
  const durable = async (): Promise<void> => {
    // A flush without anything to do would be over before it is noted, and then stand for every later one.
    if (dirty) flushing ??= flush()
    return flushing
  }

  return {
    append: event => {
      const line = Buffer.from(`${JSON.stringify(event)}\n`)
      try {
        for (let written = 0; written < line.length; ) written += writeSync(descriptor, line, written)
      } catch (error) {
        // A full disk may leave half a line, which would spoil the next one.
        ftruncateSync(descriptor, length)
        throw storeFailure(error, `write ${file}`, dirname(file))
      }
      length += line.length
      dirty = true
      // A failed flush is reported to whoever waits in durable(); nobody may be waiting for this one.
      soon ??= setTimeout(() => {
        soon = undefined
        durable().catch(() => {})
      }, groupMilliseconds)
    },
    durable,
    close: async () => {
      clearTimeout(soon)
      try {
        await durable()
      } finally {
        closeSync(descriptor)
      }
    },
  }
}

/** The events of a journal, oldest first, without a last line that was cut. */
export function readJournal<E>(file: string): E[] {
  const content = readFileSync(file)
  const lines = content.subarray(0, wholeLength(content)).toString('utf8').split('\n')
  return lines
    .filter(line => line !== '')
    .map((line, index) => {
      try {
        return JSON.parse(line) as E
      } catch (cause) {
        throw new Error(`${file}:${index + 1}: the journal is damaged, the line is not JSON`, { cause })
      }
    })
}

const wholeLength = (content: Buffer): number => content.lastIndexOf(0x0a) + 1

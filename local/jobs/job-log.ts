import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Readable } from 'node:stream'

/** Longest piece of a line that is kept together, in bytes. A longer line goes on in further pieces; memory stays bounded. */
const longestPiece = 64 * 1024

/** The log of a job: whole lines of all its streams, in the order in which they were ended. */
export interface JobLog {
  /** Takes a stream in until it ends. @param prefix Put before every line. */
  take(stream: Readable, prefix?: string): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a log file for writing from its start.
 *
 * @param onLine Sees every line as text, without its end; of a long line the pieces.
 */
export function openJobLog(file: string, onLine: (line: string) => void): JobLog {
  const out = createWriteStream(file)
  let failure: unknown
  out.on('error', error => {
    failure = error
  })

  /** Resolves when the file takes more, or is closed by an error. */
  const roomAgain = (): Promise<void> =>
    new Promise(resolve => {
      const done = (): void => {
        out.off('drain', done)
        out.off('close', done)
        resolve()
      }
      out.on('drain', done)
      out.on('close', done)
    })
  const write = async (piece: Buffer, prefix: string): Promise<void> => {
    onLine(piece.toString('utf8').replace(/\r?\n?$/, ''))
    const text = piece.at(-1) === 0x0a ? piece : Buffer.concat([piece, Buffer.from('\n')])
    if (failure === undefined && !out.write(prefix === '' ? text : Buffer.concat([Buffer.from(prefix), text]))) {
      await roomAgain()
    }
  }

  return {
    take: async (stream, prefix = '') => {
      let rest: Buffer[] = []
      let size = 0
      const emit = async (): Promise<void> => {
        const piece = Buffer.concat(rest)
        rest = []
        size = 0
        if (piece.length > 0) await write(piece, prefix)
      }
      try {
        for await (const chunk of stream) {
          let left = chunk as Buffer
          while (left.length > 0) {
            const end = left.indexOf(0x0a)
            const whole = end >= 0 && end + 1 <= longestPiece - size
            const take = whole ? end + 1 : Math.min(left.length, longestPiece - size)
            rest.push(left.subarray(0, take))
            size += take
            left = left.subarray(take)
            if (whole || size >= longestPiece) await emit()
          }
        }
      } catch (error) {
        // The stream is closed from this side when a stranger keeps it open.
        if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
      }
      await emit()
    },
    close: async () => {
      out.end()
      await finished(out).catch(error => {
        failure ??= error
      })
      if (failure !== undefined) throw failure
    },
  }
}

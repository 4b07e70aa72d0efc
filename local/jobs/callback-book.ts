import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readIfThere, writeJson } from '../engine/durable-file.ts'
import { ServiceError } from '../service-error.ts'

/** What the other side of a Callback step answered. */
export type CallbackAnswer =
  | { readonly outputs: Readonly<Record<string, string>> }
  | { readonly failureReason: string | undefined }

/** Callback steps that wait, and the queues that their messages lie in. */
export interface CallbackBook {
  /** Puts a message on a queue once: a second one with the same id is the same. */
  put(queueUrl: string, id: string, body: object): Promise<void>
  /** Resolves with the answer to a token; undefined when `closing` is aborted first. */
  wait(token: string, executionArn: string, closing: AbortSignal): Promise<CallbackAnswer | undefined>
  /** @returns the ARN of the execution that waited. @throws ServiceError when nobody waits for the token. */
  answer(token: string, answer: CallbackAnswer): string
}

/** @param folder Messages lie in `<folder>/<queue name>-<digest of the URL>/<id>.json`. */
export function openCallbackBook(folder: string): CallbackBook {
  const waiting = new Map<
    string,
    { readonly executionArn: string; readonly settle: (answer: CallbackAnswer | undefined) => void }
  >()
  return {
    put: async (queueUrl, id, body) => {
      const name = (queueUrl.split('/').pop() ?? '').replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 80)
      const digest = createHash('sha256').update(queueUrl).digest('hex').slice(0, 8)
      const file = join(folder, `${name}-${digest}`, `${id}.json`)
      if ((await readIfThere(file)) === undefined) await writeJson(file, body)
    },
    wait: (token, executionArn, closing) =>
      new Promise(resolve => {
        const onClose = (): void => settle(undefined)
        const settle = (answer: CallbackAnswer | undefined): void => {
          waiting.delete(token)
          closing.removeEventListener('abort', onClose)
          resolve(answer)
        }
        waiting.set(token, { executionArn, settle })
        if (closing.aborted) settle(undefined)
        else closing.addEventListener('abort', onClose, { once: true })
      }),
    answer: (token, answer) => {
      const step = waiting.get(token)
      if (step === undefined)
        throw new ServiceError('ResourceNotFound', `No step waits for the callback token ${token}.`)
      step.settle(answer)
      return step.executionArn
    },
  }
}

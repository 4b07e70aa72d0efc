import { ServiceError } from '../service-error.ts'
import { openQueueBook, type QueueBook } from './queue-book.ts'

/** What the other side of a Callback step answered. */
export type CallbackAnswer =
  | { readonly outputs: Readonly<Record<string, string>> }
  | { readonly failureReason: string | undefined }

/** Callback steps that wait, and the queues that their messages lie in. */
export interface CallbackBook {
  readonly queues: QueueBook
  /** Resolves with the answer to a token; undefined when `closing` is aborted first. */
  wait(token: string, executionArn: string, closing: AbortSignal): Promise<CallbackAnswer | undefined>
  /** @returns the ARN of the execution that waited. @throws ServiceError when nobody waits for the token. */
  answer(token: string, answer: CallbackAnswer): string
}

/** @param folder Of the queues. */
export function openCallbackBook(folder: string): CallbackBook {
  const waiting = new Map<
    string,
    { readonly executionArn: string; readonly settle: (answer: CallbackAnswer | undefined) => void }
  >()
  return {
    queues: openQueueBook(folder),
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

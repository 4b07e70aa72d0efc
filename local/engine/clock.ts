/** Time as the engine sees it; tests pass one that they turn by hand. */
export interface Clock {
  now(): Date
  /** Resolves when the time has passed, or at once when `signal` is aborted; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** Longest delay that `setTimeout` takes; a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: async (milliseconds, signal) => {
    if (signal?.aborted) return
    await timer(Math.min(milliseconds, longestTimer), signal)
    if (milliseconds > longestTimer) await systemClock.sleep(milliseconds - longestTimer, signal)
  },
}

function timer(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      clearTimeout(handle)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const handle = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done, { once: true })
  })
}

/** Places for jobs that run at the same time; first come, first served. */
export interface JobSlots {
  /**
   * A place, given back by calling the result; undefined when `signal` was aborted before one was free.
   *
   * @param onWait Called at once when there is none free.
   */
  take(signal: AbortSignal, onWait?: () => void): Promise<(() => void) | undefined>
}

export function createJobSlots(count: number): JobSlots {
  let free = count
  const waiting = new Set<() => void>()
  const giveBack = (): void => {
    const [next] = waiting
    if (next === undefined) free++
    else next()
  }
  const place = (): (() => void) => {
    let given = false
    return () => {
      if (!given) giveBack()
      given = true
    }
  }
  return {
    take: async (signal, onWait) => {
      if (signal.aborted) return undefined
      if (free > 0) {
        free--
        return place()
      }
      onWait?.()
      return new Promise(resolve => {
        const settle = (result: (() => void) | undefined): void => {
          waiting.delete(next)
          signal.removeEventListener('abort', leave)
          resolve(result)
        }
        const next = (): void => settle(place())
        const leave = (): void => settle(undefined)
        waiting.add(next)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
  }
}

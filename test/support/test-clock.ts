import type { Clock } from '../../local/engine/clock.ts'

/** A clock that runs with the machine's, and jumps when told: sleepers whose time has come wake up. */
export class TestClock implements Clock {
  private offset = 0
  private readonly sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()

  now = (): Date => new Date(Date.now() + this.offset)

  sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const sleeper = {
        until: this.now().getTime() + milliseconds,
        wake: () => {
          this.sleepers.delete(sleeper)
          signal?.removeEventListener('abort', sleeper.wake)
          resolve()
        },
      }
      this.sleepers.add(sleeper)
      signal?.addEventListener('abort', sleeper.wake, { once: true })
    })

  /** How long the sleepers still have, in milliseconds, soonest first. */
  waiting(): number[] {
    return [...this.sleepers].map(sleeper => sleeper.until - this.now().getTime()).sort((a, b) => a - b)
  }

  advance(milliseconds: number): void {
    this.offset += milliseconds
    const due = [...this.sleepers].filter(sleeper => sleeper.until <= this.now().getTime())
    for (const sleeper of due) sleeper.wake()
  }
}

import type { Clock } from '../../local/engine/clock.ts'

/** A clock that runs with the machine's, and jumps when told: sleepers whose time has come wake up. */
export class TestClock implements Clock {
  private offset = 0
  /** How far the clock was set, without time having passed. */
  private jumped = 0
  private readonly sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()

  now = (): Date => new Date(this.passed() + this.jumped)

  sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      if (signal?.aborted) return resolve()
      const sleeper = {
        until: this.passed() + milliseconds,
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
    return [...this.sleepers].map(sleeper => sleeper.until - this.passed()).sort((a, b) => a - b)
  }

  /** Sets the clock forwards or backwards, as a person or a time server does: nobody wakes up earlier or later. */
  jump(milliseconds: number): void {
    this.jumped += milliseconds
  }

  private passed(): number {
    return Date.now() + this.offset
  }

  advance(milliseconds: number): void {
    this.offset += milliseconds
    const due = [...this.sleepers].filter(sleeper => sleeper.until <= this.passed())
    for (const sleeper of due) sleeper.wake()
  }
}

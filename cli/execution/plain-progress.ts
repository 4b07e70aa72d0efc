import type { Screen } from '../host.ts'
import { formatSeconds } from '../render/quantities.ts'
import { pad } from '../render/table.ts'
import type { Progress, ProgressPlan, StepLine } from './progress-model.ts'

/** One line per change, for logs. */
export function createPlainProgress(screen: Screen, plan: ProgressPlan): Progress {
  const width = Math.max(12, ...plan.steps.map(name => name.length))
  const last = new Map<string, string>()
  return {
    update(line) {
      if (last.get(line.name) === line.state) return
      last.set(line.name, line.state)
      screen.write(`${formatLine(line, width)}\n`)
    },
    finish() {},
  }
}

function formatLine({ name, state, seconds, detail }: StepLine, width: number): string {
  const word = state === 'running' ? 'started' : state
  const duration = seconds === null ? '' : formatSeconds(seconds)
  return `${pad(name, width)}  ${pad(word, 9)}  ${pad(duration, 8, 'right')}  ${detail}`.trimEnd()
}

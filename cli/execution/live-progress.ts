import { stripVTControlCharacters } from 'node:util'
import type { Colors, Screen } from '../host.ts'
import { formatSeconds } from '../render/quantities.ts'
import { pad } from '../render/table.ts'
import { type Progress, type ProgressPlan, type StepLine, type StepState, waitingLine } from './progress-model.ts'

const FRAME_MILLISECONDS = 100
const hideCursor = '\u001b[?25l'
const showCursor = '\u001b[?25h'

interface Glyphs {
  readonly states: Readonly<Record<Exclude<StepState, 'running'>, string>>
  readonly frames: readonly string[]
}

const unicodeGlyphs: Glyphs = {
  states: { waiting: '·', succeeded: '✔', failed: '✖', stopped: '■' },
  frames: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
}
const asciiGlyphs: Glyphs = {
  states: { waiting: '.', succeeded: '+', failed: 'x', stopped: '#' },
  frames: ['|', '/', '-', '\\'],
}

const paint = {
  waiting: colors => colors.dim,
  running: colors => colors.cyan,
  succeeded: colors => colors.green,
  failed: colors => colors.red,
  stopped: colors => colors.yellow,
} as const satisfies Record<StepState, (colors: Colors) => (text: string) => string>

/** A line per step, drawn again in place; many folds shrink to one line, so that the view fits the terminal. */
export function createLiveProgress(screen: Screen, plan: ProgressPlan): Progress {
  const { colors } = screen
  const glyphs = screen.unicode ? unicodeGlyphs : asciiGlyphs
  const lines = new Map<string, StepLine>(plan.steps.map(name => [name, waitingLine(name)]))
  const folds = new Set(plan.folds)
  let frame = 0
  let drawn = 0

  const glyph = (state: StepState): string => {
    const text = state === 'running' ? (glyphs.frames[frame % glyphs.frames.length] as string) : glyphs.states[state]
    return paint[state](colors)(text)
  }
  const duration = ({ seconds, startedAt, state }: StepLine): string => {
    if (seconds !== null) return formatSeconds(seconds)
    const running = state === 'running' && startedAt !== undefined
    return running ? formatSeconds(Math.max(0, (Date.now() - startedAt.getTime()) / 1000)) : ''
  }
  const single = (line: StepLine, width: number): string => {
    const name = line.state === 'waiting' ? colors.dim(line.name) : line.name
    const detail = shorten(line.detail, screen.columns() - width - 17)
    return `  ${glyph(line.state)} ${pad(name, width)}  ${pad(duration(line), 8, 'right')}  ${colors.dim(detail)}`
  }
  const group = (members: readonly StepLine[], width: number): string => {
    const done = members.filter(({ state }) => state === 'succeeded').length
    const name = `${members[0]?.name} … ${members.length - 1}`
    const fits = members.length <= screen.columns() - width - 17
    const strip = fits ? members.map(({ state }) => glyph(state)).join('') : ''
    return `  ${glyph(groupState(members))} ${pad(name, width)}  ${pad(`${done}/${members.length}`, 8, 'right')}  ${strip}`
  }
  const view = (): string[] => {
    const all = [...lines.values()]
    const members = all.filter(({ name }) => folds.has(name))
    // The last line of the terminal stays free, else every frame scrolls.
    const grouped = members.length > 1 && all.length > screen.rows() - 2
    const width = Math.max(...all.map(({ name }) => name.length))
    const shown = all.flatMap(line => {
      if (!grouped || !folds.has(line.name)) return [single(line, width)]
      return line === members[0] ? [group(members, width)] : []
    })
    return shown.slice(-(screen.rows() - 2)).map(line => cut(line.trimEnd(), screen.columns()))
  }
  const draw = (): void => {
    const next = view()
    const up = drawn === 0 ? '' : `\u001b[${drawn}A`
    screen.write(`${up}\r\u001b[J${next.join('\n')}\n`)
    drawn = next.length
  }
  const restore = (): void => screen.write(showCursor)

  screen.write(hideCursor)
  process.once('exit', restore)
  draw()
  const timer = setInterval(() => {
    frame += 1
    draw()
  }, FRAME_MILLISECONDS)
  timer.unref()
  return {
    update(line) {
      lines.set(line.name, line)
    },
    finish() {
      clearInterval(timer)
      draw()
      process.off('exit', restore)
      restore()
    },
  }
}

function groupState(members: readonly StepLine[]): StepState {
  const states = members.map(({ state }) => state)
  if (states.includes('failed')) return 'failed'
  if (states.includes('stopped')) return 'stopped'
  if (states.every(state => state === 'succeeded')) return 'succeeded'
  return states.every(state => state === 'waiting') ? 'waiting' : 'running'
}

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.max(0, length - 1))}…`

/** A line that is too long loses its end and its colours; a wrapped line would spoil the drawing. */
function cut(line: string, columns: number): string {
  const plain = stripVTControlCharacters(line)
  return plain.length < columns ? line : plain.slice(0, columns - 1)
}

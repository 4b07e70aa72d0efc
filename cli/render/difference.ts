import type { Change, DefinitionDifference, StepDifference } from '../../pipeline/definition/index.ts'
import type { Colors } from '../host.ts'
import { counted } from './table.ts'

const signs = {
  added: { sign: '+', paint: (colors: Colors) => colors.green },
  removed: { sign: '-', paint: (colors: Colors) => colors.red },
  changed: { sign: '~', paint: (colors: Colors) => colors.yellow },
} as const satisfies Record<Change['kind'], unknown>

/**
 * A difference as people read it: what is new, gone and changed, with the values.
 *
 * @param settings What differs beside the definition. @default nothing
 */
export function renderDifference(
  { document, parameters, steps, orderChanged }: DefinitionDifference,
  colors: Colors,
  settings: readonly Change[] = [],
): string {
  const head = (kind: Change['kind'], text: string): string => signs[kind].paint(colors)(`${signs[kind].sign} ${text}`)
  const lines = [
    ...settings.map(change => renderChange(change, colors, '')),
    ...document.map(change => renderChange(change, colors, '')),
    ...parameters.flatMap(({ kind, name, changes }) => [
      head(kind, `parameter ${name}`),
      ...changes.map(change => renderChange(change, colors, '    ')),
    ]),
    ...steps.flatMap(step => [
      head(step.kind, `step ${step.name} ${colors.dim(`(${step.type})`)}`),
      ...step.changes.map(change => renderChange(change, colors, '    ')),
      ...stepRemarks(step, colors),
    ]),
    ...(orderChanged ? [head('changed', 'the order of parameters or steps')] : []),
  ]
  return lines.join('\n')
}

function stepRemarks({ kind, moved, dependencies, cacheKeyChanged }: StepDifference, colors: Colors): string[] {
  const remarks = [
    ...(moved === undefined ? [] : [`moves from ${moved.before} to ${moved.after}`]),
    ...(kind === 'changed' && dependencies.added.length > 0 ? [`now waits for ${dependencies.added.join(', ')}`] : []),
    ...(kind === 'changed' && dependencies.removed.length > 0
      ? [`no longer waits for ${dependencies.removed.join(', ')}`]
      : []),
    ...(cacheKeyChanged ? ['its cached results cannot be used again'] : []),
  ]
  return remarks.map(remark => `    ${colors.dim(remark)}`)
}

function renderChange({ kind, path, before, after }: Change, colors: Colors, margin: string): string {
  const { sign, paint } = signs[kind]
  const values = {
    added: () => short(after),
    removed: () => short(before),
    changed: () => `${short(before)} → ${short(after)}`,
  } as const satisfies Record<Change['kind'], () => string>
  return `${margin}${paint(colors)(sign)} ${path}: ${values[kind]()}`
}

/** Long values lose their end; `--json` has them whole. */
function short(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length <= 100 ? text : `${text.slice(0, 99)}…`
}

/** `2 parameters, 1 step`. */
export function summarizeDifference(
  { document, parameters, steps }: DefinitionDifference,
  settings: readonly Change[] = [],
): string {
  const parts = [
    ...(settings.length > 0 ? [counted(settings.length, 'setting')] : []),
    ...(document.length > 0 ? [counted(document.length, 'member')] : []),
    ...(parameters.length > 0 ? [counted(parameters.length, 'parameter')] : []),
    ...(steps.length > 0 ? [counted(steps.length, 'step')] : []),
  ]
  return parts.length === 0 ? 'the order differs' : `${parts.join(', ')} differ`
}

import type { PipelineDefinition, Step } from '../../schemas/definition.ts'
import { forEachExpression, type PlacedExpression } from './expressions.ts'
import { stepKind } from './step-kinds.ts'

/** Which side of which condition a step lies on. */
export interface Branch {
  readonly condition: string
  readonly side: 'if' | 'else'
}

/** A step of a document with its place. */
export interface PlacedStep {
  readonly step: Step
  /** Such as `Steps[5].Arguments.IfSteps[0]`. */
  readonly path: string
  /** The branches around the step, outermost first; empty at the top. */
  readonly branches: readonly Branch[]
  /** Every expression in the step's own fields, outermost first; looked for once, when somebody asks. */
  readonly expressions: readonly PlacedExpression[]
}

const sides = [
  ['if', 'IfSteps'],
  ['else', 'ElseSteps'],
] as const

/** All steps in document order, those inside branches right after their condition. Iterative, so depth is no danger. */
export function placedSteps(document: PipelineDefinition): PlacedStep[] {
  const found: PlacedStep[] = []
  const stack = document.Steps.map((step, index) => placeStep(step, `Steps[${index}]`, [])).reverse()
  for (let placed = stack.pop(); placed !== undefined; placed = stack.pop()) {
    found.push(placed)
    const { step, path, branches } = placed
    const inside = stepKind(step.Type)?.branches?.(step as never)
    if (inside === undefined) continue
    const children = sides.flatMap(([side, member]) =>
      inside[side].map((child, index) =>
        placeStep(child, `${path}.Arguments.${member}[${index}]`, [...branches, { condition: step.Name, side }]),
      ),
    )
    stack.push(...children.reverse())
  }
  return found
}

/** A step with its place. */
export function placeStep(step: Step, path: string, branches: readonly Branch[]): PlacedStep {
  let found: readonly PlacedExpression[] | undefined
  return {
    step,
    path,
    branches,
    get expressions() {
      found ??= expressionsOf(step)
      return found
    },
  }
}

/** Every expression in the step's own fields, outermost first. */
export function expressionsOf(step: Step): readonly PlacedExpression[] {
  const known = noted.get(step)
  if (known !== undefined) return known
  const expressions: PlacedExpression[] = []
  forEachExpression(ownFields(step), (expression, place) => expressions.push({ expression, place }))
  return expressions
}

/**
 * Notes the expressions of a step for {@link expressionsOf}: whoever writes one knows them, and the language itself, the graph and
 * the judge ask for them.
 *
 * @param step Frozen to the bottom.
 */
export function noteExpressions(step: Step, expressions: readonly PlacedExpression[]): void {
  noted.set(step, expressions)
}

const noted = new WeakMap<Step, readonly PlacedExpression[]>()

/** The step's own fields: for a branching step its arguments without the steps inside, which have places of their own. */
export function ownFields(step: Step): Readonly<Record<string, unknown>> {
  const fields = step as unknown as Readonly<Record<string, unknown>>
  if (stepKind(step.Type)?.branches === undefined) return fields
  const { IfSteps: _if, ElseSteps: _else, ...rest } = fields['Arguments'] as Record<string, unknown>
  return { ...fields, Arguments: rest }
}

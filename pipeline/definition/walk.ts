import type { PipelineDefinition, Step } from '../../schemas/definition.ts'
import { formatPlace } from '../../schemas/place.ts'
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
  let found: PlacedExpression[] | undefined
  return {
    step,
    path,
    branches,
    get expressions() {
      if (found !== undefined) return found
      const expressions: PlacedExpression[] = []
      forEachExpression(ownFields(step), (expression, place) => {
        expressions.push({
          expression,
          get path() {
            return formatPlace(place, path)
          },
        })
      })
      found = expressions
      return found
    },
  }
}

/** The step's own fields: for a branching step its arguments without the steps inside, which have places of their own. */
export function ownFields(step: Step): Record<string, unknown> {
  const { ...fields } = step as unknown as Record<string, unknown>
  if (stepKind(step.Type)?.branches !== undefined) {
    const { IfSteps: _if, ElseSteps: _else, ...rest } = fields['Arguments'] as Record<string, unknown>
    fields['Arguments'] = rest
  }
  return fields
}

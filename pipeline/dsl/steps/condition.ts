import type { Condition } from '../conditions.ts'
import { type Expr, makeExpression } from '../expression.ts'
import { mistake } from '../mistake.ts'
import { isStep, makeStep, type Step, type StepOptions } from '../step.ts'

export interface ConditionOptions extends StepOptions {
  /** All must be true. */
  readonly conditions: Condition | readonly Condition[]
  /** Steps that run when they are. */
  readonly ifSteps?: readonly Step[]
  /** Steps that run when they are not. */
  readonly elseSteps?: readonly Step[]
}

export type ConditionStep = Step<{
  /** Whether the conditions were true; in a text `true` or `false`. */
  readonly Outcome: Expr<boolean>
}>

/** A step that asks a question and runs one of two branches; the steps of the other branch never run. */
export function conditionStep(name: string, options: ConditionOptions): ConditionStep {
  const { ifSteps = [], elseSteps = [] } = options
  const conditions = [options.conditions].flat()
  if (conditions.length === 0) {
    throw mistake(
      `Step "${name}": conditions — the list is empty; give at least one, for example equals(p.Mode, "full").`,
    )
  }
  for (const [index, step] of [...ifSteps, ...elseSteps].entries()) {
    if (!isStep(step)) throw mistake(`Step "${name}" — item ${index + 1} of its branches is no step; list steps only.`)
  }
  return makeStep(name, {
    type: 'Condition',
    arguments: {
      Conditions: conditions.map(condition => condition.json),
      IfSteps: ifSteps.map(step => step.definition),
      ElseSteps: elseSteps.map(step => step.definition),
    },
    options,
    properties: Object.freeze({ Outcome: makeExpression<boolean>({ Get: `Steps.${name}.Outcome` }, 'Boolean') }),
    inside: [...ifSteps, ...elseSteps],
  })
}

import type { Condition, Operand } from '../../schemas/definition.ts'
import { EvaluationError, evaluate, type Scope } from './evaluate.ts'
import type { Switches } from './switches.ts'

type Decide<C> = (condition: C, scope: Scope, switches: Switches) => Promise<boolean>
type ConditionOf<T extends Condition['Type']> = Extract<Condition, { Type: T }>
type Comparison = Exclude<Condition['Type'], 'In' | 'Not' | 'Or'>
type ComparisonOf = { Type: string; LeftValue: Operand; RightValue: Operand }

const ordered =
  (holds: (order: number) => boolean): Decide<ComparisonOf> =>
  async (condition, scope, switches) => {
    const [left, right] = await operands(condition, scope)
    return holds(compare(left, right, condition.Type, switches))
  }

/** One entry per condition type; a new type does not compile until it is here. */
const conditionKinds = {
  Equals: async (condition, scope) => {
    const [left, right] = await operands(condition, scope)
    return sameType(left, right) && left === right
  },
  GreaterThan: ordered(order => order > 0),
  GreaterThanOrEqualTo: ordered(order => order >= 0),
  LessThan: ordered(order => order < 0),
  LessThanOrEqualTo: ordered(order => order <= 0),
  In: async (condition, scope) => {
    const value = await evaluate(condition.QueryValue, scope)
    const members = await Promise.all(condition.Values.map(member => evaluate(member, scope)))
    return members.includes(value)
  },
  Not: async (condition, scope, switches) => !(await holds(condition.Condition, scope, switches)),
  Or: async (condition, scope, switches) => {
    // All are evaluated, so that a value that is missing is seen whatever the others say.
    const outcomes = await Promise.all(condition.Conditions.map(inner => holds(inner, scope, switches)))
    return outcomes.some(Boolean)
  },
} satisfies { [T in Comparison]: Decide<ComparisonOf> } & { [T in 'In' | 'Not' | 'Or']: Decide<ConditionOf<T>> }

const holds: Decide<Condition> = (condition, scope, switches) => {
  if (!Object.hasOwn(conditionKinds, condition.Type))
    throw new EvaluationError(`Condition type ${condition.Type} is unknown`)
  return (conditionKinds[condition.Type] as Decide<Condition>)(condition, scope, switches)
}

/** The outcome of a Condition step: all of its conditions hold. Source: ConditionStep, "evaluated with operator AND". */
export async function allHold(conditions: readonly Condition[], scope: Scope, switches: Switches): Promise<boolean> {
  const outcomes = await Promise.all(conditions.map(condition => holds(condition, scope, switches)))
  return outcomes.every(Boolean)
}

const operands = (condition: ComparisonOf, scope: Scope): Promise<[unknown, unknown]> =>
  Promise.all([evaluate(condition.LeftValue, scope), evaluate(condition.RightValue, scope)])

function sameType(left: unknown, right: unknown): true {
  if (typeof left === typeof right) return true
  throw new EvaluationError(
    `LeftValue [${String(left)}] and RightValue [${String(right)}] of condition Equals are not of the same type`,
  )
}

/** Negative, zero or positive, as the left value is smaller, equal or greater. */
function compare(left: unknown, right: unknown, type: string, switches: Switches): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') {
    if (switches.stringOrder === 'numeric' && isNumeric(left) && isNumeric(right)) return Number(left) - Number(right)
    return left < right ? -1 : left > right ? 1 : 0
  }
  throw new EvaluationError(
    `Condition ${type} is not supported between [${String(left)}] and [${String(right)}], a ${typeof left} and a ${typeof right}`,
  )
}

const isNumeric = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))

import type { StepType } from '../../../schemas/definition.ts'
import { cacheKeyMembers, forEachExpression, formatPlace, isGet } from '../../definition/index.ts'
import type { Scope, StepView } from '../scope.ts'
import { show } from '../show.ts'
import { at } from '../values.ts'

/** Execution variables that differ in every execution. */
const changing = new Set(
  ['PipelineExecutionId', 'PipelineExecutionArn', 'StartDateTime', 'CurrentDateTime'].map(name => `Execution.${name}`),
)

/** A cached step whose key is new in every execution. */
export function cacheKey(step: StepView, { report, byName }: Scope): void {
  if (at(step.fields['CacheConfig'], 'Enabled') !== true) return
  for (const members of cacheKeyMembers[step.type as StepType] ?? []) {
    forEachExpression(at(step.args, ...members), (expression, place) => {
      // A foreign document may hold anything as a path.
      if (!isGet(expression) || typeof expression.Get !== 'string') return
      const source = /^Steps\.([\w-]+)\.ModelName$/.exec(expression.Get)?.[1]
      const fromModel = source !== undefined && byName.get(source)?.type === 'Model'
      if (changing.has(expression.Get) || fromModel) {
        report(
          'FW4004',
          formatPlace(place, `${step.path}.Arguments.${members.join('.')}`),
          `Get ${show(expression.Get)} is new in every execution and part of the cache key, so the cache never hits. Take it out of these arguments, or switch the cache off.`,
        )
      }
    })
  }
}

import { describeType } from '../../../schemas/service-model/check-shape.ts'
import { isExpression } from '../../definition/index.ts'
import type { Scope, StepView } from '../scope.ts'
import { show } from '../show.ts'

const MAX_MESSAGE = 3072

/** The message that a Fail step ends the execution with. */
export function failMessage(step: StepView, { report }: Scope): void {
  const message = step.args['ErrorMessage']
  const path = `${step.path}.Arguments.ErrorMessage`
  if (message === undefined || isExpression(message)) return
  if (typeof message !== 'string') {
    report(
      'FW5006',
      path,
      `${show(message)} is ${describeType(message)} where a string is expected. Write the message in quotes, or an expression that gives one.`,
    )
  } else if (message.length > MAX_MESSAGE) {
    report('FW5004', path, `${message.length} characters; at most ${MAX_MESSAGE} characters would be right.`)
  }
}

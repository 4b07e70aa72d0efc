import type { StepOf } from '../../schemas/definition.ts'
import type { JobRunner, LocalFunction, StepRun } from './job-runner.ts'
import { outputResult } from './output-parameters.ts'

/** Source: Developer Guide, "Lambda Step": 120 seconds unless the function's own timeout says otherwise. */
const timeoutSeconds = 120

/** Calls a function of this machine. A stop waits for it, as in the service. */
export const lambdaRunner: JobRunner<StepOf<'Lambda'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    const arn = run.step.FunctionArn
    const metadata = (list: readonly object[]): Record<string, unknown> => ({
      Lambda: { Arn: arn, OutputParameters: list },
    })
    const local = findFunction(run, arn)
    if (local === undefined) {
      return {
        status: 'Failed',
        metadata: {},
        failureReason: `ClientError: The function ${arn} is not known on this machine — give it to the local SageMaker with the option "functions" under its ARN or its name.`,
      }
    }
    run.executing(metadata([]))
    const over = new AbortController()
    const late = run.world.clock
      .sleep(timeoutSeconds * 1000, AbortSignal.any([over.signal, run.world.closing]))
      .then(() => undefined)
    try {
      const answer = await Promise.race([call(local, run.arguments, over.signal).then(value => ({ value })), late])
      if (answer === undefined)
        return {
          status: 'Failed',
          metadata: metadata([]),
          failureReason: `ClientError: The function did not answer within ${timeoutSeconds} seconds`,
        }
      const given =
        typeof answer.value === 'object' && answer.value !== null ? (answer.value as Record<string, unknown>) : {}
      return outputResult(run.step.OutputParameters, given, metadata)
    } catch (error) {
      return {
        status: 'Failed',
        metadata: metadata([]),
        failureReason:
          `ClientError: Lambda invocation failed: ${error instanceof Error ? error.message : String(error)}`.slice(
            0,
            1024,
          ),
      }
    } finally {
      over.abort()
    }
  },
}

/** By ARN, by the function's name, or by the ARN without its version. */
function findFunction(run: StepRun<StepOf<'Lambda'>>, arn: string): LocalFunction | undefined {
  const name = /:function:([^:]+)/.exec(arn)?.[1] ?? ''
  return [arn, arn.replace(/(:function:[^:]+):.*$/, '$1'), name]
    .map(key => run.world.functions.get(key))
    .find(found => found !== undefined)
}

async function call(
  local: LocalFunction,
  event: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<unknown> {
  if (typeof local === 'function') return local(event)
  const response = await fetch(local, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
    signal,
  })
  if (!response.ok) throw new Error(`${local} answered ${response.status}`)
  return response.json()
}

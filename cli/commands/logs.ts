import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { PipelineExecutionStep } from '@aws-sdk/client-sagemaker'
import { type Clients, jobNameOf, listSteps } from '../../pipeline/service/index.ts'
import { UserError } from '../../schemas/problem.ts'
import { defineCommand } from '../command.ts'
import { resolveExecution } from '../execution/find-execution.ts'
import { shared, targetFlags } from '../flags.ts'
import { DEFAULT_STATE, askTarget } from '../target.ts'

/** `foldwise logs`: what the jobs of an execution wrote. */
export const logs = defineCommand({
  positionals: [
    { words: '<execution>', help: 'ARN of an execution, or a pipeline name for its newest one' },
    { words: '[step]', help: 'name of one step (default: all steps with jobs)' },
  ],
  flags: { ...targetFlags, state: shared.state },
  examples: ['foldwise logs IrisCrossValidation TrainFold-0 --local', 'foldwise logs IrisCrossValidation'],
  run: async ([word = '', wanted], target) =>
    askTarget(target, async ({ clients }) => {
      const steps = await listSteps(clients, await resolveExecution(clients, word))
      const chosen = steps.filter(step => jobNameOf(step) !== undefined && (wanted ?? step.StepName) === step.StepName)
      if (wanted !== undefined && chosen.length === 0) throw noSuchStep(wanted, steps)
      const stateDir = resolve(target.state ?? DEFAULT_STATE)
      const found = await Promise.all(chosen.map(step => logOf(clients, step, stateDir)))
      return {
        data: { logs: found },
        text: colors =>
          found
            .map(({ step, job, text }) => `${colors.bold(step)}  ${colors.dim(job)}\n${text.trimEnd()}`)
            .join('\n\n'),
      }
    }),
})

async function logOf(clients: Clients, step: PipelineExecutionStep, stateDir: string) {
  const job = jobNameOf(step) ?? ''
  const name = step.StepName ?? ''
  if (clients.local === undefined) {
    // Reading CloudWatch needs one more client; the AWS CLI has it.
    const group = step.Metadata?.TrainingJob === undefined ? 'ProcessingJobs' : 'TrainingJobs'
    const text = `aws logs tail /aws/sagemaker/${group} --log-stream-name-prefix ${job}/ --since 7d --region ${clients.region}`
    return { step: name, job, text }
  }
  const path = join(stateDir, 'jobs', job, 'log.txt')
  return { step: name, job, path, text: await readFile(path, 'utf8') }
}

function noSuchStep(wanted: string, steps: readonly PipelineExecutionStep[]): UserError {
  const names = steps.filter(step => jobNameOf(step) !== undefined).map(({ StepName }) => StepName)
  return new UserError(
    `Step "${wanted}" of this execution ran no job — the steps with jobs are ${names.join(', ') || 'none'} — name one of them.`,
    { exitCode: 2 },
  )
}

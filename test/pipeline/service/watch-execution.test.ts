import { afterEach, describe, expect, it } from 'vitest'
import {
  type Clients,
  type Clock,
  createClients,
  type ExecutionChange,
  startExecution,
  watchExecution,
} from '../../../pipeline/service/index.ts'
import { type AwsStub, startAwsStub } from '../../support/aws-stub.ts'

const arn = 'arn:aws:sagemaker:us-east-1:123456789012:pipeline/Iris/execution/abcdefghijkl'

let stub: AwsStub
let clients: Clients
afterEach(async () => {
  clients.close()
  await stub.close()
})

/** An execution whose state is the next of `states` after each pause of the watcher. */
async function playing(states: readonly { status: string; reason?: string; steps: object[][] }[]) {
  let now = 0
  const pauses: number[] = []
  const clock: Clock = {
    sleep: async milliseconds => {
      pauses.push(milliseconds)
      now += 1
    },
  }
  const state = () => states[Math.min(now, states.length - 1)] as (typeof states)[number]
  stub = await startAwsStub({
    DescribePipelineExecution: () => ({ PipelineExecutionStatus: state().status, FailureReason: state().reason }),
    ListPipelineExecutionSteps: ({ NextToken }) => {
      const page = Number(NextToken ?? 0)
      const { steps } = state()
      return {
        PipelineExecutionSteps: steps[page] ?? [],
        ...(page + 1 < steps.length ? { NextToken: String(page + 1) } : {}),
      }
    },
    StartPipelineExecution: () => ({ refuse: 'ResourceNotFound', message: 'no' }),
  })
  clients = await createClients({ local: stub.endpoint })
  return { clock, pauses }
}

async function collect(changes: AsyncIterable<ExecutionChange>): Promise<string[]> {
  const seen: string[] = []
  for await (const change of changes) {
    seen.push(change.kind === 'step' ? `${change.name} ${change.step.StepStatus}` : `= ${change.status}`)
  }
  return seen
}

const step = (StepName: string, StepStatus: string) => ({ StepName, StepStatus })

describe('watchExecution', () => {
  it('yields each change once and ends with the terminal status', async () => {
    const { clock, pauses } = await playing([
      { status: 'Executing', steps: [[]] },
      { status: 'Executing', steps: [[step('Split', 'Executing')]] },
      { status: 'Executing', steps: [[step('Split', 'Executing')]] },
      { status: 'Succeeded', steps: [[step('Split', 'Succeeded')]] },
    ])
    expect(await collect(watchExecution(clients, arn, { clock, intervalMilliseconds: 7 }))).toEqual([
      '= Executing',
      'Split Executing',
      'Split Succeeded',
      '= Succeeded',
    ])
    expect(pauses).toEqual([7, 7, 7])
  })

  it('reads all pages of steps', async () => {
    const pages = [0, 1, 2].map(page => [step(`A${page}`, 'Succeeded'), step(`B${page}`, 'Succeeded')])
    const { clock } = await playing([{ status: 'Succeeded', steps: pages }])
    const seen = await collect(watchExecution(clients, arn, { clock }))
    expect(seen).toHaveLength(7)
  })

  it.each(['Failed', 'Stopped'])('ends on %s with the reason', async status => {
    const { clock } = await playing([{ status, reason: 'because', steps: [[]] }])
    const changes: ExecutionChange[] = []
    for await (const change of watchExecution(clients, arn, { clock })) changes.push(change)
    expect(changes).toEqual([{ kind: 'execution', status, failureReason: 'because' }])
  })

  it('ends when its signal is aborted', async () => {
    const { clock } = await playing([{ status: 'Executing', steps: [[]] }])
    const controller = new AbortController()
    let looks = 0
    const aborting: Clock = {
      sleep: async (milliseconds, signal) => {
        looks += 1
        if (looks === 3) controller.abort()
        await clock.sleep(milliseconds, signal)
      },
    }
    await collect(watchExecution(clients, arn, { clock: aborting, signal: controller.signal }))
    expect(looks).toBe(3)
  })
})

describe('startExecution', () => {
  it('says that a pipeline must be deployed before it can be started', async () => {
    await playing([{ status: 'Executing', steps: [[]] }])
    await expect(startExecution(clients, { pipelineName: 'Iris' })).rejects.toThrow(
      /"Iris" does not exist.*foldwise upsert/,
    )
  })
})

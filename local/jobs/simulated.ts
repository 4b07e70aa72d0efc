import { mkdir, appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LOCAL_ACCOUNT } from '../engine/names.ts'
import type { JobRunner } from './job-runner.ts'

/** How the stand-in of a foreign resource is named. */
interface Simulation {
  /** Member of the step's metadata. */
  readonly metadata: string
  /** The service and the resource type of its ARN. */
  readonly service: string
  readonly resource: string
  /** Members of the properties that hold the ARN. */
  readonly arnMembers: readonly string[]
}

/**
 * A step whose work needs a service that no local program can stand in for. It does nothing but say so: its ARN begins its name
 * with `simulated-`, its metadata and properties have `simulated: true`, and the job's log is one sentence. There is no status,
 * no metric and no artifact that could be taken for a result: a step that asks for one fails.
 */
export const simulated = (type: string, simulation: Simulation): JobRunner => ({
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    const { service, resource, arnMembers } = simulation
    const arn = `arn:aws:${service}:${run.execution.region}:${LOCAL_ACCOUNT}:${resource}/simulated-${run.jobName}`
    const metadata = { [simulation.metadata]: { Arn: arn }, simulated: true }
    const folder = run.world.jobs.folder(run.jobName)
    await mkdir(folder, { recursive: true })
    await appendFile(
      join(folder, 'log.txt'),
      `Simulated: step ${run.step.Name} of type ${type} called no service; nothing was trained, deployed or imported.\n`,
    )
    run.executing(metadata)
    const properties = { ...Object.fromEntries(arnMembers.map(member => [member, arn])), simulated: true }
    return { status: 'Succeeded', metadata, properties }
  },
})

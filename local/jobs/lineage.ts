import { createHash } from 'node:crypto'
import * as z from 'zod'
import type { StepOf } from '../../schemas/definition.ts'
import { arnOf } from '../engine/names.ts'
import type { ResourceKind } from '../registry/resource-book.ts'
import { refusedStep } from './job-end.ts'
import type { AttemptResult, JobRunner, StepRun } from './job-runner.ts'
import { readRequest } from './request.ts'
import { CreateRefused } from './step-fault.ts'

const named = (member: string) =>
  z.array(z.looseObject({ [member]: z.string().min(1), Source: z.looseObject({ SourceUri: z.string() }) })).nullish()
const end = z.union([
  z.strictObject({ Arn: z.string() }),
  z.looseObject({ Name: z.string(), Type: z.enum(['Action', 'Artifact', 'Context']) }),
])

const requestSchema = z
  .looseObject({
    Actions: named('ActionName'),
    Artifacts: named('ArtifactName'),
    Contexts: named('ContextName'),
    Associations: z
      .array(z.looseObject({ Source: end, Destination: end, AssociationType: z.string().optional() }))
      .nullish(),
  })
  .refine(
    ({ Actions, Artifacts, Contexts, Associations }) =>
      [Actions, Artifacts, Contexts, Associations].some(list => (list?.length ?? 0) > 0),
    { message: 'at least one of Actions, Artifacts, Contexts and Associations must be given' },
  )

type Request = z.infer<typeof requestSchema>
type EntityKind = 'Action' | 'Artifact' | 'Context'

/** Records actions, artifacts, contexts and what connects them; nothing is computed. */
export const lineageRunner: JobRunner<StepOf<'Lineage'>> = {
  takesJobSlot: false,
  evaluatesArguments: true,
  run: async run => {
    try {
      return await record(run, readRequest(requestSchema, run.arguments))
    } catch (error) {
      if (error instanceof CreateRefused) return refusedStep(run, 'CreateLineage', error)
      throw error
    }
  },
}

async function record(run: StepRun<StepOf<'Lineage'>>, request: Request): Promise<AttemptResult> {
  const arns: Record<EntityKind, Record<string, string>> = {
    Action: await saveAll(run, 'Action', request.Actions ?? []),
    Artifact: await saveAll(run, 'Artifact', request.Artifacts ?? []),
    Context: await saveAll(run, 'Context', request.Contexts ?? []),
  }
  const arnOfEnd = (place: z.infer<typeof end>): string => {
    if ('Arn' in place) return String(place.Arn)
    const arn = arns[place.Type][place.Name]
    if (arn === undefined)
      throw new CreateRefused(`The association names ${place.Type} "${place.Name}", which the step does not make.`)
    return arn
  }
  const associations = (request.Associations ?? []).map(({ Source, Destination, AssociationType }) => ({
    SourceArn: arnOfEnd(Source),
    DestinationArn: arnOfEnd(Destination),
    ...(AssociationType !== undefined && { AssociationType }),
  }))
  const now = run.world.clock.now().toISOString()
  for (const association of associations) {
    const name = digest(`${association.SourceArn} ${association.DestinationArn}`)
    const description = { ...association, CreationTime: now }
    await run.world.resources.save({ kind: 'Association', name, owner: run.execution.arn, description })
  }
  const properties = {
    ActionArns: arns.Action,
    ArtifactArns: arns.Artifact,
    ContextArns: arns.Context,
    Associations: associations.map(({ SourceArn, DestinationArn }) => ({ SourceArn, DestinationArn })),
  }
  const metadata = { Lineage: properties }
  run.executing(metadata)
  return { status: 'Succeeded', metadata, properties }
}

async function saveAll(
  run: StepRun<StepOf<'Lineage'>>,
  kind: EntityKind,
  entities: readonly Readonly<Record<string, unknown>>[],
): Promise<Record<string, string>> {
  const arns: Record<string, string> = {}
  const now = run.world.clock.now().toISOString()
  for (const entity of entities) {
    const name = String(entity[`${kind}Name`])
    // As in the service, an artifact's ARN ends in a digest of its source, and two steps that name the same source mean one artifact.
    const key = kind === 'Artifact' ? digest(JSON.stringify([entity['Source'], entity['ArtifactType']])) : name
    const arn = arnOf(run.execution.region, kind.toLowerCase(), key)
    const known = await run.world.resources.find(kind satisfies ResourceKind, key)
    const CreationTime = known?.description['CreationTime'] ?? now
    const description = { ...entity, [`${kind}Arn`]: arn, CreationTime, LastModifiedTime: now }
    await run.world.resources.save({ kind, name: key, owner: run.execution.arn, description })
    arns[name] = arn
  }
  return arns
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

import type { CallContext } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import { arnOf, nameInArn } from '../engine/names.ts'
import { parseDefinition } from '../engine/parse-definition.ts'
import type { ParallelismConfiguration, PipelineRecord, PipelineVersion } from '../engine/pipeline-book.ts'
import { isTerminal } from '../engine/record.ts'
import type { Tag } from '../engine/tag-book.ts'
import { readAll } from '../jobs/stage-data.ts'
import { ServiceError } from '../service-error.ts'
import { isWithin, page, type PageRequest, sorted } from './page.ts'
import { toResponse } from './response.ts'

interface DefinitionInput {
  readonly PipelineDefinition?: string
  readonly PipelineDefinitionS3Location?: { readonly Bucket: string; readonly ObjectKey: string }
}

interface CreateInput extends DefinitionInput {
  readonly PipelineName: string
  readonly PipelineDisplayName?: string
  readonly PipelineDescription?: string
  readonly ClientRequestToken?: string
  readonly RoleArn: string
  readonly Tags?: readonly Tag[]
  readonly ParallelismConfiguration?: ParallelismConfiguration
}

type UpdateInput = Partial<Omit<CreateInput, 'Tags' | 'ClientRequestToken'>> & { readonly PipelineName: string }
type NamedInput = { readonly PipelineName: string; readonly PipelineVersionId?: number }

interface ListInput extends PageRequest {
  readonly PipelineNamePrefix?: string
  readonly CreatedAfter?: Date
  readonly CreatedBefore?: Date
  readonly SortBy?: 'Name' | 'CreationTime'
  readonly SortOrder?: string
}

/** The pipeline that a name or an ARN means. @throws ServiceError `ResourceNotFound`. */
export function mustFindPipeline(engine: Engine, nameOrArn: string, region: string): PipelineRecord {
  const name = nameInArn(nameOrArn, 'pipeline')
  const record = engine.pipelines.find(name)
  if (record === undefined)
    throw new ServiceError('ResourceNotFound', `Pipeline '${arnOf(region, 'pipeline', name)}' does not exist.`)
  return record
}

/** Operations on pipelines and their versions. */
export function pipelineOperations(engine: Engine) {
  const { pipelines, executions, tags, clock } = engine
  const now = (): string => clock.now().toISOString()
  /** Names being created, so that two requests at once do not both find the name free. */
  const creating = new Set<string>()

  const create = async (input: CreateInput, { region }: CallContext): Promise<object> => {
    const existing = pipelines.find(input.PipelineName)
    if (existing !== undefined || creating.has(input.PipelineName)) {
      if (existing?.clientToken !== undefined && existing.clientToken === input.ClientRequestToken)
        return { PipelineArn: existing.arn }
      throw new ServiceError(
        'ValidationException',
        `Pipeline names must be unique within an AWS account and region. Pipeline with name (${input.PipelineName}) already exists.`,
      )
    }
    creating.add(input.PipelineName)
    try {
      const definition = await readDefinition(engine, input)
      if (definition === undefined)
        throw new ServiceError(
          'ValidationException',
          'Either Pipeline Definition or Pipeline Definition S3 location should be provided',
        )
      parseDefinition(definition)
      const at = now()
      const arn = arnOf(region, 'pipeline', input.PipelineName)
      await tags.add(arn, input.Tags ?? [])
      await pipelines.save(
        {
          name: input.PipelineName,
          arn,
          roleArn: input.RoleArn,
          createdAt: at,
          modifiedAt: at,
          version: 1,
          ...optional('displayName', input.PipelineDisplayName),
          ...optional('description', input.PipelineDescription),
          ...optional('parallelism', input.ParallelismConfiguration),
          ...optional('clientToken', input.ClientRequestToken),
        },
        { version: 1, definition, createdAt: at },
      )
      return { PipelineArn: arn }
    } finally {
      creating.delete(input.PipelineName)
    }
  }

  const update = async (input: UpdateInput, { region }: CallContext): Promise<object> => {
    mustFindPipeline(engine, input.PipelineName, region)
    const given = await readDefinition(engine, input)
    if (given !== undefined) parseDefinition(given)
    // Asked for again: another update may have gone ahead meanwhile.
    const record = mustFindPipeline(engine, input.PipelineName, region)
    const at = now()
    const version = record.version + 1
    const definition = given ?? (await pipelines.version(record.name, record.version))?.definition
    if (definition === undefined) throw new Error(`Version ${record.version} of pipeline ${record.name} is missing`)
    await pipelines.save(
      {
        ...record,
        modifiedAt: at,
        version,
        ...optional('displayName', input.PipelineDisplayName),
        ...optional('description', input.PipelineDescription),
        ...optional('roleArn', input.RoleArn),
        ...optional('parallelism', input.ParallelismConfiguration),
      },
      { version, definition, createdAt: at },
    )
    return { PipelineArn: record.arn, PipelineVersionId: version }
  }

  const describe = async (input: NamedInput, { region }: CallContext): Promise<object> => {
    const record = mustFindPipeline(engine, input.PipelineName, region)
    const version = await mustFindVersion(record, input.PipelineVersionId ?? record.version)
    return toResponse('DescribePipelineResponse', {
      ...described(record),
      PipelineDefinition: version.definition,
      RoleArn: record.roleArn,
      PipelineStatus: 'Active',
      LastRunTime: lastRun(record),
      CreatedBy: {},
      LastModifiedBy: {},
      ParallelismConfiguration: record.parallelism,
      PipelineVersionDisplayName: version.displayName,
      PipelineVersionDescription: version.description,
    })
  }

  const remove = async (input: NamedInput, { region }: CallContext): Promise<object> => {
    const name = input.PipelineName
    const record = mustFindPipeline(engine, name, region)
    const running = executions.of(record.name).find(execution => !isTerminal(execution.status))
    if (running !== undefined) {
      throw new ServiceError(
        'ConflictException',
        `Pipeline ${record.arn} cannot be deleted: its execution ${running.arn} is ${running.status}.`,
      )
    }
    await pipelines.remove(record.name)
    await executions.remove(record.name)
    await tags.remove(
      record.arn,
      tags.of(record.arn).map(tag => tag.Key),
    )
    return { PipelineArn: record.arn }
  }

  const list = async (input: ListInput): Promise<object> => {
    const found = pipelines
      .all()
      .filter(
        record =>
          record.name.startsWith(input.PipelineNamePrefix ?? '') &&
          isWithin(record.createdAt, input.CreatedAfter, input.CreatedBefore),
      )
    const key =
      input.SortBy === 'Name'
        ? (record: PipelineRecord) => record.name
        : (record: PipelineRecord) => `${record.createdAt} ${record.name}`
    const { items, ...rest } = page(sorted(found, key, input.SortOrder, 'Descending'), input, record => record.name)
    return {
      PipelineSummaries: items.map(record =>
        toResponse('PipelineSummary', {
          ...described(record),
          RoleArn: record.roleArn,
          LastExecutionTime: lastRun(record),
        }),
      ),
      ...rest,
    }
  }

  const listVersions = async (
    input: NamedInput & PageRequest & { SortOrder?: string; CreatedAfter?: Date; CreatedBefore?: Date },
    { region }: CallContext,
  ): Promise<object> => {
    const record = mustFindPipeline(engine, input.PipelineName, region)
    const versions = (await pipelines.versions(record.name)).filter(version =>
      isWithin(version.createdAt, input.CreatedAfter, input.CreatedBefore),
    )
    const inOrder = sorted(
      versions,
      version => String(version.version).padStart(12, '0'),
      input.SortOrder,
      'Descending',
    )
    const { items, ...rest } = page(inOrder, input, version => String(version.version))
    return {
      PipelineVersionSummaries: items.map(version => toResponse('PipelineVersionSummary', summaryOf(record, version))),
      ...rest,
    }
  }

  const updateVersion = async (
    input: {
      PipelineArn: string
      PipelineVersionId: number
      PipelineVersionDisplayName?: string
      PipelineVersionDescription?: string
    },
    { region }: CallContext,
  ): Promise<object> => {
    const record = mustFindPipeline(engine, input.PipelineArn, region)
    const version = await mustFindVersion(record, input.PipelineVersionId)
    await pipelines.saveVersion(record.name, {
      ...version,
      ...optional('displayName', input.PipelineVersionDisplayName),
      ...optional('description', input.PipelineVersionDescription),
    })
    return { PipelineArn: record.arn, PipelineVersionId: version.version }
  }

  const mustFindVersion = async (record: PipelineRecord, number: number): Promise<PipelineVersion> => {
    const version = await pipelines.version(record.name, number)
    if (version === undefined)
      throw new ServiceError('ResourceNotFound', `Pipeline '${record.arn}' has no version ${number}.`)
    return version
  }
  const lastRun = (record: PipelineRecord): string | undefined => executions.of(record.name).at(-1)?.createdAt
  const summaryOf = (record: PipelineRecord, version: PipelineVersion): object => ({
    PipelineArn: record.arn,
    PipelineVersionId: version.version,
    CreationTime: version.createdAt,
    PipelineVersionDisplayName: version.displayName,
    PipelineVersionDescription: version.description,
    LastExecutionPipelineExecutionArn: executions
      .of(record.name)
      .findLast(execution => execution.pipelineVersion === version.version)?.arn,
  })

  return {
    CreatePipeline: create,
    UpdatePipeline: update,
    DescribePipeline: describe,
    DeletePipeline: remove,
    ListPipelines: list,
    ListPipelineVersions: listVersions,
    UpdatePipelineVersion: updateVersion,
  }
}

const described = (record: PipelineRecord): object => ({
  PipelineArn: record.arn,
  PipelineName: record.name,
  PipelineDisplayName: record.displayName ?? record.name,
  PipelineDescription: record.description,
  CreationTime: record.createdAt,
  LastModifiedTime: record.modifiedAt,
})

/** The definition of a request, from where it says; undefined when it names none. Texts: moto's copies of the service's. */
async function readDefinition(engine: Engine, input: DefinitionInput): Promise<string | undefined> {
  const { PipelineDefinition: text, PipelineDefinitionS3Location: location } = input
  if (text !== undefined && location !== undefined) {
    throw new ServiceError(
      'ValidationException',
      "Both Pipeline Definition and Pipeline Definition S3 Location shouldn't be present",
    )
  }
  if (location === undefined) return text
  const object = await engine.store.get(location.Bucket, location.ObjectKey)
  if (object === undefined) {
    throw new ServiceError(
      'ValidationException',
      `The pipeline definition s3://${location.Bucket}/${location.ObjectKey} does not exist.`,
    )
  }
  return readAll(object.body)
}

/** A member only when it has a value, as exactOptionalPropertyTypes asks. */
function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: V }
}

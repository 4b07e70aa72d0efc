import type { Engine } from '../engine/engine.ts'
import type { Resource, ResourceKind } from '../registry/resource-book.ts'
import { ServiceError } from '../service-error.ts'
import { isWithin, page, type PageRequest, sorted } from './page.ts'
import { toResponse } from './response.ts'

/** What the lists of resources have in common; each operation has some of these. */
export interface ResourceListInput extends PageRequest {
  readonly CreationTimeAfter?: Date
  readonly CreationTimeBefore?: Date
  readonly CreatedAfter?: Date
  readonly CreatedBefore?: Date
  readonly NameContains?: string
  readonly SortBy?: string
  readonly SortOrder?: string
}

/** The page of a kind's resources that a request asks for, newest first unless it says otherwise. */
export async function listResources<I extends ResourceListInput>(
  engine: Pick<Engine, 'resources'>,
  input: I,
  kind: ResourceKind,
  shapes: { readonly summary: string; readonly summaries: string },
  wanted: (description: Readonly<Record<string, unknown>>) => boolean = () => true,
): Promise<object> {
  const created = ({ description }: Resource): string => String(description['CreationTime'])
  const found = (await engine.resources.list(kind)).filter(
    resource =>
      resource.name.includes(input.NameContains ?? '') &&
      isWithin(
        created(resource),
        input.CreationTimeAfter ?? input.CreatedAfter,
        input.CreationTimeBefore ?? input.CreatedBefore,
      ) &&
      wanted(resource.description),
  )
  const textOf = (resource: Resource): string =>
    input.SortBy === 'Name' ? resource.name : `${created(resource)} ${resource.name}`
  const { items, ...rest } = page(sorted(found, textOf, input.SortOrder, 'Descending'), input, ({ name }) => name, 10)
  return { [shapes.summaries]: items.map(({ description }) => toResponse(shapes.summary, description)), ...rest }
}

/** @throws ServiceError with `code` when there is none. */
export async function findResource(
  engine: Pick<Engine, 'resources'>,
  kind: ResourceKind,
  name: string,
  missing: { readonly code: string; readonly message: string },
): Promise<Resource> {
  const found = await engine.resources.find(kind, name)
  if (found === undefined) throw new ServiceError(missing.code, missing.message)
  return found
}

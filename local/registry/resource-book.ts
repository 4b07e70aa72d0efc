import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, writeJson } from '../engine/durable-file.ts'

/** Resources that are described, listed and deleted, but have no folder of their own as jobs have. */
export type ResourceKind =
  | 'EndpointConfig'
  | 'Endpoint'
  | 'InferenceComponent'
  | 'Experiment'
  | 'Trial'
  | 'TrialComponent'
  | 'Action'
  | 'Artifact'
  | 'Context'
  | 'Association'

/** A resource: its Describe response with times as ISO texts, and who made it. */
export interface Resource {
  readonly kind: ResourceKind
  readonly name: string
  /** `<execution ARN>/<step>`, or undefined for a resource that a client made. */
  readonly owner?: string
  readonly description: Readonly<Record<string, unknown>>
}

/** The resources of a state folder: `<folder>/<kind>/<name>.json`. */
export interface ResourceBook {
  save(resource: Resource): Promise<void>
  find(kind: ResourceKind, name: string): Promise<Resource | undefined>
  /** Every resource of a kind, in the order of their names. */
  list(kind: ResourceKind): Promise<readonly Resource[]>
  /** @returns False when there was none. */
  remove(kind: ResourceKind, name: string): Promise<boolean>
}

/** @param folder The folder `resources` of the state folder; each kind is read when it is first asked for. */
export function openResourceBook(folder: string): ResourceBook {
  const kinds = new Map<ResourceKind, Promise<Map<string, Resource>>>()
  let writing: Promise<unknown> = Promise.resolve()

  // A name is free text as far as the disk is concerned: encoded, it is one part of a path.
  const fileOf = (kind: ResourceKind, name: string): string => join(folder, kind, `${encodeURIComponent(name)}.json`)
  const read = async (kind: ResourceKind): Promise<Map<string, Resource>> => {
    await mkdir(join(folder, kind), { recursive: true })
    const files = (await readdir(join(folder, kind))).filter(file => file.endsWith('.json')).sort()
    const found = await Promise.all(files.map(file => readJson<Resource>(join(folder, kind, file))))
    return new Map(found.flatMap(resource => (resource === undefined ? [] : [[resource.name, resource] as const])))
  }
  const open = (kind: ResourceKind): Promise<Map<string, Resource>> => {
    const known = kinds.get(kind) ?? read(kind)
    kinds.set(kind, known)
    return known
  }
  /** One change after the other, so that the disk ends up with the last one. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = writing.then(work, work)
    writing = mine.catch(() => {})
    return mine
  }

  return {
    save: resource =>
      inTurn(async () => {
        const known = await open(resource.kind)
        await writeJson(fileOf(resource.kind, resource.name), resource, { flush: false })
        known.set(resource.name, resource)
      }),
    find: async (kind, name) => (await open(kind)).get(name),
    list: async kind => [...(await open(kind)).values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    remove: (kind, name) =>
      inTurn(async () => {
        const known = await open(kind)
        if (!known.has(name)) return false
        await rm(fileOf(kind, name), { force: true })
        return known.delete(name)
      }),
  }
}

import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { readJson, writeJson } from '../engine/durable-file.ts'
import { arnOf } from '../engine/names.ts'
import { ServiceError } from '../service-error.ts'

/** The Describe response of a group or of a package, times as ISO texts. */
export type Description = Readonly<Record<string, unknown>>

/** Request members of CreateModelPackage, and what the registry itself needs. */
export type NewPackage = Readonly<Record<string, unknown>> & {
  readonly ModelPackageGroupName: string
  readonly region: string
  readonly at: Date
  /** The same token gives the same version again. */
  readonly token?: string
  readonly executionArn?: string
}

/** The model registry of a state folder: groups with versions 1, 2, 3, … that are never used twice. */
export interface Registry {
  /** @throws ServiceError when there is a group of this name. */
  createGroup(name: string, options: { region: string; at: Date; description?: string }): Promise<Description>
  /** The group of this name, made when it is not there. */
  ensureGroup(name: string, region: string, at: Date): Promise<Description>
  group(name: string): Description | undefined
  groups(): readonly Description[]
  /** @throws ServiceError while the group has versions. */
  deleteGroup(name: string): Promise<void>
  /** A new version of a group. @throws ServiceError when there is no such group. */
  createPackage(options: NewPackage): Promise<Description>
  /** By ARN, or by `<group>/<version>`. */
  package(arn: string): Description | undefined
  packages(group: string): readonly Description[]
  updatePackage(arn: string, changes: Description, at: Date): Promise<Description>
  deletePackage(arn: string): Promise<void>
}

interface Group {
  readonly description: Description
  /** The number that the next version gets. */
  readonly nextVersion: number
}

interface StoredPackage {
  readonly token?: string
  readonly description: Description
}

/** Group names differ by more than case on AWS, but their package ARNs do not; so one folder per name in lower case. */
const keyOf = (name: string): string => name.toLowerCase()

/**
 * Opens the registry: `<folder>/<group>/group.json` and `<folder>/<group>/<version>.json`, each written as a whole.
 * Changes are made one after the other.
 */
export async function openRegistry(folder: string): Promise<Registry> {
  const groups = new Map<string, Group>()
  const packages = new Map<string, Map<number, StoredPackage>>()
  await load(folder, groups, packages)

  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work, work)
    last = mine.catch(() => {})
    return mine
  }
  const saveGroup = async (key: string, group: Group): Promise<void> => {
    await writeJson(join(folder, key, 'group.json'), group)
    groups.set(key, group)
  }
  const savePackage = async (key: string, version: number, stored: StoredPackage): Promise<void> => {
    await writeJson(join(folder, key, `${version}.json`), stored)
    const versions = packages.get(key) ?? new Map<number, StoredPackage>()
    packages.set(key, versions.set(version, stored))
  }
  const locate = (arn: string): { key: string; version: number; stored: StoredPackage } | undefined => {
    const match = /^(?:arn:[^:]+:sagemaker:[^:]*:[^:]*:model-package\/)?([^/]+)\/(\d+)$/.exec(arn)
    const key = keyOf(match?.[1] ?? '')
    const version = Number(match?.[2])
    const stored = packages.get(key)?.get(version)
    return stored === undefined ? undefined : { key, version, stored }
  }
  const createGroup = async (
    name: string,
    options: { region: string; at: Date; description?: string },
  ): Promise<Description> => {
    const description: Description = {
      ModelPackageGroupName: name,
      ModelPackageGroupArn: arnOf(options.region, 'model-package-group', keyOf(name)),
      ...(options.description === undefined ? {} : { ModelPackageGroupDescription: options.description }),
      CreationTime: options.at.toISOString(),
      CreatedBy: {},
      ModelPackageGroupStatus: 'Completed',
    }
    await saveGroup(keyOf(name), { description, nextVersion: 1 })
    return description
  }
  const mustLocate = (arn: string): NonNullable<ReturnType<typeof locate>> => {
    const found = locate(arn)
    if (found === undefined) throw new ServiceError('ValidationException', `ModelPackage ${arn} does not exist.`)
    return found
  }

  return {
    createGroup: (name, options) =>
      inTurn(async () => {
        const existing = groups.get(keyOf(name))
        if (existing !== undefined) {
          throw new ServiceError(
            'ValidationException',
            `Model Package Group already exists: ${String(existing.description['ModelPackageGroupArn'])}`,
          )
        }
        return createGroup(name, options)
      }),
    ensureGroup: (name, region, at) =>
      inTurn(async () => groups.get(keyOf(name))?.description ?? createGroup(name, { region, at })),
    group: name => groups.get(keyOf(name))?.description,
    groups: () => [...groups.values()].map(group => group.description),
    deleteGroup: name =>
      inTurn(async () => {
        const key = keyOf(name)
        if (!groups.has(key)) throw new ServiceError('ValidationException', `ModelPackageGroup ${name} does not exist.`)
        if ((packages.get(key)?.size ?? 0) > 0) {
          throw new ServiceError(
            'ConflictException',
            `ModelPackageGroup ${name} cannot be deleted: it still has model packages. Delete them first.`,
          )
        }
        await rm(join(folder, key), { recursive: true, force: true })
        groups.delete(key)
        packages.delete(key)
      }),
    createPackage: ({ region, at, token, executionArn, ...request }) =>
      inTurn(async () => {
        const key = keyOf(request.ModelPackageGroupName)
        const group = groups.get(key)
        if (group === undefined) {
          throw new ServiceError(
            'ValidationException',
            `ModelPackageGroup ${arnOf(region, 'model-package-group', key)} does not exist.`,
          )
        }
        if (token !== undefined) {
          const same = [...(packages.get(key)?.values() ?? [])].find(stored => stored.token === token)
          if (same !== undefined) return same.description
        }
        const version = group.nextVersion
        const { Tags: _tags, ClientToken: _token, ...members } = request as Record<string, unknown>
        const description: Description = {
          ...(executionArn === undefined ? {} : { MetadataProperties: { GeneratedBy: executionArn } }),
          ...members,
          ModelPackageName: `${String(group.description['ModelPackageGroupName'])}/${version}`,
          ModelPackageGroupName: String(group.description['ModelPackageGroupName']),
          ModelPackageVersion: version,
          ModelPackageArn: arnOf(region, 'model-package', `${key}/${version}`),
          ModelPackageStatus: 'Completed',
          ModelPackageStatusDetails: { ValidationStatuses: [] },
          ModelApprovalStatus: request['ModelApprovalStatus'] ?? 'PendingManualApproval',
          CertifyForMarketplace: false,
          CreationTime: at.toISOString(),
          CreatedBy: {},
        }
        // First the number, then the version: after a crash in between a number is lost, but none is used twice.
        await saveGroup(key, { ...group, nextVersion: version + 1 })
        await savePackage(key, version, { description, ...(token === undefined ? {} : { token }) })
        return description
      }),
    package: arn => locate(arn)?.stored.description,
    packages: group => [...(packages.get(keyOf(group))?.values() ?? [])].map(stored => stored.description),
    updatePackage: (arn, changes, at) =>
      inTurn(async () => {
        const { key, version, stored } = mustLocate(arn)
        const description = {
          ...stored.description,
          ...changes,
          LastModifiedTime: at.toISOString(),
          LastModifiedBy: {},
        }
        await savePackage(key, version, { ...stored, description })
        return description
      }),
    deletePackage: arn =>
      inTurn(async () => {
        const { key, version } = mustLocate(arn)
        await rm(join(folder, key, `${version}.json`), { force: true })
        packages.get(key)?.delete(version)
      }),
  }
}

async function load(
  folder: string,
  groups: Map<string, Group>,
  packages: Map<string, Map<number, StoredPackage>>,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const key of await readdir(folder)) {
    const group = await readJson<Group>(join(folder, key, 'group.json'))
    if (group === undefined) continue
    const versions = new Map<number, StoredPackage>()
    for (const file of await readdir(join(folder, key))) {
      const version = /^(\d+)\.json$/.exec(file)?.[1]
      const stored = version === undefined ? undefined : await readJson<StoredPackage>(join(folder, key, file))
      if (stored !== undefined) versions.set(Number(version), stored)
    }
    groups.set(key, group)
    packages.set(key, new Map([...versions].sort(([a], [b]) => a - b)))
  }
}

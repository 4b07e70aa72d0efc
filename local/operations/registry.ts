import type { CallContext } from '../contract.ts'
import type { Engine } from '../engine/engine.ts'
import { arnOf, nameInArn } from '../engine/names.ts'
import type { Tag } from '../engine/tag-book.ts'
import type { Description, NewPackage } from '../registry/registry.ts'
import { ServiceError } from '../service-error.ts'
import { isWithin, page, type PageRequest, sorted } from './page.ts'
import { toResponse } from './response.ts'

type GroupInput = { readonly ModelPackageGroupName: string }
type ListInput = PageRequest & {
  readonly CreationTimeAfter?: Date
  readonly CreationTimeBefore?: Date
  readonly NameContains?: string
  readonly ModelApprovalStatus?: string
  readonly ModelPackageGroupName?: string
  readonly SortBy?: 'Name' | 'CreationTime'
  readonly SortOrder?: string
}

/** Operations on the model registry. */
export function registryOperations(engine: Engine) {
  const { registry, tags, clock } = engine

  const mustFindGroup = (nameOrArn: string, region: string): Description => {
    const name = nameInArn(nameOrArn, 'model-package-group')
    const group = registry.group(name)
    if (group === undefined) {
      throw new ServiceError(
        'ValidationException',
        `ModelPackageGroup ${arnOf(region, 'model-package-group', name.toLowerCase())} does not exist.`,
      )
    }
    return group
  }
  const mustFindPackage = (arn: string): Description => {
    const found = registry.package(arn)
    if (found === undefined) throw new ServiceError('ValidationException', `ModelPackage ${arn} does not exist.`)
    return found
  }
  const summary = (description: Description): object => toResponse('ModelPackageSummary', description)

  return {
    CreateModelPackageGroup: async (
      input: GroupInput & { ModelPackageGroupDescription?: string; Tags?: readonly Tag[] },
      { region }: CallContext,
    ): Promise<object> => {
      const group = await registry.createGroup(input.ModelPackageGroupName, {
        region,
        at: clock.now(),
        ...(input.ModelPackageGroupDescription === undefined
          ? {}
          : { description: input.ModelPackageGroupDescription }),
      })
      await tags.add(String(group['ModelPackageGroupArn']), input.Tags ?? [])
      return { ModelPackageGroupArn: group['ModelPackageGroupArn'] }
    },
    DescribeModelPackageGroup: async (input: GroupInput, { region }: CallContext): Promise<object> =>
      toResponse('DescribeModelPackageGroupOutput', mustFindGroup(input.ModelPackageGroupName, region)),
    DeleteModelPackageGroup: async (input: GroupInput, { region }: CallContext): Promise<object> => {
      const group = mustFindGroup(input.ModelPackageGroupName, region)
      await registry.deleteGroup(String(group['ModelPackageGroupName']))
      return {}
    },
    ListModelPackageGroups: async (input: ListInput): Promise<object> => {
      const found = registry
        .groups()
        .filter(
          group =>
            String(group['ModelPackageGroupName']).includes(input.NameContains ?? '') &&
            isWithin(String(group['CreationTime']), input.CreationTimeAfter, input.CreationTimeBefore),
        )
      const textOf = (group: Description): string =>
        (input.SortBy === 'Name' ? '' : `${String(group['CreationTime'])} `) + String(group['ModelPackageGroupName'])
      const { items, ...rest } = page(
        sorted(found, textOf, input.SortOrder, 'Descending'),
        input,
        group => String(group['ModelPackageGroupName']),
        10,
      )
      return {
        ModelPackageGroupSummaryList: items.map(group => toResponse('ModelPackageGroupSummary', group)),
        ...rest,
      }
    },
    CreateModelPackage: async (
      input: Readonly<Record<string, unknown>> & {
        ModelPackageGroupName?: string
        ClientToken?: string
        Tags?: readonly Tag[]
      },
      { region }: CallContext,
    ): Promise<object> => {
      const group = input.ModelPackageGroupName
      if (group === undefined) {
        throw new ServiceError(
          'ValidationException',
          'The local registry keeps versioned model packages only: give ModelPackageGroupName.',
        )
      }
      const options: NewPackage = {
        ...input,
        ModelPackageGroupName: nameInArn(group, 'model-package-group'),
        region,
        at: clock.now(),
        ...(input.ClientToken === undefined ? {} : { token: input.ClientToken }),
      }
      const created = await registry.createPackage(options)
      await tags.add(String(created['ModelPackageArn']), input.Tags ?? [])
      return { ModelPackageArn: created['ModelPackageArn'] }
    },
    DescribeModelPackage: async (input: { ModelPackageName: string }): Promise<object> =>
      toResponse('DescribeModelPackageOutput', mustFindPackage(input.ModelPackageName)),
    UpdateModelPackage: async ({
      ModelPackageArn,
      ...input
    }: { ModelPackageArn: string } & Record<string, unknown>): Promise<object> => {
      const {
        CustomerMetadataPropertiesToRemove: gone,
        CustomerMetadataProperties: added,
        AdditionalInferenceSpecificationsToAdd: more,
        ClientToken: _token,
        ...changes
      } = input
      const current = mustFindPackage(ModelPackageArn)
      const kept = Object.entries({
        ...(current['CustomerMetadataProperties'] as object | undefined),
        ...(added as object | undefined),
      }).filter(([key]) => !((gone as string[] | undefined) ?? []).includes(key))
      const specifications = [
        ...((current['AdditionalInferenceSpecifications'] as unknown[] | undefined) ?? []),
        ...((more as unknown[] | undefined) ?? []),
      ]
      await registry.updatePackage(
        ModelPackageArn,
        {
          ...changes,
          ...(added === undefined && gone === undefined
            ? {}
            : { CustomerMetadataProperties: Object.fromEntries(kept) }),
          ...(more === undefined ? {} : { AdditionalInferenceSpecifications: specifications }),
        },
        clock.now(),
      )
      return { ModelPackageArn }
    },
    DeleteModelPackage: async (input: { ModelPackageName: string }): Promise<object> => {
      await registry.deletePackage(input.ModelPackageName)
      return {}
    },
    ListModelPackages: async (input: ListInput, { region }: CallContext): Promise<object> => {
      const all =
        input.ModelPackageGroupName === undefined
          ? []
          : registry.packages(String(mustFindGroup(input.ModelPackageGroupName, region)['ModelPackageGroupName']))
      const found = all.filter(
        description =>
          isWithin(String(description['CreationTime']), input.CreationTimeAfter, input.CreationTimeBefore) &&
          String(description['ModelPackageGroupName']).includes(input.NameContains ?? '') &&
          (input.ModelApprovalStatus === undefined || description['ModelApprovalStatus'] === input.ModelApprovalStatus),
      )
      const inOrder = sorted(
        found,
        description => String(description['ModelPackageVersion']).padStart(9, '0'),
        input.SortOrder,
        'Descending',
      )
      const { items, ...rest } = page(inOrder, input, description => String(description['ModelPackageArn']), 10)
      return { ModelPackageSummaryList: items.map(summary), ...rest }
    },
  }
}

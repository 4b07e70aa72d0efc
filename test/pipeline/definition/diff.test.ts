import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diffDefinitions, diffValues, isEmptyDifference } from '../../../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../../../schemas/definition.ts'

const golden = (file: string): PipelineDefinition =>
  JSON.parse(readFileSync(join('test/fixtures/goldens', file), 'utf8'))
const kfold = (): PipelineDefinition => golden('v2/a-kfold5-metrics.json')

/** A copy whose objects have their keys in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  )
}

/** Puts every change back in, which must give the other value. */
function apply(before: unknown, after: unknown): unknown {
  let result = structuredClone(before)
  const changes = diffValues(before, after)
  // From the end, so that removed list elements do not move those before them.
  for (const change of changes.reverse()) {
    if (change.path === '') {
      result = change.after
      continue
    }
    const keys = [...change.path.matchAll(/\.?([A-Za-z_]\w*)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)].map(
      ([, name, index, quoted]) => name ?? index ?? (JSON.parse(quoted as string) as string),
    )
    const last = keys.pop() as string
    const owner = keys.reduce<Record<string, unknown>>(
      (value, key) => value[key] as Record<string, unknown>,
      result as never,
    )
    if (change.kind === 'removed') {
      if (Array.isArray(owner)) owner.splice(Number(last), 1)
      else delete owner[last]
      // An assignment to `__proto__` would make no member.
    } else
      Object.defineProperty(owner, last, { value: change.after, writable: true, enumerable: true, configurable: true })
  }
  return result
}

describe('diffDefinitions', () => {
  it.each(
    ['v2', 'fieldnotes'].flatMap(folder =>
      readdirSync(`test/fixtures/goldens/${folder}`).map(name => `${folder}/${name}`),
    ),
  )('finds nothing between %s and itself, whatever the order of keys', file => {
    const document = golden(file)
    expect(isEmptyDifference(diffDefinitions(document, document))).toBe(true)
    expect(isEmptyDifference(diffDefinitions(document, reversed(document) as PipelineDefinition))).toBe(true)
  })

  it('names the field of the step, and that its cache is lost', () => {
    const [before, after] = [kfold(), kfold()]
    Object.assign((after.Steps[1] as never as { Arguments: { HyperParameters: object } }).Arguments.HyperParameters, {
      C: '2',
    })
    expect(diffDefinitions(before, after)).toMatchObject({
      document: [],
      parameters: [],
      orderChanged: false,
      steps: [
        {
          kind: 'changed',
          name: 'TrainFold0',
          cacheKeyChanged: true,
          changes: [{ kind: 'changed', path: 'Arguments.HyperParameters.C', after: '2' }],
        },
      ],
    })
  })

  it('keeps the cache when only an instance type changes', () => {
    const [before, after] = [kfold(), kfold()]
    const args = after.Steps[0]?.Arguments as { ProcessingResources: { ClusterConfig: { InstanceCount: number } } }
    args.ProcessingResources.ClusterConfig.InstanceCount = 2
    expect(diffDefinitions(before, after).steps).toMatchObject([{ name: 'SplitKFold', cacheKeyChanged: false }])
  })

  it('tells steps and parameters that came, went or moved into a branch', () => {
    const [before, after] = [kfold(), kfold()]
    const moved = after.Steps.splice(6, 1)
    const gate = after.Steps.at(-1) as { Arguments: { ElseSteps: unknown[] } }
    gate.Arguments.ElseSteps.push(...moved)
    after.Steps.push({ Name: 'Late', Type: 'Fail', Arguments: { ErrorMessage: '' } })
    after.Parameters = [...(after.Parameters ?? []).slice(1), { Name: 'Seed', Type: 'Integer' }]
    const { parameters, steps } = diffDefinitions(before, after)
    expect(parameters.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['added Seed', 'removed InputDataUri'])
    expect(
      steps.map(({ kind, name, moved: place }) =>
        `${kind} ${name} ${place?.before ?? ''} ${place?.after ?? ''}`.trim(),
      ),
    ).toEqual([`changed AggregateFolds Steps ${before.Steps.at(-1)?.Name}.ElseSteps`, 'added Late'])
    expect(steps[0]?.dependencies.added).toEqual([before.Steps.at(-1)?.Name])
  })

  it('tells a changed default, an added dependency and a changed order', () => {
    const [before, after] = [kfold(), kfold()]
    Object.assign(after.Parameters?.[3] as object, { DefaultValue: 0.9 })
    Object.assign(after.Steps[2] as object, { DependsOn: ['TrainFold0'] })
    after.Steps.splice(0, 2, ...after.Steps.slice(0, 2).reverse())
    const difference = diffDefinitions(before, after)
    expect(difference.parameters).toMatchObject([
      { name: 'BaselineObjective', changes: [{ path: 'DefaultValue', before: 0.6, after: 0.9 }] },
    ])
    expect(difference.steps).toMatchObject([
      { name: 'TrainFold1', dependencies: { added: ['TrainFold0'], removed: [] } },
    ])
    expect(difference.orderChanged).toBe(true)
  })

  it('takes an absent parameter type for String and null for absent, as the service does', () => {
    const step = { Name: 'F', Type: 'Fail', Arguments: { ErrorMessage: '' } } as const
    const before: PipelineDefinition = {
      Version: '2020-12-01',
      Parameters: [{ Name: 'A' }],
      MlflowConfig: null,
      Steps: [step],
    }
    const after: PipelineDefinition = {
      Version: '2020-12-01',
      Parameters: [{ Name: 'A', Type: 'String' }],
      Steps: [step],
    }
    expect(isEmptyDifference(diffDefinitions(before, after))).toBe(true)
  })
})

describe('diffValues', () => {
  it('gives the other value when its changes are applied', () => {
    // JSON does not tell -0 from 0.
    const json = fc.jsonValue({ maxDepth: 4 }).map(value => JSON.parse(JSON.stringify(value)) as unknown)
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(apply(before, after)).toEqual(after)
        expect(diffValues(before, structuredClone(before))).toEqual([])
      }),
    )
  })
})

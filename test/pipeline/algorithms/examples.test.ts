import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Pipeline } from 'foldwise'
import { renderDefinition } from '../../../pipeline/definition/index.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'

const folder = resolve(import.meta.dirname, '../../../examples')
const examples = readdirSync(folder)

/** Any module of an example; its default export is checked below. */
const load = async (name: string) => (await import(join(folder, name, 'pipeline.ts'))) as { default: Pipeline }

describe.each(examples)('the example %s', name => {
  it('is a pipeline in which the judge finds nothing', async () => {
    const { default: pipeline } = await load(name)
    expect(pipeline.kind).toBe('foldwise.pipeline')
    expect(validateDefinition(pipeline.document, { origins: pipeline.origins })).toEqual([])
  })
})

it('the XGBoost example gives its golden document', async () => {
  const { default: pipeline } = await load('xgboost')
  await expect(renderDefinition(pipeline.document)).toMatchFileSnapshot('../../golden/xgboost.json')
})

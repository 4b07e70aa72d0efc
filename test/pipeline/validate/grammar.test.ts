import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { sampleDocument } from '../../../pipeline/validate/catalogue/sample.ts'
import { validateDefinition } from '../../../pipeline/validate/index.ts'

const schema = JSON.parse(readFileSync('schemas/definition.schema.json', 'utf8'))
const accepts = new Ajv({ allowUnionTypes: true }).compile(schema)

type Key = string | number

/** Every place in a JSON value, as keys. */
function places(value: unknown, at: readonly Key[] = []): (readonly Key[])[] {
  if (typeof value !== 'object' || value === null) return [at]
  const keys: Key[] = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value)
  return [at, ...keys.flatMap(key => places((value as Record<Key, unknown>)[key], [...at, key]))]
}

/** A copy with another value at a place; without a value the member goes away. */
function replaced(document: unknown, at: readonly Key[], ...values: readonly unknown[]): unknown {
  const copy: unknown = structuredClone(document)
  const owner = at
    .slice(0, -1)
    .reduce<Record<Key, unknown>>((value, key) => value[key] as Record<Key, unknown>, copy as never)
  const last = at.at(-1) as Key
  if (values.length > 0) owner[last] = values[0]
  else if (Array.isArray(owner)) owner.splice(Number(last), 1)
  else delete owner[last]
  return copy
}

describe('the judge and the published grammar', () => {
  it('agree that the sample is right', () => {
    expect(accepts(sampleDocument)).toBe(true)
  })

  it('has a problem with every document that the grammar refuses: each place of the sample replaced, removed or extended', () => {
    const missed: string[] = []
    let refused = 0
    for (const at of places(sampleDocument).filter(place => place.length > 0)) {
      const changes: (readonly [string, unknown])[] = [
        ...[null, 7, 'x', true, [], {}, [1], { Unheard: 1 }].map(
          value => [JSON.stringify(value), replaced(sampleDocument, at, value)] as const,
        ),
        ['removed', replaced(sampleDocument, at)],
      ]
      for (const [what, document] of changes) {
        if (accepts(document)) continue
        refused += 1
        if (validateDefinition(document).length === 0) missed.push(`${at.join('.')} ${what}`)
      }
    }
    expect(missed).toEqual([])
    expect(refused).toBeGreaterThan(500)
  })
})

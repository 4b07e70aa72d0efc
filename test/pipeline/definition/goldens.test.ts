import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  buildGraph,
  definitionHash,
  forEachExpression,
  isGet,
  parseGetPath,
  placedSteps,
  renderDefinition,
  stepKind,
  topologicalOrder,
} from '../../../pipeline/definition/index.ts'

const root = 'test/fixtures/goldens'
const files = ['v2', 'fieldnotes'].flatMap(folder =>
  readdirSync(join(root, folder)).map(name => join(root, folder, name)),
)

describe.each(files)('%s', file => {
  const document = JSON.parse(readFileSync(file, 'utf8'))

  it('is rendered to text that parses to the same document, with the same hash', () => {
    const text = renderDefinition(document)
    expect(JSON.parse(text)).toEqual(document)
    expect(definitionHash(JSON.parse(renderDefinition(document, 0)))).toBe(definitionHash(document))
  })

  it('has only step types with an entry and references that parse', () => {
    for (const { step } of placedSteps(document)) expect(stepKind(step.Type), step.Type).toBeDefined()
    forEachExpression(document, expression => {
      if (isGet(expression)) expect(parseGetPath(expression.Get), expression.Get).toBeDefined()
    })
  })

  it('has an order without a cycle', () => {
    expect(topologicalOrder(buildGraph(document)).cyclic).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDefinitionText } from '../../cli/parse-definition-text.ts'
import { buildGraph, definitionHash, diffDefinitions, renderDefinition } from '../../pipeline/definition/index.ts'
import { isUserError } from '../../schemas/problem.ts'
import { anyDocument } from '../support/any-document.ts'

const read = (document: unknown) => parseDefinitionText(JSON.stringify(document), 'p.json')
const step = { Name: 'A', Type: 'Fail', Arguments: { ErrorMessage: '' } }

describe('parseDefinitionText', () => {
  it.each([
    ['no object', [], 'must be an object'],
    ['no steps', { Version: '2020-12-01' }, 'a list "Steps"'],
    ['a step that is none', { Steps: [step, 7] }, 'Steps[1] is no step'],
    ['a step without a name', { Steps: [{ ...step, Name: { toString: 1 } }] }, 'Steps[0] has no Name'],
    ['a step without a type', { Steps: [{ Name: 'A' }] }, 'Steps[0] has no Type'],
    ['a DependsOn that is no list', { Steps: [{ ...step, DependsOn: 'A' }] }, 'Steps[0].DependsOn is no list of names'],
    [
      'a branch that is no list',
      { Steps: [{ ...step, Type: 'Condition', Arguments: { Conditions: [], IfSteps: [], ElseSteps: step } }] },
      'Steps[0].Arguments.ElseSteps is no list of steps',
    ],
    ['parameters that are no list', { Parameters: {}, Steps: [] }, 'Parameters is no list'],
    ['a parameter without a name', { Parameters: [{}], Steps: [] }, 'Parameters[0] is no parameter with a Name'],
  ])('refuses %s and says where', async (_, document, says) => {
    await expect(read(document)).rejects.toMatchObject({ name: 'UserError', message: expect.stringContaining(says) })
    await expect(read(document)).rejects.toThrow(/^p\.json: .*\.$/)
  })

  it('refuses what nests deeper than any definition', async () => {
    const text = `{"Steps": [], "Metadata": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    await expect(parseDefinitionText(text, 'p.json')).rejects.toThrow(/deeper than 200 levels/)
  })

  it('takes a condition with one side', async () => {
    const document = await read({
      Steps: [{ Name: 'C', Type: 'Condition', Arguments: { Conditions: [], IfSteps: [step] } }],
    })
    expect([...buildGraph(document).steps.keys()]).toEqual(['C', 'A'])
  })

  it('lets nothing through that graph, diff, hash or rendering would fall over', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(anyDocument, anyDocument, async (a, b) => {
        const documents = await Promise.all(
          [a, b].map(document =>
            read(document).catch((error: unknown) => {
              if (!isUserError(error)) throw error
              return undefined
            }),
          ),
        )
        for (const document of documents) {
          if (document === undefined) continue
          taken++
          buildGraph(document)
          definitionHash(document)
          expect(JSON.parse(renderDefinition(document))).toEqual(document)
          expect(diffDefinitions(document, document)).toMatchObject({ document: [], parameters: [], steps: [] })
          for (const other of documents) if (other !== undefined) diffDefinitions(document, other)
        }
      }),
      { numRuns: 2_000 },
    )
    expect(taken).toBeGreaterThan(50)
  })
})

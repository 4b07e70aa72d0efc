import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { definitionHash, renderDefinition } from '../../../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../../../schemas/definition.ts'
import { anyDocument } from '../../support/any-document.ts'

const document: PipelineDefinition = {
  Version: '2020-12-01',
  Parameters: [
    { Name: 'Baseline', Type: 'Float', DefaultValue: 1 },
    { Name: 'Count', Type: 'Integer', DefaultValue: 1 },
  ],
  Steps: [
    {
      Name: 'Gate',
      Type: 'Condition',
      Arguments: {
        Conditions: [
          { Type: 'GreaterThan', LeftValue: { Get: 'Parameters.Baseline' }, RightValue: 6 },
          { Type: 'Equals', LeftValue: { Get: 'Parameters.Count' }, RightValue: 6 },
        ],
        IfSteps: [
          {
            Name: 'Place',
            Type: 'InferenceComponent',
            Arguments: {
              Specification: {
                ComputeResourceRequirements: { NumberOfCpuCoresRequired: 2, MinMemoryRequiredInMb: 1024 },
              },
            },
          },
        ],
        ElseSteps: [],
      },
    },
  ],
}

describe('renderDefinition', () => {
  it('writes numbers in float slots with a decimal point: defaults, operands beside floats, float members of requests', () => {
    const text = renderDefinition(document, 0)
    expect(text).toContain('{"Name":"Baseline","Type":"Float","DefaultValue":1.0}')
    expect(text).toContain('{"Name":"Count","Type":"Integer","DefaultValue":1}')
    expect(text).toContain('"LeftValue":{"Get":"Parameters.Baseline"},"RightValue":6.0')
    expect(text).toContain('"LeftValue":{"Get":"Parameters.Count"},"RightValue":6}')
    expect(text).toContain('"NumberOfCpuCoresRequired":2.0,"MinMemoryRequiredInMb":1024')
  })

  it('leaves out members that are undefined and ends an indented text with a newline', () => {
    const odd = { ...document, Metadata: undefined } as unknown as PipelineDefinition
    expect(renderDefinition(odd)).not.toContain('Metadata')
    expect(renderDefinition(odd)).toMatch(/\}\n$/)
  })

  it('writes any JSON, also what is no definition, as a text that reads as the same', () => {
    const hostile = JSON.parse('{"toString": 1, "__proto__": 2}') as unknown
    const property = (value: unknown): void => {
      // Minus zero is zero in JSON.
      const same = JSON.parse(JSON.stringify(value)) as unknown
      for (const indent of [0, 2]) {
        expect(JSON.parse(renderDefinition(value as PipelineDefinition, indent))).toEqual(same)
      }
    }
    fc.assert(fc.property(fc.oneof(fc.jsonValue({ maxDepth: 4 }), anyDocument), property))
    for (const Type of [hostile, null, 7]) property({ Parameters: { 0: Type }, Steps: [Type, { Type, Name: Type }] })
    property({
      Parameters: [{ Name: hostile, Type: 'Float' }],
      Steps: [{ Type: 'Condition', Arguments: { Conditions: [{ LeftValue: { Get: hostile } }], IfSteps: hostile } }],
    })
  })
})

describe('definitionHash', () => {
  it('does not depend on the order of keys, but on the order of lists', () => {
    const { Steps, ...rest } = document
    const reordered: PipelineDefinition = { Steps, ...rest }
    expect(definitionHash(reordered)).toBe(definitionHash(document))
    const swapped = { ...document, Parameters: [...(document.Parameters ?? [])].reverse() }
    expect(definitionHash(swapped)).not.toBe(definitionHash(document))
  })
})

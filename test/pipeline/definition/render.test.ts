import { describe, expect, it } from 'vitest'
import { definitionHash, renderDefinition } from '../../../pipeline/definition/index.ts'
import type { PipelineDefinition } from '../../../schemas/definition.ts'

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

import { describe, expect, it } from 'vitest'
import { buildGraph, placedSteps, topologicalOrder } from '../../../pipeline/definition/index.ts'
import type { PipelineDefinition, Step } from '../../../schemas/definition.ts'

const fail = (Name: string, ErrorMessage: unknown = '', DependsOn?: string[]): Step =>
  ({ Name, Type: 'Fail', Arguments: { ErrorMessage }, ...(DependsOn && { DependsOn }) }) as Step
const document = (Steps: Step[]): PipelineDefinition => ({ Version: '2020-12-01', Steps })

describe('buildGraph', () => {
  it('has an edge for DependsOn, for a reference and from a condition to its branches, each with its place', () => {
    const gate: Step = {
      Name: 'Gate',
      Type: 'Condition',
      Arguments: {
        Conditions: [{ Type: 'Equals', LeftValue: { Get: 'Steps.A.Outcome' }, RightValue: 1 }],
        IfSteps: [fail('Inside', { Get: 'Steps.B.X' })],
        ElseSteps: [],
      },
    }
    const graph = buildGraph(document([fail('A'), fail('B', '', ['A']), gate]))
    expect(graph.edges).toEqual([
      { from: 'A', to: 'B', reason: 'DependsOn', path: 'Steps[1].DependsOn[0]' },
      { from: 'A', to: 'Gate', reason: 'reference', path: 'Steps[2].Arguments.Conditions[0].LeftValue' },
      { from: 'B', to: 'Inside', reason: 'reference', path: 'Steps[2].Arguments.IfSteps[0].Arguments.ErrorMessage' },
      { from: 'Gate', to: 'Inside', reason: 'branch', path: 'Steps[2].Arguments.IfSteps[0]' },
    ])
    expect(placedSteps(document([gate])).map(({ step }) => step.Name)).toEqual(['Gate', 'Inside'])
  })

  it('names the steps of a cycle and what waits behind it', () => {
    const graph = buildGraph(
      document([fail('A', '', ['C']), fail('B', '', ['A']), fail('C', '', ['B']), fail('D'), fail('E', '', ['A'])]),
    )
    expect(topologicalOrder(graph)).toEqual({ order: ['D'], cyclic: ['A', 'B', 'C', 'E'] })
  })

  it('orders 2000 steps of stacked diamonds in linear time', () => {
    const steps = Array.from({ length: 2001 }, (_, i) =>
      fail(`S${i}`, '', i === 0 ? undefined : i % 3 === 0 ? [`S${i - 1}`, `S${i - 2}`] : [`S${i - (i % 3)}`]),
    )
    const started = performance.now()
    expect(topologicalOrder(buildGraph(document(steps))).order).toHaveLength(2001)
    expect(performance.now() - started).toBeLessThan(500)
  })
})

import { describe, expect, it } from 'vitest'
import { validateDefinition } from '../../../pipeline/validate/index.ts'
import { changedSample, sampleDocument } from '../../../pipeline/validate/catalogue/sample.ts'

/** Processor time of the fastest run, of as many as it takes to be below the limit: what else the machine does is no defect. */
function milliseconds(run: () => void, limit: number): number {
  let fastest = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 15 && fastest >= limit; attempt++) {
    const start = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(start)
    fastest = Math.min(fastest, (user + system) / 1000)
  }
  return fastest
}

/** `count` copies of the sample's training step, each after the one before. */
function chain(count: number): unknown {
  const [, train] = sampleDocument.Steps
  const steps = Array.from({ length: count }, (_, index) => ({
    ...train,
    Name: `Train-${index}`,
    ...(index > 0 && { DependsOn: [`Train-${index - 1}`] }),
  }))
  return { ...(changedSample() as object), Steps: [sampleDocument.Steps[0], ...steps] }
}

describe('speed of the judge', () => {
  it('judges 1000 full training steps in less than 300 ms', () => {
    const document = chain(1_000)
    expect(validateDefinition(document).filter(problem => problem.severity === 'error')).toEqual([])
    expect(milliseconds(() => validateDefinition(document), 300)).toBeLessThan(300)
  })

  it('judges 2000 steps of stacked diamonds, each with a condition, in less than a second', () => {
    const lambda = (name: string, dependsOn: string[]) => ({
      Name: name,
      Type: 'Lambda',
      FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f',
      Arguments: {},
      DependsOn: dependsOn,
    })
    const steps = Array.from({ length: 500 }, (_, index) => [
      lambda(`Top-${index}`, index === 0 ? [] : [`Left-${index - 1}`, `Right-${index - 1}`]),
      lambda(`Left-${index}`, [`Top-${index}`]),
      lambda(`Right-${index}`, [`Top-${index}`]),
      {
        Name: `Ask-${index}`,
        Type: 'Condition',
        DependsOn: [`Top-${index}`],
        Arguments: {
          Conditions: [{ Type: 'Equals', LeftValue: { Get: 'Execution.PipelineName' }, RightValue: 'a' }],
          IfSteps: [lambda(`In-${index}`, index === 0 ? [] : [`In-${index - 1}`])],
          ElseSteps: [],
        },
      },
    ]).flat()
    const document = { Version: '2020-12-01', Steps: steps }
    expect(validateDefinition(document).filter(problem => problem.severity === 'error')).toEqual([])
    expect(milliseconds(() => validateDefinition(document), 1_000)).toBeLessThan(1_000)
  })

  it('names a cycle through 2000 steps once', () => {
    const steps = Array.from({ length: 2_000 }, (_, index) => ({
      Name: `S${index}`,
      Type: 'Fail',
      DependsOn: [`S${(index + 1) % 2_000}`],
      Arguments: { ErrorMessage: '' },
    }))
    const cycles = validateDefinition({ Version: '2020-12-01', Steps: steps }).filter(
      problem => problem.code === 'FW2014',
    )
    expect(cycles).toHaveLength(1)
    expect(cycles[0]?.message).toContain('1989 more')
  })
})

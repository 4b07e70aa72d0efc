import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatProblems, validateDefinition } from '../../pipeline/validate/index.ts'
import { anyDocument } from '../support/any-document.ts'

/** How many documents: 100,000 in the long run, `FOLDWISE_SCALE=1 npx vitest run test/scale`; a sample of them otherwise. */
const numRuns = process.env['FOLDWISE_SCALE'] === '1' ? 100_000 : 500

it(`the judge never crashes or hangs on ${numRuns} arbitrary documents`, { timeout: 1_800_000 }, () => {
  let slowest = 0
  let total = 0
  fc.assert(
    fc.property(fc.oneof({ weight: 1, arbitrary: fc.jsonValue() }, { weight: 4, arbitrary: anyDocument }), document => {
      const start = process.cpuUsage()
      const problems = validateDefinition(document)
      slowest = Math.max(slowest, process.cpuUsage(start).user / 1000)
      total += problems.length
      formatProblems(problems, 'sarif')
      JSON.stringify(problems)
    }),
    { numRuns },
  )
  expect(total).toBeGreaterThan(numRuns)
  expect(slowest).toBeLessThan(5_000)
})

import { callbackStep, conditionStep, failStep, greaterThan, pipeline, string } from 'foldwise'
import { experiment } from './shared.ts'

export default pipeline('c11-callback', { parameters: { X: string('x') }, metadata: {}, experiment }, p => {
  const c = callbackStep('C', {
    queue: 'https://sqs.us-west-2.amazonaws.com/111122223333/q',
    inputs: { a: p.X, b: 2 },
    outputs: { str: 'String', f: 'Float' },
    cache: { expireAfter: 'P30D' },
  })
  const cond = conditionStep('Cond', {
    conditions: [greaterThan(c.properties.OutputParameters['f'], 0.5)],
    ifSteps: [failStep('F', { message: c.properties.OutputParameters['str'] })],
  })
  return [c, cond]
})

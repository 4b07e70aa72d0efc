import { execution, failStep, join, lambdaStep, pipeline, string } from 'foldwise'
import { experiment } from './shared.ts'

export default pipeline('c10-lambda', { parameters: { X: string('x') }, metadata: {}, experiment }, p => {
  const l = lambdaStep('L', {
    function: 'arn:aws:lambda:us-west-2:111122223333:function:f',
    inputs: { a: 1, b: p.X, c: true, d: execution.StartDateTime, n: { k: [p.X] } },
    outputs: { str: 'String', int: 'Integer', bool: 'Boolean', float: 'Float' },
    displayName: 'dn',
    description: 'dd',
    cache: { expireAfter: 'P30D' },
  })
  const f = failStep('F', {
    message: join(' ', [l.properties.OutputParameters['str'], l.properties.OutputParameters['int']]),
    dependsOn: [l],
  })
  const g = failStep('G', { message: l.properties.OutputParameters['str'] })
  return [l, f, g]
})

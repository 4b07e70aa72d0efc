import { execution, failStep, join, pipeline, string } from 'foldwise'
import { experiment } from './shared.ts'

export default pipeline('c17-fail', { parameters: { X: string('x') }, metadata: {}, experiment }, p => {
  const plain = failStep('Plain', { message: '' })
  const msg = failStep('Msg', {
    message: join(' ', ['failed', p.X, execution.PipelineExecutionArn]),
    dependsOn: [plain],
    displayName: 'dn',
    description: 'dd',
  })
  return [plain, msg]
})

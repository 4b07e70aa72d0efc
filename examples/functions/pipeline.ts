import { conditionStep, failStep, float, functionStep, greaterThanOrEqualTo, join, pipeline, string } from 'foldwise'
import type { spread } from './spread.ts'

const parameters = {
  /** Objectives of earlier runs. */
  Scores: string('0.94,0.97,0.93,0.98,0.96'),
  Floor: float(0.9, { description: 'What two standard deviations below the mean must reach' }),
  ExecutionRoleArn: string('arn:aws:iam::111122223333:role/SageMakerExecutionRole'),
}

export default pipeline('StableScores', { parameters }, p => {
  const job = {
    image: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:0.1.0',
    role: p.ExecutionRoleArn,
    code: { bucket: 'sagemaker-us-east-1-111122223333' },
    output: 's3://sagemaker-us-east-1-111122223333/stable-scores',
    cache: { expireAfter: 'P30D' },
  }
  const scores = functionStep<typeof spread>('Spread', {
    ...job,
    file: './spread.ts',
    export: 'spread',
    args: [p.Scores],
  })
  const bound = functionStep('LowerBound', {
    ...job,
    function: (mean: number, deviation: number) => ({ value: mean - 2 * deviation }),
    args: [scores.result.mean, scores.result.deviation],
  })
  const gate = conditionStep('IsStable', {
    conditions: greaterThanOrEqualTo(bound.result.value, p.Floor),
    elseSteps: [
      failStep('Unstable', { message: join`The scores reach down to ${bound.result.value}, below ${p.Floor}.` }),
    ],
  })
  return [scores, bound, gate]
})

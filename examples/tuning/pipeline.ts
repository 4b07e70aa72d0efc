import {
  continuous,
  cron,
  integer,
  integers,
  join,
  execution,
  maximize,
  pipeline,
  registerModelStep,
  scheduleRequest,
  string,
  tuningStep,
  xgboost,
} from 'foldwise'

const bucket = 'sagemaker-us-east-1-111122223333'

const parameters = {
  /** CSV without a header, the target in the first column. */
  TrainUri: string(`s3://${bucket}/churn/train/`),
  ValidationUri: string(`s3://${bucket}/churn/validation/`),
  ExecutionRoleArn: string('arn:aws:iam::111122223333:role/SageMakerExecutionRole'),
  Jobs: integer(20, { description: 'Training jobs in all' }),
}

const algorithm = xgboost({
  region: 'us-east-1',
  version: '1.7-1',
  hyperparameters: { objective: 'binary:logistic', eval_metric: 'auc', num_round: 200 },
})

const tuned = pipeline('ChurnTuning', { parameters }, p => {
  const training = algorithm.stepOptions({
    role: p.ExecutionRoleArn,
    output: join`s3://${bucket}/churn/models/${execution.PipelineExecutionId}`,
    channels: { train: p.TrainUri, validation: p.ValidationUri },
  })
  const tune = tuningStep('Tune', {
    training,
    ranges: {
      eta: continuous(0.01, 0.5, 'Logarithmic'),
      max_depth: integers(3, 10),
      subsample: continuous(0.5, 1),
    },
    objective: maximize('validation:auc'),
    limits: { jobs: p.Jobs, parallel: 4 },
    earlyStopping: 'Auto',
  })
  const register = registerModelStep('Register', {
    group: 'Churn',
    image: training.image,
    modelData: tune.topModel(0),
    contentTypes: algorithm.contentTypes,
    responseTypes: algorithm.responseTypes,
    inferenceInstances: ['ml.m5.large'],
    transformInstances: ['ml.m5.large'],
  })
  return [tune, register]
})

export default tuned

/** For `aws scheduler create-schedule --cli-input-json`: every Monday morning. */
export const everyMonday = scheduleRequest(tuned, {
  schedule: cron('0 6 ? * MON *'),
  timeZone: 'Europe/Berlin',
  pipeline: { account: '111122223333', region: 'us-east-1' },
  role: 'arn:aws:iam::111122223333:role/SchedulerRole',
  parameters: { Jobs: 40 },
})

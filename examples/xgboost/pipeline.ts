import { crossValidation, csv, float, integer, kFold, minimize, pipeline, string, xgboost } from 'foldwise'

const region = 'us-east-1'
const bucket = 'sagemaker-us-east-1-111122223333'

const parameters = {
  /** CSV without a header, the target in the first column: what XGBoost reads. */
  InputDataUri: string(`s3://${bucket}/diabetes/diabetes.csv`),
  ExecutionRoleArn: string('arn:aws:iam::111122223333:role/SageMakerExecutionRole'),
  MaxMeanRmse: float(60, { description: 'Mean RMSE that a model may have to be registered' }),
  Rounds: integer(100),
}

export default pipeline('DiabetesCrossValidation', { parameters }, p =>
  crossValidation({
    data: csv(p.InputDataUri, { label: 0 }),
    folds: kFold({ k: 10, shuffle: true, seed: 7 }),
    training: xgboost({
      region,
      version: '1.7-1',
      instance: 'ml.m5.xlarge',
      spot: { maxWaitTimeInSeconds: 7200 },
      checkpoints: `s3://${bucket}/checkpoints`,
      hyperparameters: { objective: 'reg:squarederror', num_round: p.Rounds, max_depth: 4, eta: 0.1, subsample: 0.8 },
    }),
    objective: minimize('validation:rmse'),
    baseline: p.MaxMeanRmse,
    register: { group: 'DiabetesProgression' },
    role: p.ExecutionRoleArn,
    output: { bucket, prefix: 'foldwise' },
    images: { processing: '111122223333.dkr.ecr.us-east-1.amazonaws.com/foldwise-processing:0.1.0' },
  }),
)

import { csv, float, kFold, maximize, nestedCrossValidation, nodeSvm, pipeline, string } from 'foldwise'

const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com'

const parameters = {
  InputDataUri: string('s3://sagemaker-us-east-1-111122223333/iris/iris.csv'),
  BaselineObjective: float(0.9, { description: 'Mean accuracy that a model needs to be registered' }),
}

/** Chooses kernel and C on inner folds, so that the mean of the outer folds says what such a choice is worth on new data. */
export default pipeline('NestedIris', { parameters }, p =>
  nestedCrossValidation({
    data: csv(p.InputDataUri, { header: true, label: 'species' }),
    folds: kFold({ k: 3, shuffle: true, seed: 23 }),
    innerK: 2,
    candidates: {
      soft: { C: 0.1, kernel: 'rbf' },
      linear: { C: 1, kernel: 'linear' },
      hard: { C: 10, kernel: 'rbf' },
    },
    training: nodeSvm(),
    objective: maximize('validation:accuracy'),
    baseline: p.BaselineObjective,
    register: { group: 'IrisClassifier' },
    role: 'arn:aws:iam::111122223333:role/SageMakerExecutionRole',
    output: { bucket: 'sagemaker-us-east-1-111122223333', prefix: 'foldwise' },
    images: { processing: `${registry}/foldwise-processing:0.1.0`, training: `${registry}/foldwise-training:0.1.0` },
  }),
)

/** What `foldwise run` uploads, and the parameter that gets its S3 URI. */
export const local = { data: { InputDataUri: '../iris/iris.csv' } }

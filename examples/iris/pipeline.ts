import { crossValidation, csv, float, kFold, maximize, nodeSvm, pipeline, string } from 'foldwise'

const registry = '111122223333.dkr.ecr.us-east-1.amazonaws.com'

const parameters = {
  InputDataUri: string('s3://sagemaker-us-east-1-111122223333/iris/iris.csv'),
  ExecutionRoleArn: string('arn:aws:iam::111122223333:role/SageMakerExecutionRole'),
  TrainingInstanceType: string('ml.m5.large', { oneOf: ['ml.m5.large', 'ml.m5.xlarge', 'ml.c5.xlarge'] }),
  BaselineObjective: float(0.9, { description: 'Mean accuracy that a model needs to be registered' }),
  ModelApprovalStatus: string('PendingManualApproval', { oneOf: ['PendingManualApproval', 'Approved', 'Rejected'] }),
  C: float(1),
  kernel: string('linear', { oneOf: ['linear', 'poly', 'rbf', 'sigmoid'] }),
  gamma: string('scale', { description: "'scale', 'auto' or a number" }),
}

export default pipeline('IrisCrossValidation', { parameters }, p =>
  crossValidation({
    data: csv(p.InputDataUri, { header: true, label: 'species' }),
    folds: kFold({ k: 5, shuffle: true, seed: 23 }),
    training: nodeSvm({
      instance: p.TrainingInstanceType,
      hyperparameters: { C: p.C, kernel: p.kernel, gamma: p.gamma },
    }),
    objective: maximize('validation:accuracy'),
    baseline: p.BaselineObjective,
    register: { group: 'IrisClassifier', approval: p.ModelApprovalStatus },
    role: p.ExecutionRoleArn,
    output: { bucket: 'sagemaker-us-east-1-111122223333', prefix: 'foldwise' },
    images: { processing: `${registry}/foldwise-processing:0.1.0`, training: `${registry}/foldwise-training:0.1.0` },
  }),
)

/** What `foldwise run` uploads, and the parameter that gets its S3 URI. */
export const local = { data: { InputDataUri: './iris.csv' } }

import {
  blazingText,
  crossValidation,
  csv,
  type Expr,
  float,
  imageUri,
  kFold,
  knn,
  linearLearner,
  minimize,
  pipeline,
  pytorch,
  scikitLearn,
  scriptTraining,
  string,
  trainingStep,
  xgboost,
} from 'foldwise'
import { expectTypeOf } from 'vitest'

const region = 'eu-west-1'
const version = '1.7-1'
const place = { role: 'r', output: 's3://b/m', channels: { train: 's3://b/t/' } }

export const example = pipeline('P', { parameters: { Eta: float(0.3), Mode: string('supervised') } }, p => {
  const template = xgboost({ region, version, hyperparameters: { num_round: 10, eta: p.Eta, tree_method: 'hist' } })
  const train = trainingStep('Train', template.stepOptions(place))
  expectTypeOf(train.properties.FinalMetricDataList['validation:rmse'].Value).toEqualTypeOf<Expr<number>>()
  // @ts-expect-error not a metric of XGBoost
  void train.properties.FinalMetricDataList['validation:rsme']
  blazingText({ region, hyperparameters: { mode: p.Mode } })
  linearLearner({ region, hyperparameters: { predictor_type: 'regressor', l1: 'auto', use_bias: true } })

  // @ts-expect-error misspelt
  xgboost({ region, version, hyperparameters: { num_round: 10, max_dept: 3 } })
  // @ts-expect-error text instead of a number
  xgboost({ region, version, hyperparameters: { num_round: '10' } })
  // @ts-expect-error not one of the values
  xgboost({ region, version, hyperparameters: { num_round: 10, booster: 'tree' } })
  // @ts-expect-error missing
  xgboost({ region, version, hyperparameters: {} })
  // @ts-expect-error no such version
  xgboost({ region, version: '1.7', hyperparameters: { num_round: 10 } })
  // @ts-expect-error neither region nor image
  xgboost({ hyperparameters: { num_round: 10 } })
  // @ts-expect-error a word that stands for no number here
  knn({ region, hyperparameters: { k: 'auto', feature_dim: 4, predictor_type: 'classifier' } })

  // @ts-expect-error no such image
  imageUri({ image: 'xgbost', region })
  // @ts-expect-error no such version
  imageUri({ image: 'pytorch', version: '9', region })
  // @ts-expect-error no such version
  scikitLearn({ version: '1.2' })

  const script = scriptTraining({
    framework: pytorch({ version: '2.5', accelerator: 'cpu' }),
    region,
    source: '../fixtures/algorithms/train-src',
    entryPoint: 'train.py',
    code: { bucket: 'code-bucket' },
    metrics: { loss: 'loss=(.*?);' },
  })
  const own = trainingStep('Own', script.stepOptions(place))
  expectTypeOf(own.properties.FinalMetricDataList.loss.Value).toEqualTypeOf<Expr<number>>()
  // @ts-expect-error not declared
  void own.properties.FinalMetricDataList.lost

  return [
    train,
    own,
    crossValidation({
      data: csv('s3://b/d', { label: 0 }),
      folds: kFold({ k: 2 }),
      training: template,
      objective: minimize('validation:rmse'),
      baseline: 1,
      role: 'r',
      output: 's3://b/o',
      images: { processing: 'i' },
    }),
  ]
})

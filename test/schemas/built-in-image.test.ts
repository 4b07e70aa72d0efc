import { expect, it } from 'vitest'
import { isBuiltInImage } from '../../schemas/built-in-image.ts'

it('knows the images of the built-in algorithms by repository and account', () => {
  expect(isBuiltInImage('382416733822.dkr.ecr.us-east-1.amazonaws.com/knn:1')).toBe(true)
  expect(isBuiltInImage('141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1')).toBe(true)
  expect(isBuiltInImage('111122223333.dkr.ecr.us-east-1.amazonaws.com/knn:1')).toBe(false)
  expect(isBuiltInImage('246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3')).toBe(
    false,
  )
})

it.each([undefined, null, 5, '', {}, { Get: 'Parameters.Image' }, 'knn:1', 'constructor'])(
  'does not take %j for one',
  value => {
    expect(isBuiltInImage(value)).toBe(false)
  },
)

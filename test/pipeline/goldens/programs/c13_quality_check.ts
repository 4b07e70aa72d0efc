import { boolean, failStep, join, pipeline, qualityCheckStep, qualityJob, string } from 'foldwise'
import { experiment, monitorImage, role } from './shared.ts'

const job = {
  image: monitorImage,
  role,
  instance: { type: 'ml.c5.xlarge', volumeSizeInGB: 60 },
  format: { csv: { header: true, output_columns_position: 'START' } },
} as const

export default pipeline(
  'c13-quality-check',
  { parameters: { Dataset: string('s3://my-bucket/d.csv'), Skip: boolean(false) }, metadata: {}, experiment },
  p => {
    const dataQ = qualityCheckStep('DataQ', {
      check: 'DATA_QUALITY',
      skipCheck: p.Skip,
      failOnViolation: true,
      registerNewBaseline: true,
      modelPackageGroup: 'G',
      suppliedBaselineConstraints: 's3://my-bucket/c.json',
      suppliedBaselineStatistics: 's3://my-bucket/s.json',
      arguments: qualityJob({
        ...job,
        dataset: p.Dataset,
        output: 's3://my-bucket/dq',
        preprocessor: 's3://my-bucket/pre.py',
        postprocessor: 's3://my-bucket/post.py',
      }),
      cache: { expireAfter: 'P30D' },
    })
    const modelQ = qualityCheckStep('ModelQ', {
      check: 'MODEL_QUALITY',
      skipCheck: false,
      failOnViolation: false,
      registerNewBaseline: false,
      modelPackageGroup: null,
      suppliedBaselineConstraints: null,
      suppliedBaselineStatistics: null,
      arguments: qualityJob({
        ...job,
        dataset: p.Dataset,
        output: 's3://my-bucket/mq',
        model: {
          problem: 'BinaryClassification',
          inference: 0,
          probability: 1,
          groundTruth: 2,
          probabilityThreshold: 0.5,
        },
      }),
    })
    const f = failStep('F', {
      message: join(',', [
        dataQ.properties.CalculatedBaselineConstraints,
        dataQ.properties.CalculatedBaselineStatistics,
        dataQ.properties.BaselineUsedForDriftCheckStatistics,
        dataQ.properties.BaselineUsedForDriftCheckConstraints,
      ]),
    })
    return [dataQ, modelQ, f]
  },
)

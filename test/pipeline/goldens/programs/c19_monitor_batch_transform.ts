import { monitoredTransform, pipeline, qualityJob, string } from 'foldwise'
import { experiment, monitorImage, role } from './shared.ts'

export default pipeline(
  'c19-monitor-batch-transform',
  { parameters: { ModelName: string('m') }, metadata: {}, experiment },
  p =>
    monitoredTransform('MBT', {
      monitorFirst: true,
      displayName: 'MBT',
      description: 'dd',
      transform: {
        model: p.ModelName,
        instance: 'ml.m5.large',
        input: { uri: 's3://my-bucket/in', contentType: 'text/csv', splitType: 'Line' },
        output: 's3://my-bucket/bt',
      },
      monitoring: {
        check: 'DATA_QUALITY',
        registerNewBaseline: false,
        modelPackageGroup: null,
        suppliedBaselineConstraints: 's3://my-bucket/c.json',
        suppliedBaselineStatistics: 's3://my-bucket/s.json',
        arguments: qualityJob({
          image: monitorImage,
          role,
          instance: { type: 'ml.c5.xlarge', volumeSizeInGB: 60 },
          dataset: 's3://my-bucket/d.csv',
          format: { csv: { header: true, output_columns_position: 'START' } },
          output: 's3://my-bucket/o',
        }),
      },
    }),
)

import { monitoredTransform, pipeline, string } from 'foldwise'
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
        arguments: {
          ProcessingResources: {
            ClusterConfig: { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 60 },
          },
          AppSpecification: { ImageUri: monitorImage },
          RoleArn: role,
          ProcessingInputs: [
            {
              InputName: 'baseline_dataset_input',
              AppManaged: false,
              S3Input: {
                S3Uri: 's3://my-bucket/d.csv',
                LocalPath: '/opt/ml/processing/input/baseline_dataset_input',
                S3DataType: 'S3Prefix',
                S3InputMode: 'File',
                S3DataDistributionType: 'FullyReplicated',
                S3CompressionType: 'None',
              },
            },
          ],
          ProcessingOutputConfig: {
            Outputs: [
              {
                OutputName: 'quality_check_output',
                AppManaged: false,
                S3Output: {
                  S3Uri: 's3://my-bucket/o',
                  LocalPath: '/opt/ml/processing/output',
                  S3UploadMode: 'EndOfJob',
                },
              },
            ],
          },
          Environment: {
            output_path: '/opt/ml/processing/output',
            publish_cloudwatch_metrics: 'Disabled',
            dataset_format: '{"csv": {"header": true, "output_columns_position": "START"}}',
            dataset_source: '/opt/ml/processing/input/baseline_dataset_input',
          },
        },
      },
    }),
)

import { boolean, failStep, join, pipeline, qualityCheckStep, string } from 'foldwise'
import { experiment, monitorImage, role } from './shared.ts'

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
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 60 } },
        AppSpecification: { ImageUri: monitorImage },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'baseline_dataset_input',
            AppManaged: false,
            S3Input: {
              S3Uri: p.Dataset,
              LocalPath: '/opt/ml/processing/input/baseline_dataset_input',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'post_analytics_processor_script_input',
            AppManaged: false,
            S3Input: {
              S3Uri: 's3://my-bucket/post.py',
              LocalPath: '/opt/ml/processing/input/post_analytics_processor_script_input',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'record_preprocessor_script_input',
            AppManaged: false,
            S3Input: {
              S3Uri: 's3://my-bucket/pre.py',
              LocalPath: '/opt/ml/processing/input/record_preprocessor_script_input',
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
                S3Uri: 's3://my-bucket/dq',
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
          record_preprocessor_script: '/opt/ml/processing/input/record_preprocessor_script_input/pre.py',
          post_analytics_processor_script: '/opt/ml/processing/input/post_analytics_processor_script_input/post.py',
          dataset_source: '/opt/ml/processing/input/baseline_dataset_input',
        },
      },
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
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 60 } },
        AppSpecification: { ImageUri: monitorImage },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'baseline_dataset_input',
            AppManaged: false,
            S3Input: {
              S3Uri: p.Dataset,
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
                S3Uri: 's3://my-bucket/mq',
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
          analysis_type: 'MODEL_QUALITY',
          problem_type: 'BinaryClassification',
          inference_attribute: '0',
          probability_attribute: '1',
          ground_truth_attribute: '2',
          probability_threshold_attribute: '0.5',
        },
      },
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

import { boolean, clarifyCheckStep, failStep, join, pipeline, string } from 'foldwise'
import { clarifyImage, experiment, role } from './shared.ts'

export default pipeline(
  'c12-clarify-check',
  {
    parameters: { In: string('s3://my-bucket/in.csv'), ModelName: string('m'), Skip: boolean(false) },
    metadata: {},
    experiment,
  },
  p => {
    const dataBias = clarifyCheckStep('DataBias', {
      check: 'DATA_BIAS',
      skipCheck: p.Skip,
      failOnViolation: true,
      registerNewBaseline: true,
      modelPackageGroup: 'G',
      suppliedBaselineConstraints: null,
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 60 } },
        AppSpecification: { ImageUri: clarifyImage },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'analysis_config',
            AppManaged: false,
            S3Input: {
              S3Uri: 's3://my-bucket/analysis/analysis_config.json',
              LocalPath: '/opt/ml/processing/input/config',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'dataset',
            AppManaged: false,
            S3Input: {
              S3Uri: p.In,
              LocalPath: '/opt/ml/processing/input/data',
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
              OutputName: 'analysis_result',
              AppManaged: false,
              S3Output: {
                S3Uri: 's3://my-bucket/clarify',
                LocalPath: '/opt/ml/processing/output',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
      cache: { expireAfter: 'P30D' },
    })
    const modelBias = clarifyCheckStep('ModelBias', {
      check: 'MODEL_BIAS',
      model: p.ModelName,
      skipCheck: false,
      failOnViolation: false,
      registerNewBaseline: false,
      modelPackageGroup: null,
      suppliedBaselineConstraints: 's3://my-bucket/c.json',
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 60 } },
        AppSpecification: { ImageUri: clarifyImage },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'analysis_config',
            AppManaged: false,
            S3Input: {
              S3Uri: 's3://my-bucket/analysis/analysis_config.json',
              LocalPath: '/opt/ml/processing/input/config',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'dataset',
            AppManaged: false,
            S3Input: {
              S3Uri: p.In,
              LocalPath: '/opt/ml/processing/input/data',
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
              OutputName: 'analysis_result',
              AppManaged: false,
              S3Output: {
                S3Uri: 's3://my-bucket/clarify',
                LocalPath: '/opt/ml/processing/output',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
    })
    const explain = clarifyCheckStep('Explain', {
      check: 'MODEL_EXPLAINABILITY',
      model: p.ModelName,
      skipCheck: false,
      failOnViolation: true,
      registerNewBaseline: false,
      modelPackageGroup: null,
      suppliedBaselineConstraints: null,
      arguments: {
        ProcessingResources: { ClusterConfig: { InstanceType: 'ml.c5.xlarge', InstanceCount: 1, VolumeSizeInGB: 60 } },
        AppSpecification: { ImageUri: clarifyImage },
        RoleArn: role,
        ProcessingInputs: [
          {
            InputName: 'analysis_config',
            AppManaged: false,
            S3Input: {
              S3Uri: 's3://my-bucket/analysis/analysis_config.json',
              LocalPath: '/opt/ml/processing/input/config',
              S3DataType: 'S3Prefix',
              S3InputMode: 'File',
              S3DataDistributionType: 'FullyReplicated',
              S3CompressionType: 'None',
            },
          },
          {
            InputName: 'dataset',
            AppManaged: false,
            S3Input: {
              S3Uri: p.In,
              LocalPath: '/opt/ml/processing/input/data',
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
              OutputName: 'analysis_result',
              AppManaged: false,
              S3Output: {
                S3Uri: 's3://my-bucket/clarify',
                LocalPath: '/opt/ml/processing/output',
                S3UploadMode: 'EndOfJob',
              },
            },
          ],
        },
      },
      dependsOn: [modelBias],
    })
    const f = failStep('F', {
      message: join(',', [
        dataBias.properties.CalculatedBaselineConstraints,
        dataBias.properties.BaselineUsedForDriftCheckConstraints,
      ]),
    })
    return [dataBias, modelBias, explain, f]
  },
)

import { autoMLStep, pipeline, registerModelStep } from 'foldwise'
import { experiment, role } from './shared.ts'

export default pipeline('c04-automl', { parameters: {}, metadata: {}, experiment }, () => {
  const autoML = autoMLStep('AutoML', {
    arguments: {
      InputDataConfig: [
        {
          DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://my-bucket/train' } },
          TargetAttributeName: 'y',
          ChannelType: 'training',
        },
      ],
      OutputDataConfig: { S3OutputPath: 's3://my-bucket/automl' },
      AutoMLJobConfig: {
        CompletionCriteria: { MaxCandidates: 3 },
        SecurityConfig: { EnableInterContainerTrafficEncryption: false },
        Mode: 'ENSEMBLING',
      },
      RoleArn: role,
      AutoMLJobObjective: { MetricName: 'AUC' },
      ProblemType: 'BinaryClassification',
    },
    cache: { expireAfter: 'P30D' },
    retry: [
      { on: ['Step.SERVICE_FAULT', 'Step.THROTTLING'], intervalSeconds: 1, backoffRate: 2, maxAttempts: 5 },
      {
        on: ['SageMaker.RESOURCE_LIMIT', 'SageMaker.JOB_INTERNAL_ERROR', 'SageMaker.CAPACITY_ERROR'],
        intervalSeconds: 60,
        backoffRate: 2,
        expireAfterMinutes: 60,
      },
    ],
  })
  const regRegisterModel = registerModelStep('Reg-RegisterModel', {
    arguments: {
      ModelPackageGroupName: 'G',
      ModelMetrics: {
        ModelQuality: {
          Statistics: {
            ContentType: 'application/json',
            S3Uri: autoML.properties.BestCandidateProperties.ModelInsightsJsonReportPath,
          },
        },
        Bias: {},
        Explainability: {
          Report: {
            ContentType: 'application/json',
            S3Uri: autoML.properties.BestCandidateProperties.ExplainabilityJsonReportPath,
          },
        },
      },
      InferenceSpecification: {
        Containers: [
          {
            Image: autoML.properties.BestCandidate.InferenceContainers[0].Image,
            Environment: {
              MODEL_NAME: autoML.properties.BestCandidate.InferenceContainers[0].Environment['MODEL_NAME']!,
              SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT:
                autoML.properties.BestCandidate.InferenceContainers[0].Environment[
                  'SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT'
                ]!,
              SAGEMAKER_SUBMIT_DIRECTORY:
                autoML.properties.BestCandidate.InferenceContainers[0].Environment['SAGEMAKER_SUBMIT_DIRECTORY']!,
              SAGEMAKER_INFERENCE_SUPPORTED:
                autoML.properties.BestCandidate.InferenceContainers[0].Environment['SAGEMAKER_INFERENCE_SUPPORTED']!,
              SAGEMAKER_INFERENCE_OUTPUT:
                autoML.properties.BestCandidate.InferenceContainers[0].Environment['SAGEMAKER_INFERENCE_OUTPUT']!,
              SAGEMAKER_PROGRAM:
                autoML.properties.BestCandidate.InferenceContainers[0].Environment['SAGEMAKER_PROGRAM']!,
            },
            ModelDataUrl: autoML.properties.BestCandidate.InferenceContainers[0].ModelDataUrl,
          },
        ],
        SupportedContentTypes: ['text/csv'],
        SupportedResponseMIMETypes: ['text/csv'],
        SupportedRealtimeInferenceInstanceTypes: ['ml.m5.large'],
        SupportedTransformInstanceTypes: ['ml.m5.large'],
      },
      ModelApprovalStatus: 'PendingManualApproval',
      SkipModelValidation: 'None',
    },
  })
  return [autoML, regRegisterModel]
})

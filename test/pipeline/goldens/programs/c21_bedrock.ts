import {
  bedrockCustomModelDeploymentStep,
  bedrockCustomModelStep,
  bedrockModelImportStep,
  bedrockProvisionedModelThroughputStep,
  pipeline,
  string,
} from 'foldwise'
import { experiment, role } from './shared.ts'

export default pipeline('c21-bedrock', { parameters: { Name: string('n') }, metadata: {}, experiment }, p => {
  const cM = bedrockCustomModelStep('CM', {
    arguments: { ModelName: p.Name, RoleArn: role, ModelSourceConfig: { S3DataSource: { S3Uri: 's3://my-bucket/m' } } },
  })
  const cMD = bedrockCustomModelDeploymentStep('CMD', {
    arguments: { ModelDeploymentName: p.Name, ModelArn: cM.properties.ModelArn },
  })
  const mI = bedrockModelImportStep('MI', {
    arguments: {
      JobName: 'j',
      ImportedModelName: p.Name,
      RoleArn: role,
      ModelDataSource: { S3DataSource: { S3Uri: 's3://my-bucket/m' } },
    },
  })
  const pT = bedrockProvisionedModelThroughputStep('PT', {
    arguments: { ModelUnits: 1, ProvisionedModelName: p.Name, ModelId: mI.properties.ImportedModelArn },
    dependsOn: [cMD],
  })
  return [cM, cMD, mI, pT]
})

import { type Form, member, propertyFiles } from './form.ts'
import {
  at,
  defined,
  details,
  flag,
  named,
  type Options,
  reader,
  tagsCode,
  textListCode,
  textsCode,
  unless,
} from './options.ts'
import { type Code, objectCode, type Scope } from './scope.ts'
import { valueCode } from './value.ts'

/*
 * Requests told in our words. Each form reads what the words would give and forgets the rest: what it forgets is found
 * when the step that it gives is compared with the document, and then the request is written as it is.
 */

export const conciseTraining: Form = ({ Arguments: args }, scope) => {
  const read = reader(args, scope)
  const channels = at(args, 'InputDataConfig')
  const prefix = at(args, 'TrainingJobName')
  return defined({
    jobNamePrefix: prefix === undefined ? undefined : valueCode(prefix, scope),
    image: read('AlgorithmSpecification', 'TrainingImage'),
    role: read('RoleArn'),
    instance: instanceCode(at(args, 'ResourceConfig'), scope),
    channels: named(channels, 'ChannelName', channel => channelCode(channel, scope)),
    inputMode: unless('File', read('AlgorithmSpecification', 'TrainingInputMode')),
    hyperparameters: textsCode(at(args, 'HyperParameters'), scope),
    metrics: named(at(args, 'AlgorithmSpecification', 'MetricDefinitions'), 'Name', metric =>
      valueCode(member(metric, 'Regex') ?? null, scope),
    ),
    output: read('OutputDataConfig', 'S3OutputPath'),
    ...jobOptions(args, scope),
    kmsKey: read('OutputDataConfig', 'KmsKeyId'),
    entrypoint: read('AlgorithmSpecification', 'ContainerEntrypoint'),
    containerArguments: textListCode(at(args, 'AlgorithmSpecification', 'ContainerArguments'), scope),
    spot:
      at(args, 'EnableManagedSpotTraining') === true
        ? objectCode([['maxWaitTimeInSeconds', read('StoppingCondition', 'MaxWaitTimeInSeconds')]])
        : undefined,
    checkpoints: read('CheckpointConfig', 'S3Uri'),
    vpc: vpcCode(at(args, 'VpcConfig'), scope),
    networkIsolation: read('EnableNetworkIsolation'),
  })
}

export const conciseProcessing: Form = (step, scope) => {
  const args = step['Arguments']
  const read = reader(args, scope)
  const prefix = at(args, 'ProcessingJobName')
  return defined({
    jobNamePrefix: prefix === undefined ? undefined : valueCode(prefix, scope),
    image: read('AppSpecification', 'ImageUri'),
    role: read('RoleArn'),
    instance: instanceCode(at(args, 'ProcessingResources', 'ClusterConfig'), scope),
    entrypoint: read('AppSpecification', 'ContainerEntrypoint'),
    containerArguments: textListCode(at(args, 'AppSpecification', 'ContainerArguments'), scope),
    inputs: named(at(args, 'ProcessingInputs'), 'InputName', input => inputCode(input, scope)),
    outputs: named(at(args, 'ProcessingOutputConfig', 'Outputs'), 'OutputName', output => outputCode(output, scope)),
    ...jobOptions(args, scope),
    kmsKey: read('ProcessingOutputConfig', 'KmsKeyId'),
    vpc: vpcCode(at(args, 'NetworkConfig', 'VpcConfig'), scope),
    networkIsolation: read('NetworkConfig', 'EnableNetworkIsolation'),
    ...propertyFiles(step, scope),
  })
}

export const conciseModel: Form = ({ Arguments: args }, scope) => {
  const read = reader(args, scope)
  const prefix = at(args, 'ModelName')
  return defined({
    jobNamePrefix: prefix === undefined ? undefined : valueCode(prefix, scope),
    image: read('PrimaryContainer', 'Image'),
    modelData: read('PrimaryContainer', 'ModelDataUrl'),
    role: read('ExecutionRoleArn'),
    environment: textsCode(at(args, 'PrimaryContainer', 'Environment'), scope),
    vpc: vpcCode(at(args, 'VpcConfig'), scope),
    networkIsolation: read('EnableNetworkIsolation'),
    tags: tagsCode(at(args, 'Tags'), scope),
  })
}

export const conciseRegistration: Form = ({ Arguments: args }, scope) => {
  const read = reader(args, scope)
  const specification = 'InferenceSpecification'
  const container = at(args, specification, 'Containers', '0')
  return defined({
    group: read('ModelPackageGroupName'),
    image: reader(container, scope)('Image'),
    modelData: reader(container, scope)('ModelDataUrl'),
    approval: unless('PendingManualApproval', read('ModelApprovalStatus')),
    contentTypes: read(specification, 'SupportedContentTypes'),
    responseTypes: read(specification, 'SupportedResponseMIMETypes'),
    inferenceInstances: read(specification, 'SupportedRealtimeInferenceInstanceTypes'),
    transformInstances: read(specification, 'SupportedTransformInstanceTypes'),
    modelQuality: read('ModelMetrics', 'ModelQuality', 'Statistics', 'S3Uri'),
    environment: textsCode(at(container, 'Environment'), scope),
    metadata: textsCode(at(args, 'CustomerMetadataProperties'), scope),
    kmsKey: read('SecurityConfig', 'KmsKeyId'),
  })
}

export const conciseTransform: Form = ({ Arguments: args }, scope) => {
  const read = reader(args, scope)
  const prefix = at(args, 'TransformJobName')
  return defined({
    jobNamePrefix: prefix === undefined ? undefined : valueCode(prefix, scope),
    model: read('ModelName'),
    instance: instanceCode(at(args, 'TransformResources'), scope),
    input: details({
      uri: read('TransformInput', 'DataSource', 'S3DataSource', 'S3Uri'),
      contentType: read('TransformInput', 'ContentType'),
      manifest: flag(at(args, 'TransformInput', 'DataSource', 'S3DataSource', 'S3DataType') === 'ManifestFile'),
      splitType: read('TransformInput', 'SplitType'),
      compression: read('TransformInput', 'CompressionType'),
    }),
    output: details({
      uri: read('TransformOutput', 'S3OutputPath'),
      accept: read('TransformOutput', 'Accept'),
      assembleWith: read('TransformOutput', 'AssembleWith'),
      kmsKey: read('TransformOutput', 'KmsKeyId'),
    }),
    kmsKey: read('TransformResources', 'VolumeKmsKeyId'),
    inputFilter: read('DataProcessing', 'InputFilter'),
    outputFilter: read('DataProcessing', 'OutputFilter'),
    joinSource: read('DataProcessing', 'JoinSource'),
    batchStrategy: read('BatchStrategy'),
    maxConcurrentTransforms: read('MaxConcurrentTransforms'),
    maxPayloadInMB: read('MaxPayloadInMB'),
    invocationTimeoutInSeconds: read('ModelClientConfig', 'InvocationsTimeoutInSeconds'),
    invocationRetries: read('ModelClientConfig', 'InvocationsMaxRetries'),
    environment: textsCode(at(args, 'Environment'), scope),
    tags: tagsCode(at(args, 'Tags'), scope),
  })
}

/** Options that training and processing jobs share. */
const jobOptions = (args: unknown, scope: Scope): Options => ({
  maxRuntimeInSeconds: unless(3600, reader(args, scope)('StoppingCondition', 'MaxRuntimeInSeconds')),
  environment: textsCode(at(args, 'Environment'), scope),
  tags: tagsCode(at(args, 'Tags'), scope),
})

function channelCode(channel: unknown, scope: Scope): Code {
  const source = at(channel, 'DataSource', 'S3DataSource')
  const uri = valueCode(at(source, 'S3Uri') ?? null, scope)
  const read = reader(channel, scope)
  const details = defined({
    uri,
    contentType: read('ContentType'),
    manifest: flag(at(source, 'S3DataType') === 'ManifestFile'),
    sharded: flag(at(source, 'S3DataDistributionType') === 'ShardedByS3Key'),
    inputMode: read('InputMode'),
    compression: read('CompressionType'),
  })
  return Object.keys(details).length === 1 ? uri : objectCode(Object.entries(details))
}

function inputCode(input: unknown, scope: Scope): Code {
  const read = reader(at(input, 'S3Input'), scope)
  return objectCode([
    ['uri', read('S3Uri')],
    ['path', read('LocalPath')],
    ['manifest', flag(at(input, 'S3Input', 'S3DataType') === 'ManifestFile')],
    ['sharded', flag(at(input, 'S3Input', 'S3DataDistributionType') === 'ShardedByS3Key')],
  ])
}

function outputCode(output: unknown, scope: Scope): Code {
  const read = reader(at(output, 'S3Output'), scope)
  return objectCode([
    ['path', read('LocalPath')],
    ['uri', read('S3Uri')],
    ['continuous', flag(at(output, 'S3Output', 'S3UploadMode') === 'Continuous')],
  ])
}

/** An instance type alone when its number and disk are what it gets without a word. */
function instanceCode(resources: unknown, scope: Scope): Code | undefined {
  const read = reader(resources, scope)
  const type = read('InstanceType')
  const details = defined({
    type,
    count: unless(1, read('InstanceCount')),
    volumeSizeInGB: unless(30, read('VolumeSizeInGB')),
  })
  return Object.keys(details).length === 1 ? type : objectCode(Object.entries(details))
}

function vpcCode(vpc: unknown, scope: Scope): Code | undefined {
  if (vpc === undefined) return undefined
  const read = reader(vpc, scope)
  return objectCode([
    ['subnets', read('Subnets')],
    ['securityGroupIds', read('SecurityGroupIds')],
  ])
}

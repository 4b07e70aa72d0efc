import { describe, expect, it } from 'vitest'
import { type ConciseTraining, pipeline, string, trainingStep } from 'foldwise'
import { messageOf } from './message-of.ts'

const job = { image: 'image', instance: 'ml.m5.large', role: 'role', output: 's3://b/o' } as const
const request = (options: Partial<ConciseTraining>) =>
  trainingStep('Train', { ...job, ...options }).definition.Arguments as Record<string, unknown>

describe('training options', () => {
  it('ask for spot instances with checkpoints, and refuse to wait shorter than the run may take', () => {
    const given = request({
      spot: { maxWaitTimeInSeconds: 7200 },
      maxRuntimeInSeconds: 7200,
      checkpoints: 's3://b/checkpoints',
    })
    expect(given).toMatchObject({
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 7200, MaxWaitTimeInSeconds: 7200 },
      CheckpointConfig: { S3Uri: 's3://b/checkpoints' },
    })
    expect(
      messageOf(() => request({ spot: { maxWaitTimeInSeconds: 7199 }, maxRuntimeInSeconds: 7200 })),
    ).toMatchInlineSnapshot(
      `"Step "Train": spot.maxWaitTimeInSeconds — 7199 is less than the run itself may take (7200 seconds); give at least 7200, or a smaller maxRuntimeInSeconds."`,
    )
    expect(messageOf(() => request({ spot: { maxWaitTimeInSeconds: 60 } }))).toContain('(3600 seconds)')
  })

  it('keep instances for a next job within the bounds of the service', () => {
    expect(request({ keepAliveInSeconds: 21600 })).toMatchObject({
      ResourceConfig: { KeepAlivePeriodInSeconds: 21600 },
    })
    expect(messageOf(() => request({ keepAliveInSeconds: 21601 }))).toMatchInlineSnapshot(
      `"Step "Train": keepAliveInSeconds — 21601 is no whole number from 0 to 21600; give one."`,
    )
    expect(
      messageOf(() => request({ keepAliveInSeconds: 60, spot: { maxWaitTimeInSeconds: 7200 } })),
    ).toMatchInlineSnapshot(
      `"Step "Train": keepAliveInSeconds — spot instances cannot be kept for a next job; leave out spot or keepAliveInSeconds."`,
    )
  })

  it('take several groups of instances', () => {
    const groups = [
      { name: 'cpu', type: 'ml.c5.xlarge', count: 2 },
      { name: 'gpu', type: 'ml.g5.xlarge' },
    ] as const
    expect(request({ instance: { groups, volumeSizeInGB: 50 }, kmsKey: 'key' })).toMatchObject({
      ResourceConfig: {
        InstanceGroups: [
          { InstanceType: 'ml.c5.xlarge', InstanceCount: 2, InstanceGroupName: 'cpu' },
          { InstanceType: 'ml.g5.xlarge', InstanceCount: 1, InstanceGroupName: 'gpu' },
        ],
        VolumeSizeInGB: 50,
        VolumeKmsKeyId: 'key',
      },
    })
    expect(messageOf(() => request({ instance: { groups }, keepAliveInSeconds: 60 }))).toContain('instance groups')
  })

  it('read an augmented manifest record by record', () => {
    const images = { uri: 's3://b/m', augmentedManifest: ['source-ref', 'class'], recordWrapper: 'RecordIO' } as const
    expect(request({ channels: { train: { ...images, inputMode: 'Pipe' } } })).toMatchObject({
      InputDataConfig: [
        {
          ChannelName: 'train',
          DataSource: {
            S3DataSource: { S3DataType: 'AugmentedManifestFile', AttributeNames: ['source-ref', 'class'] },
          },
          RecordWrapperType: 'RecordIO',
          InputMode: 'Pipe',
        },
      ],
    })
  })

  it('bring their assets to the pipeline, each once', () => {
    const asset = { bucket: 'b', key: 'k', contentType: 'x', bytes: async () => new Uint8Array() }
    const made = pipeline('P', { parameters: { Uri: string('s3://b/x') } }, () => [
      trainingStep('A', { ...job, assets: [asset] }),
      trainingStep('B', { ...job, assets: [{ ...asset }] }),
      trainingStep('C', { ...job, assets: [{ ...asset, key: 'other' }] }),
    ])
    expect(made.assets.map(({ key }) => key)).toEqual(['k', 'other'])
    expect(JSON.stringify(made.document)).not.toContain('other')
  })
})

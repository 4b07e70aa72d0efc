import type { ProcessingInstanceType, TrainingInstanceType } from '@aws-sdk/client-sagemaker'
import { type Text, text } from './emit.ts'
import type { Expr, Value } from './expression.ts'

/** Text, or an expression that gives text. */
export type StringValue = Value<string>

/** Where a job runs: an instance type alone, or with its number and disk. */
export type Instance<T extends string = TrainingInstanceType | ProcessingInstanceType> =
  | T
  | Expr<string>
  | {
      readonly type: T | Expr<string>
      /** @default 1 */
      readonly count?: Value<number>
      /** Size of the disk in GB. @default 30 */
      readonly volumeSizeInGB?: Value<number>
    }

/** What training and processing jobs can be told alike. */
export interface JobOptions {
  /** ARN of the role that the job runs with. */
  readonly role: StringValue
  /** Image in ECR that the job runs. */
  readonly image: StringValue
  /** Longest run in seconds. @default 3600 */
  readonly maxRuntimeInSeconds?: Value<number>
  readonly environment?: Readonly<Record<string, Text>>
  readonly vpc?: { readonly subnets: readonly StringValue[]; readonly securityGroupIds: readonly StringValue[] }
  /** KMS key for the job's disks and for what it writes to S3. */
  readonly kmsKey?: StringValue
  /** The container gets no network. @default false */
  readonly networkIsolation?: boolean
  readonly tags?: Readonly<Record<string, Text>>
}

/** The members that `ResourceConfig` and `ClusterConfig` share. */
export function resources(instance: Instance<string>, kmsKey: StringValue | undefined) {
  const full = typeof instance === 'object' && 'type' in instance ? instance : { type: instance }
  return {
    InstanceType: full.type,
    InstanceCount: full.count ?? 1,
    VolumeSizeInGB: full.volumeSizeInGB ?? 30,
    VolumeKmsKeyId: kmsKey,
  }
}

export const vpcConfig = (vpc: JobOptions['vpc']) =>
  vpc && { SecurityGroupIds: vpc.securityGroupIds, Subnets: vpc.subnets }

export const tagList = (tags: JobOptions['tags']) =>
  tags && Object.entries(tags).map(([Key, value]) => ({ Key, Value: text(value) }))

export const stoppingCondition = (options: JobOptions) => ({ MaxRuntimeInSeconds: options.maxRuntimeInSeconds ?? 3600 })

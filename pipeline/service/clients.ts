import type { S3Client } from '@aws-sdk/client-s3'
import type { SageMakerClient } from '@aws-sdk/client-sagemaker'
import { UserError } from '../../schemas/problem.ts'

/** Which SageMaker to talk to: this machine's, or AWS chosen as the AWS CLI does. */
export interface ServiceTarget {
  /** Endpoint of a local SageMaker, such as `http://127.0.0.1:4510`. */
  readonly local?: string | undefined
  /** @default AWS_REGION, AWS_DEFAULT_REGION, then the profile's region */
  readonly region?: string | undefined
  /** Name of a profile in `~/.aws/config`. @default AWS_PROFILE, then `default` */
  readonly profile?: string | undefined
}

/** What both clients are configured with. */
interface CommonConfig {
  readonly endpoint?: string
  readonly region?: string
  readonly profile?: string
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** The two clients with the modules that they came from; the modules are loaded by {@link createClients} only. */
export interface Clients {
  readonly sagemaker: SageMakerClient
  readonly s3: S3Client
  readonly sagemakerSdk: typeof import('@aws-sdk/client-sagemaker')
  readonly s3Sdk: typeof import('@aws-sdk/client-s3')
  readonly region: string
  /** Endpoint of the local SageMaker; undefined for AWS. */
  readonly local: string | undefined
  readonly profile: string | undefined
  /** Closes the connections, so that the process can end. */
  close(): void
}

/**
 * Loads the AWS SDK and makes clients for a target. Credentials are looked for when the first request is sent.
 *
 * @throws UserError when no region is configured.
 */
export async function createClients(target: ServiceTarget = {}): Promise<Clients> {
  // The SDK warns on every start under Node 20 that versions of 2027 will need Node 22; that is a concern of this package, not of its users.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
  const [sagemakerSdk, s3Sdk] = await Promise.all([import('@aws-sdk/client-sagemaker'), import('@aws-sdk/client-s3')])
  const config = target.local === undefined ? awsConfig(target) : localConfig(target.local)
  const sagemaker = new sagemakerSdk.SageMakerClient(config)
  // An endpoint that is not AWS's own rarely answers on a host name per bucket.
  const customEndpoint = target.local ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']
  const s3 = new s3Sdk.S3Client({ ...config, forcePathStyle: customEndpoint !== undefined })
  return {
    sagemaker,
    s3,
    sagemakerSdk,
    s3Sdk,
    region: await regionOf(sagemaker, target),
    local: target.local,
    profile: target.profile,
    close() {
      sagemaker.destroy()
      s3.destroy()
    },
  }
}

function awsConfig({ region, profile }: ServiceTarget): CommonConfig {
  // The JavaScript SDK ignores AWS_DEFAULT_REGION, which the AWS CLI and boto3 read.
  const chosen = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION']
  return { ...(chosen === undefined ? {} : { region: chosen }), ...(profile === undefined ? {} : { profile }) }
}

const localConfig = (endpoint: string): CommonConfig => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
})

async function regionOf(client: SageMakerClient, { profile }: ServiceTarget): Promise<string> {
  try {
    return await client.config.region()
  } catch (cause) {
    const where = profile === undefined ? 'AWS' : `AWS profile "${profile}"`
    throw new UserError(
      `${where}: no region is configured — a region is a name such as eu-central-1 — pass --region, set AWS_REGION, or add a region to the profile; for this machine use --local.`,
      { cause },
    )
  }
}

import * as z from 'zod'

/**
 * The file contract between SageMaker and a job's container.
 *
 * Source: SageMaker Developer Guide, "Build your own processing container" and "Use your own training algorithms".
 * `SAGEMAKER_BASE_DIR` moves `/opt/ml`, as in the SageMaker training toolkit; the local engine sets it per job.
 */
export const BASE_DIR_VARIABLE = 'SAGEMAKER_BASE_DIR'

/** The root of the contract in this process: `$SAGEMAKER_BASE_DIR`, or `/opt/ml`. */
export function optMlRoot(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return (environment[BASE_DIR_VARIABLE] ?? '/opt/ml').replace(/\/+$/, '')
}

/** Paths below {@link optMlRoot}. */
export const optMl = {
  hyperparameters: 'input/config/hyperparameters.json',
  inputDataConfig: 'input/config/inputdataconfig.json',
  trainingResourceConfig: 'input/config/resourceconfig.json',
  channel: (name: string) => `input/data/${name}`,
  model: 'model',
  outputData: 'output/data',
  /** First 1024 characters become the training job's FailureReason. */
  failure: 'output/failure',
  checkpoints: 'checkpoints',
  processingJobConfig: 'config/processingjobconfig.json',
  processingResourceConfig: 'config/resourceconfig.json',
  /** First 1024 bytes become the processing job's ExitMessage. */
  exitMessage: 'output/message',
} as const

export const hyperparametersSchema = z.record(z.string(), z.string())

export const inputDataConfigSchema = z.record(
  z.string(),
  z.object({
    ContentType: z.string().optional(),
    TrainingInputMode: z.string(),
    S3DistributionType: z.string(),
    RecordWrapperType: z.string(),
  }),
)

/** The part of `processingjobconfig.json` that Foldwise's own programs read. */
export const processingJobConfigSchema = z.looseObject({
  ProcessingJobName: z.string(),
  ProcessingInputs: z
    .array(z.looseObject({ InputName: z.string(), S3Input: z.looseObject({ S3Uri: z.string() }).nullish() }))
    .nullish(),
  ProcessingOutputConfig: z
    .looseObject({
      Outputs: z.array(
        z.looseObject({
          OutputName: z.string(),
          S3Output: z.looseObject({ LocalPath: z.string(), S3Uri: z.string() }),
        }),
      ),
    })
    .nullish(),
})

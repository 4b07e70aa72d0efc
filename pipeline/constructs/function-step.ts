import type { ProcessingInstanceType } from '@aws-sdk/client-sagemaker'
import { MAX_PROCESSING_ENVIRONMENT } from '../../schemas/aggregate-options.ts'
import { functionContainer } from '../../schemas/containers.ts'
import { type CodePlace, codeAsset } from '../dsl/code-place.ts'
import { execution } from '../dsl/execution.ts'
import type { Instance } from '../dsl/job-options.ts'
import { join } from '../dsl/join.ts'
import { mistake } from '../dsl/mistake.ts'
import { type ConciseProcessing, processingStep, type ProcessingStep } from '../dsl/steps/processing.ts'
import { bundleFile, bundleText } from './function-bundle.ts'
import { encodeFunctionCall, type FunctionArguments } from './function-call.ts'
import { type OutputPlace, outputUri } from './output-uri.ts'
import { referResult, type ResultRef } from './result-ref.ts'

/** A function of the user: its arguments and its result are JSON; a promise is waited for. */
export type StepFunction = (...values: never[]) => unknown

/** What is known of a file's export without a type: it takes and gives any JSON. */
type UntypedFunction = (...values: unknown[]) => unknown

type Job = Omit<
  ConciseProcessing,
  'instance' | 'entrypoint' | 'containerArguments' | 'outputs' | 'propertyFiles' | 'inputs'
> &
  Partial<Pick<ConciseProcessing, 'inputs' | 'outputs'>>

/** Where the function is: in the program, or exported by a file. */
type Code<F extends StepFunction> =
  | {
      /** A function that uses nothing from outside itself: only its own text travels to the job. */
      readonly function: F
      readonly file?: never
      readonly export?: never
    }
  | {
      /** File that exports the function: a URL, an absolute path, or a path relative to the file that calls. */
      readonly file: string | URL
      /** Name of the export. @default 'default' */
      readonly export?: string
      readonly function?: never
    }

type Given<P extends readonly unknown[]> = [] extends P
  ? { readonly args?: FunctionArguments<P> }
  : {
      /** Arguments of the function; each may be a value, an expression, or JSON with expressions in it. */
      readonly args: FunctionArguments<P>
    }

export type FunctionStepOptions<F extends StepFunction = StepFunction> = Code<F> &
  Given<Parameters<F>> &
  Job & {
    /** Bucket and prefix that the bundled function is uploaded to. */
    readonly code: CodePlace
    /** Below it each execution keeps the result: `<output>/<pipeline>/<execution id>/<step>/result.json`. */
    readonly output: OutputPlace
    /** @default 'ml.t3.medium' */
    readonly instance?: Instance<ProcessingInstanceType>
  }

export interface FunctionStep<R = unknown> extends ProcessingStep<string, string, 'Result'> {
  /** What the function returned, by its type; reading from it makes the reader wait for the step. */
  readonly result: ResultRef<R>
}

/**
 * A step that runs a TypeScript or JavaScript function as a processing job of Foldwise's image.
 *
 * The function is bundled when the pipeline is written and uploaded below its digest, so an unchanged function never
 * breaks a cache. What it throws becomes the job's `ExitMessage`. Files of `inputs` and `outputs` lie below
 * `process.env.SAGEMAKER_BASE_DIR ?? '/opt/ml'`. A value that comes out of a JSON file arrives as a number or a boolean
 * when its text is one; `` join`${value}` `` makes it text.
 *
 * @typeParam F The function's type, for a `file`: `functionStep<typeof score>('Score', { file: './score.ts', … })` with
 * `import type { score }`.
 * @throws UserError for a function that cannot be bundled, and for arguments that have no room in a job
 */
export function functionStep<F extends StepFunction = UntypedFunction>(
  name: string,
  options: FunctionStepOptions<F>,
): FunctionStep<Awaited<ReturnType<F>>> {
  const where = `Step "${name}"`
  const { function: given, file, export: exported, args = [], code, output, environment, ...rest } = options as Loose
  const { inputs, outputs, assets = [], ...job } = rest
  const { sha256, bytes } =
    file === undefined ? bundleText(where, given) : bundleFile(where, file, exported ?? 'default')
  checkOwnNames(where, { inputs, outputs, environment })
  const asset = codeAsset(`${where}: code`, code, {
    sha256,
    name: functionContainer.programFile,
    contentType: 'text/javascript',
    bytes: () => Promise.resolve(bytes),
  })
  const call = encodeFunctionCall(name, args)
  const variables = { ...environment, ...call.environment }
  if (Object.keys(variables).length > MAX_PROCESSING_ENVIRONMENT) {
    throw mistake(
      `${where}: args — its references and its environment need ${Object.keys(variables).length} environment variables, and a processing job has at most ${MAX_PROCESSING_ENVIRONMENT}; pass fewer references.`,
    )
  }
  const { bucket, key } = asset
  const base = outputUri(`${where}: output`, output)
  const step = processingStep(name, {
    instance: 'ml.t3.medium',
    ...job,
    entrypoint: functionContainer.entrypoint,
    containerArguments: call.containerArguments,
    environment: Object.keys(variables).length === 0 ? undefined : variables,
    inputs: {
      code: { uri: `s3://${bucket}/${key.slice(0, key.lastIndexOf('/') + 1)}`, path: functionContainer.inputs.code },
      ...inputs,
    },
    outputs: {
      result: {
        uri: join`${base}/${execution.PipelineName}/${execution.PipelineExecutionId}/${name}`,
        path: functionContainer.outputs.result,
      },
      ...outputs,
    },
    propertyFiles: { Result: { output: 'result', path: functionContainer.resultFile } },
    assets: [asset, ...assets],
  } as ConciseProcessing<string, string, 'Result'>)
  return Object.freeze({ ...step, result: referResult<Awaited<ReturnType<F>>>(step.propertyFiles.Result, 'result') })
}

/** What the step names itself. */
const ownNames = { inputs: /^code$/, outputs: /^result$/, environment: /^FOLDWISE_VALUE_\d+$/ } as const

function checkOwnNames(where: string, options: { readonly [K in keyof typeof ownNames]: object | undefined }): void {
  for (const [option, own] of Object.entries(ownNames) as [keyof typeof ownNames, RegExp][]) {
    const taken = Object.keys(options[option] ?? {}).find(name => own.test(name))
    if (taken === undefined) continue
    throw mistake(`${where}: ${option}.${taken} — the step itself uses that name; choose another.`)
  }
}

/** The options without what only the compiler needs to keep apart. */
interface Loose extends Job {
  readonly function: StepFunction
  readonly file?: string | URL
  readonly export?: string
  readonly args?: readonly unknown[]
  readonly code: CodePlace
  readonly output: OutputPlace
}

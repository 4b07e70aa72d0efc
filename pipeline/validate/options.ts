import type { Origins } from '../../schemas/problem.ts'

/** What a caller knows beside the document. Everything is optional; what is absent is not judged. */
export interface ValidateOptions {
  readonly origins?: Origins
  /** The document as it is sent, when it is written already: its length is judged too. */
  readonly text?: string
  /** Problems that the user has decided to live with. */
  readonly allow?: readonly Allowance[]
  /** What goes to CreatePipeline beside the document. */
  readonly pipeline?: PipelineFacts
}

/** One decision to live with a problem: everywhere, or at one place and below. */
export interface Allowance {
  /** Code of the catalogue. */
  readonly code: string
  /** Place in the document such as `Steps[3].Arguments`, or a step by its name: `Steps.Train`. @default everywhere */
  readonly path?: string
  /** Why this is right here. Empty reasons are refused. */
  readonly reason: string
}

export interface PipelineFacts {
  readonly name?: string
  readonly description?: string
  readonly displayName?: string
  readonly maxParallelSteps?: number
  /** Region that the pipeline is created in, such as `eu-west-1`. */
  readonly region?: string
}

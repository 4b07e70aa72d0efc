import type {
  AddAssociationRequest,
  CreateActionRequest,
  CreateArtifactRequest,
  CreateContextRequest,
} from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import type { Expr } from '../expression.ts'
import type { StringValue } from '../job-options.ts'
import { makeReference } from '../ref.ts'
import { makeStep, type Step, type StepOptions } from '../step.ts'

/** An end of an association: a thing of this step by name and type, or any by its ARN. */
type LineageEnd =
  | { readonly Name: StringValue; readonly Type: 'Action' | 'Artifact' | 'Context'; readonly Arn?: never }
  | { readonly Arn: StringValue; readonly Name?: never; readonly Type?: never }

/** What to write into the lineage; at least one of the four. */
export interface LineageArguments {
  readonly Actions?: readonly Args<CreateActionRequest>[]
  readonly Artifacts?: readonly Args<CreateArtifactRequest>[]
  readonly Contexts?: readonly Args<CreateContextRequest>[]
  readonly Associations?: readonly {
    readonly Source: LineageEnd
    readonly Destination: LineageEnd
    readonly AssociationType?: NonNullable<AddAssociationRequest['AssociationType']>
  }[]
}

export interface LineageOptions extends StepOptions {
  readonly arguments: LineageArguments
}

/** ARNs by the names that the step gave. */
export type LineageStep = Step<{
  readonly ActionArns: { readonly [name: string]: Expr<string> }
  readonly ArtifactArns: { readonly [name: string]: Expr<string> }
  readonly ContextArns: { readonly [name: string]: Expr<string> }
}>

const shapes = {
  Arn: { type: 'string' },
  Arns: { type: 'map', key: 'Arn', value: 'Arn' },
  Lineage: { type: 'structure', members: { ActionArns: 'Arns', ArtifactArns: 'Arns', ContextArns: 'Arns' } },
} as const

/** A step that writes actions, artifacts, contexts and associations into SageMaker's lineage. */
export const lineageStep = (name: string, options: LineageOptions): LineageStep =>
  makeStep(name, {
    type: 'Lineage',
    arguments: options.arguments,
    options,
    properties: makeReference(name, shapes.Lineage, { shapes }) as LineageStep['properties'],
  })

import type {
  AddAssociationRequest,
  CreateActionRequest,
  CreateArtifactRequest,
  CreateContextRequest,
} from '@aws-sdk/client-sagemaker'
import type { Args } from '../args.ts'
import type { StringValue } from '../job-options.ts'
import { makeOpenReference, type OpenRef } from '../open-ref.ts'
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

const members = ['ActionArns', 'ArtifactArns', 'ContextArns', 'Associations'] as const

/** ARNs by the names that the step gave. */
export type LineageStep = Step<{ readonly [K in (typeof members)[number]]: OpenRef }>

/** A step that writes actions, artifacts, contexts and associations into SageMaker's lineage. */
export const lineageStep = (name: string, options: LineageOptions): LineageStep =>
  makeStep(name, {
    type: 'Lineage',
    arguments: options.arguments,
    options,
    properties: makeOpenReference(name, members) as LineageStep['properties'],
  })

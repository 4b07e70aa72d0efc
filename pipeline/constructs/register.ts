import type { ConciseRegistration } from '../dsl/steps/register-model.ts'

/** How the final model is registered; what is left out comes from the training. */
export type Registration = Omit<
  ConciseRegistration,
  'modelData' | 'image' | 'contentTypes' | 'responseTypes' | 'modelQuality'
> &
  Partial<Pick<ConciseRegistration, 'image' | 'contentTypes' | 'responseTypes'>>

/** Instance types that the registry names for real-time and batch use, when the user names none. */
export const servingInstances = ['ml.m5.large', 'ml.m5.xlarge'] as const

import { isUserError } from '../../../schemas/problem.ts'

/** The sentence of the UserError that `act` throws, without the place of the code. */
export function messageOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (!isUserError(error)) throw error
    return error.message.replace(/ \([^()]*:\d+\)$/, '')
  }
  throw new Error('nothing was thrown')
}

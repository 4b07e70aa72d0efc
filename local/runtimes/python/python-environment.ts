import { placeEnvironment } from '../place-paths.ts'
import type { ContainerPlace } from '../runtime.ts'

/** Lines reach the log when they are printed, not when the program ends. */
export const pythonEnvironment = (
  environment: Readonly<Record<string, string>>,
  place: ContainerPlace,
): Record<string, string> => placeEnvironment({ environment: { PYTHONUNBUFFERED: '1', ...environment } }, place)

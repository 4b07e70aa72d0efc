import type { Screen } from '../host.ts'
import { createLiveProgress } from './live-progress.ts'
import { createPlainProgress } from './plain-progress.ts'
import type { Progress, ProgressPlan } from './progress-model.ts'

/** Lines that are drawn again on a terminal; one line per change in CI and in files. */
export const createProgress = (screen: Screen, plan: ProgressPlan): Progress =>
  screen.live ? createLiveProgress(screen, plan) : createPlainProgress(screen, plan)

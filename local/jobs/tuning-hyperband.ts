import { uniform } from './tuning-ranges.ts'
import type { Trial } from './tuning-trial.ts'

/** Epochs that a training may use: at least, and at most. */
export interface HyperbandResource {
  readonly min: number
  readonly max: number
}

/** Of the trainings that reach a rung, one in so many goes on. Source: Li et al., "Hyperband", whose default is 3. */
const reduction = 3

/** How many brackets there are: in the first one trainings may be stopped after `min` epochs, in the last never before `max`. */
export function bracketCount({ min, max }: HyperbandResource): number {
  let count = 1
  for (let epochs = min * reduction; epochs <= max; epochs *= reduction) count++
  return count
}

/**
 * The bracket of a training: drawn, as often as Hyperband gives a bracket trainings. A function of the seed and the number
 * alone, so that it is the same after a crash.
 */
export function bracketOf(resource: HyperbandResource, seed: string, index: number): number {
  const last = bracketCount(resource) - 1
  const sizes = Array.from({ length: last + 1 }, (_, bracket) =>
    Math.ceil(((last + 1) / (last - bracket + 1)) * reduction ** (last - bracket)),
  )
  let left = uniform(`${seed}/${index}/bracket`) * sizes.reduce((sum, size) => sum + size, 0)
  for (const [bracket, size] of sizes.entries()) {
    left -= size
    if (left < 0) return bracket
  }
  return last
}

/** The epochs after which a bracket's trainings are compared; `max` is no rung, it is the end. */
export function rungsOf(resource: HyperbandResource, bracket: number): number[] {
  const rungs: number[] = []
  for (let epochs = resource.min * reduction ** bracket; epochs < resource.max; epochs *= reduction) rungs.push(epochs)
  return rungs
}

/**
 * True when Hyperband stops a training: it has reached a rung of its bracket and is not among the best third of those that
 * have reached it by now, or it goes beyond `max`.
 *
 * Trainings are not waited for: each is compared with those that came before it, and the first two of a rung go on. Source:
 * API reference, HyperbandStrategyConfig and "Use the Hyperband strategy"; the comparison without waiting is that of Li et
 * al., "A System for Massively Parallel Hyperparameter Tuning". A training that is at `max` ends by itself; it is
 * stopped when another epoch follows, so that what it writes after the last one is not lost (ours).
 */
export function isStoppedByHyperband(
  trial: Trial,
  trials: readonly Trial[],
  resource: HyperbandResource,
  seed: string,
): boolean {
  const epoch = trial.epochs.length
  if (epoch > resource.max) return true
  const bracket = bracketOf(resource, seed, trial.index)
  if (!rungsOf(resource, bracket).includes(epoch)) return false
  const mine = trial.epochs.at(-1) as number
  const others = trials.filter(
    other =>
      other.index !== trial.index && other.epochs.length >= epoch && bracketOf(resource, seed, other.index) === bracket,
  )
  const better = others.filter(other => (other.epochs[epoch - 1] as number) < mine).length
  const reached = others.length + 1
  return reached >= reduction && better >= Math.max(1, Math.floor(reached / reduction))
}

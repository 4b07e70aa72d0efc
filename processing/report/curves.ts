import type { Curve } from '../../schemas/evaluation.ts'

const MAX_POINTS = 300

/** True and false positives with every record of at least that score taken for positive, falling scores. */
interface Step {
  readonly truePositives: number
  readonly falsePositives: number
}

/**
 * Receiver operating characteristic: false positive rate to true positive rate, area by trapezoids; scikit-learn's
 * `roc_curve` and `roc_auc_score`. Undefined when all records are of one kind.
 */
export function rocCurve(
  positive: string,
  scores: readonly number[],
  isPositive: readonly boolean[],
): Curve | undefined {
  const steps = cumulate(scores, isPositive)
  const { truePositives: positives = 0, falsePositives: negatives = 0 } = steps.at(-1) ?? {}
  if (positives === 0 || negatives === 0) return undefined
  const points = [{ truePositives: 0, falsePositives: 0 }, ...steps].map((step): [number, number] => [
    step.falsePositives / negatives,
    step.truePositives / positives,
  ])
  let area = 0
  for (let i = 1; i < points.length; i++) {
    const [x0 = 0, y0 = 0] = points[i - 1] ?? []
    const [x1 = 0, y1 = 0] = points[i] ?? []
    area += ((x1 - x0) * (y0 + y1)) / 2
  }
  return { positive, area, points: thinned(points) }
}

/**
 * Recall to precision; the area is the average precision, the sum of precision times the step in recall, as in
 * scikit-learn's `average_precision_score`. Undefined without positives.
 */
export function precisionRecallCurve(
  positive: string,
  scores: readonly number[],
  isPositive: readonly boolean[],
): Curve | undefined {
  const steps = cumulate(scores, isPositive)
  const positives = steps.at(-1)?.truePositives ?? 0
  if (positives === 0) return undefined
  const points = steps.map((step): [number, number] => [
    step.truePositives / positives,
    step.truePositives / (step.truePositives + step.falsePositives),
  ])
  let area = 0
  let recallBefore = 0
  for (const [recall, precision] of points) {
    area += (recall - recallBefore) * precision
    recallBefore = recall
  }
  return { positive, area, points: thinned([[0, 1], ...points]) }
}

/** One step per distinct score: records of equal score cannot be told apart. */
function cumulate(scores: readonly number[], isPositive: readonly boolean[]): Step[] {
  const order = scores.map((_, index) => index).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
  const steps: Step[] = []
  let truePositives = 0
  let falsePositives = 0
  order.forEach((record, position) => {
    if (isPositive[record] === true) truePositives += 1
    else falsePositives += 1
    const next = order[position + 1]
    if (next === undefined || scores[next] !== scores[record]) steps.push({ truePositives, falsePositives })
  })
  return steps
}

/** The corners of the curve, and of those at most so many as an eye can tell apart. */
function thinned(points: readonly [number, number][]): [number, number][] {
  const corners = points.filter((point, index) => {
    const before = points[index - 1]
    const after = points[index + 1]
    if (before === undefined || after === undefined) return true
    const turn = (point[0] - before[0]) * (after[1] - point[1]) - (point[1] - before[1]) * (after[0] - point[0])
    return Math.abs(turn) > 1e-15
  })
  if (corners.length <= MAX_POINTS) return corners
  const step = (corners.length - 1) / (MAX_POINTS - 1)
  return Array.from({ length: MAX_POINTS }, (_, index) => corners[Math.round(index * step)] ?? [0, 0])
}

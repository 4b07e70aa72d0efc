import Handlebars from 'handlebars'
import type { Objective } from '../../schemas/evaluation.ts'
import { linearAxis } from './axis.ts'
import { decimalsFor, formatNumber } from './format-number.ts'

const size = { width: 760, height: 320 }
const plot = { left: 64, right: 640, top: 26, bottom: 268 }
/** What a label below its dot needs. */
const LABEL_ROOM = 26
const box = { left: 674, right: 744 }

/**
 * The folds of an objective as SVG: one dot per fold, the mean as a line, its 95 % interval as a band, and a box plot
 * of the values beside it. Colours come from the page's CSS classes.
 */
export function foldPlot(objective: Objective): string {
  const { folds, mean, ci95, std } = objective
  const axis = linearAxis([...folds.map(fold => fold.value), ...ci95], plot.bottom, plot.top)
  const decimals = decimalsFor(mean, std)
  const step = (plot.right - plot.left) / folds.length
  const x = (position: number) => plot.left + step * (position + 0.5)
  const dense = folds.length > 16
  const every = Math.ceil(folds.length / 24)

  const grid = axis.ticks.map(
    ({ value, label }) =>
      `<line class="grid" x1="${plot.left}" x2="${box.right}" y1="${px(axis.at(value))}" y2="${px(axis.at(value))}"/><text class="tick" x="${plot.left - 10}" y="${px(axis.at(value) + 4)}" text-anchor="end">${label}</text>`,
  )
  const dots = folds.map(({ index, value }, position) => {
    const at = `cx="${px(x(position))}" cy="${px(axis.at(value))}"`
    const label = formatNumber(value, decimals)
    // Below the lowest dots there is the axis.
    const isLow = axis.at(value) + LABEL_ROOM > plot.bottom
    const above = value >= mean || isLow ? -11 : 20
    const text = dense
      ? ''
      : `<text class="value" x="${px(x(position))}" y="${px(axis.at(value) + above)}">${label}</text>`
    return `<g><title>Fold ${index}: ${label}</title><circle class="dot" ${at} r="${dense ? 3.5 : 5.5}"/>${text}</g>`
  })
  const names = folds
    .filter((_, position) => position % every === 0)
    .map(
      ({ index }, position) =>
        `<text class="tick" x="${px(x(position * every))}" y="${plot.bottom + 20}" text-anchor="middle">${index}</text>`,
    )
  const band = { top: axis.at(ci95[1]), bottom: axis.at(ci95[0]) }
  const name = Handlebars.escapeExpression(objective.name)
  return [
    `<svg class="wide" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${name} of ${folds.length} folds, mean ${formatNumber(mean, decimals)}">`,
    ...grid,
    `<rect class="band" x="${plot.left}" width="${plot.right - plot.left}" y="${px(band.top)}" height="${px(Math.max(1, band.bottom - band.top))}"><title>95 % interval of the mean</title></rect>`,
    `<line class="mean" x1="${plot.left}" x2="${plot.right}" y1="${px(axis.at(mean))}" y2="${px(axis.at(mean))}"/>`,
    ...dots,
    boxPlot(
      folds.map(fold => fold.value),
      value => axis.at(value),
    ),
    `<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>`,
    ...names,
    `<text class="label" x="${(plot.left + plot.right) / 2}" y="${plot.bottom + 42}" text-anchor="middle">fold</text>`,
    `<text class="label" x="${(box.left + box.right) / 2}" y="${plot.bottom + 20}" text-anchor="middle">all</text>`,
    `<text class="label" x="${plot.left - 10}" y="12" text-anchor="start">${name}</text>`,
    '</svg>',
  ].join('\n')
}

/** Quartiles as a box (numpy's linear interpolation), the median as its line, whiskers to the extremes. */
function boxPlot(values: readonly number[], at: (value: number) => number): string {
  const sorted = values.toSorted((a, b) => a - b)
  const [low = 0, q1 = 0, median = 0, q3 = 0, high = 0] = [0, 0.25, 0.5, 0.75, 1].map(share =>
    at(quantile(sorted, share)),
  )
  const middle = (box.left + box.right) / 2
  const inner = { left: box.left + 16, right: box.right - 16 }
  const whisker = (y: number) =>
    `<line class="box" x1="${inner.left + 8}" x2="${inner.right - 8}" y1="${px(y)}" y2="${px(y)}"/>`
  return [
    '<g><title>Minimum, quartiles and maximum</title>',
    `<line class="box" x1="${middle}" x2="${middle}" y1="${px(low)}" y2="${px(q1)}"/>`,
    `<line class="box" x1="${middle}" x2="${middle}" y1="${px(q3)}" y2="${px(high)}"/>`,
    whisker(low),
    whisker(high),
    `<rect class="box" x="${inner.left}" width="${inner.right - inner.left}" y="${px(q3)}" height="${px(q1 - q3)}"/>`,
    `<line class="median" x1="${inner.left}" x2="${inner.right}" y1="${px(median)}" y2="${px(median)}"/>`,
    '</g>',
  ].join('')
}

/** numpy's default quantile of sorted values. */
export function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share
  const low = sorted[Math.floor(position)] ?? 0
  const high = sorted[Math.ceil(position)] ?? low
  return low + (high - low) * (position - Math.floor(position))
}

function px(value: number): string {
  return String(Number(value.toFixed(2)))
}

import type { Calibration, Curve } from '../../schemas/evaluation.ts'
import { linearAxis } from './axis.ts'

const square = { size: 380, left: 52, right: 366, top: 12, bottom: 326 }

/** Curves in the unit square as SVG, with the diagonal of a guess when asked. */
export function curvePlot(
  curves: readonly Curve[],
  [xName, yName]: readonly [string, string],
  diagonal: boolean,
): string {
  const x = (value: number) => placeInSquare(value, 0)[0]
  const y = (value: number) => placeInSquare(0, value)[1]
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    value =>
      `<line class="grid" x1="${square.left}" x2="${square.right}" y1="${px(y(value))}" y2="${px(y(value))}"/><text class="tick" x="${square.left - 8}" y="${px(y(value) + 4)}" text-anchor="end">${value}</text><text class="tick" x="${px(x(value))}" y="${square.bottom + 18}" text-anchor="middle">${value}</text>`,
  )
  const lines = curves.map(({ points }, slot) => {
    const path = points.map(([a, b]) => `${px(x(a))},${px(y(b))}`).join(' ')
    return `<polyline class="curve s${slot}" points="${path}"/>`
  })
  return [
    `<svg viewBox="0 0 ${square.size} ${square.size}" role="img" aria-label="${xName} against ${yName}">`,
    ...ticks,
    diagonal ? `<line class="diagonal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>` : '',
    ...lines,
    axisNames(xName, yName, square),
    '</svg>',
  ].join('')
}

/** Reliability curves as SVG: the share of positives over the mean score, points as large as their records are many. */
export function calibrationPlot(lines: readonly Calibration[]): string {
  const most = Math.max(1, ...lines.flatMap(({ bins }) => bins.map(({ records }) => records)))
  const curves = lines.map(({ positive, bins }) => ({
    positive,
    area: 0,
    points: bins.map(({ score, share }): [number, number] => [score, share]),
  }))
  const points = lines.flatMap(({ bins }, slot) =>
    bins.map(({ score, share, records }) => {
      const [x, y] = placeInSquare(score, share)
      return `<circle class="point s${slot}" cx="${px(x)}" cy="${px(y)}" r="${px(2.5 + 4 * Math.sqrt(records / most))}"><title>${records} records</title></circle>`
    }),
  )
  return curvePlot(curves, ['mean score', 'share of positives'], true).replace('</svg>', `${points.join('')}</svg>`)
}

function placeInSquare(a: number, b: number): [number, number] {
  return [square.left + a * (square.right - square.left), square.bottom - b * (square.bottom - square.top)]
}

const wide = { width: 760, height: 340, left: 64, right: 744, top: 12, bottom: 282 }

/** Residuals over predictions as SVG, with the line of no error. */
export function residualPlot(residuals: readonly (readonly [number, number])[]): string {
  const x = linearAxis(
    residuals.map(([prediction]) => prediction),
    wide.left,
    wide.right,
  )
  const y = linearAxis([0, ...residuals.map(([, residual]) => residual)], wide.bottom, wide.top)
  return [
    `<svg class="wide" viewBox="0 0 ${wide.width} ${wide.height}" role="img" aria-label="residuals over predictions">`,
    ...y.ticks.map(
      ({ value, label }) =>
        `<line class="grid" x1="${wide.left}" x2="${wide.right}" y1="${px(y.at(value))}" y2="${px(y.at(value))}"/><text class="tick" x="${wide.left - 10}" y="${px(y.at(value) + 4)}" text-anchor="end">${label}</text>`,
    ),
    ...x.ticks.map(
      ({ value, label }) =>
        `<text class="tick" x="${px(x.at(value))}" y="${wide.bottom + 18}" text-anchor="middle">${label}</text>`,
    ),
    `<line class="mean" x1="${wide.left}" x2="${wide.right}" y1="${px(y.at(0))}" y2="${px(y.at(0))}"/>`,
    ...residuals.map(([a, b]) => `<circle class="residual" cx="${px(x.at(a))}" cy="${px(y.at(b))}" r="3"/>`),
    `<text class="label" x="${(wide.left + wide.right) / 2}" y="${wide.bottom + 44}" text-anchor="middle">prediction</text>`,
    '</svg>',
  ].join('')
}

function axisNames(xName: string, yName: string, { left, right, top, bottom }: typeof square): string {
  const middle = (top + bottom) / 2
  return `<text class="label" x="${(left + right) / 2}" y="${bottom + 40}" text-anchor="middle">${xName}</text><text class="label" x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${yName}</text>`
}

function px(value: number): string {
  return String(Number(value.toFixed(2)))
}

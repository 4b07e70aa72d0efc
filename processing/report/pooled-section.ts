import Handlebars from 'handlebars'
import type { Curve, PooledMetrics } from '../../schemas/evaluation.ts'
import { calibrationPlot, curvePlot, residualPlot } from './curve-plot.ts'
import { decimalsFor, formatCount, formatNumber } from './format-number.ts'

/** A part of the report: HTML that needs no more escaping. */
export interface ReportSection {
  readonly title: string
  readonly html: string
}

type Kind = PooledMetrics['kind']
type Of<K extends Kind> = Extract<PooledMetrics, { kind: K }>

const MAX_MATRIX_CLASSES = 16

const classificationTemplate = Handlebars.compile(`
<p>{{records}} records, each predicted by the model that had not seen it: accuracy <b>{{accuracy}}</b>, macro F1 <b>{{f1}}</b>.</p>
{{#if matrix}}<h3>Confusion matrix</h3>
<div class="scroll"><table class="confusion"><thead><tr><th>true ↓ &nbsp; predicted →</th>{{#each names}}<th>{{this}}</th>{{/each}}</tr></thead>
<tbody>{{#each matrix}}<tr><th>{{name}}</th>{{#each cells}}<td style="background: color-mix(in srgb, {{colour}} {{share}}%, transparent)">{{count}}</td>{{/each}}</tr>{{/each}}</tbody></table></div>{{/if}}
<h3>Classes</h3>
<div class="scroll"><table><thead><tr><th>Class</th><th>precision</th><th>recall</th><th>F1</th><th>records</th></tr></thead>
<tbody>{{#each classes}}<tr><td>{{name}}</td><td>{{precision}}</td><td>{{recall}}</td><td>{{f1}}</td><td>{{support}}</td></tr>{{/each}}</tbody></table></div>
{{#if curves}}<div class="pair">{{#each curves}}<div><h3>{{title}}</h3>{{{svg}}}<p class="legend">{{#each legend}}<span><i class="i-line" style="background: var(--s{{slot}})"></i>{{name}} ({{area}})</span>{{/each}}</p></div>{{/each}}</div>
{{#if calibration}}<div class="pair"><div><h3>Calibration (expected calibration error)</h3>{{{calibration.svg}}}<p class="legend">{{#each calibration.legend}}<span><i class="i-line" style="background: var(--s{{slot}})"></i>{{name}} ({{error}})</span>{{/each}}</p></div>
<div><h3>Are the scores probabilities?</h3><div class="scroll"><table><thead><tr><th>Class</th><th>calibration error</th><th>Brier score</th></tr></thead>
<tbody>{{#each calibration.legend}}<tr><td>{{name}}</td><td>{{error}}</td><td>{{brier}}</td></tr>{{/each}}</tbody></table></div>
<p class="note">On the dashed line, of the records with score 0.8 eight in ten are positive. Ten bins of equal width; larger points are more records. The calibration error is the mean distance from the line, weighted by records; the Brier score is the mean squared distance of score and outcome. Both are better when lower.</p></div></div>{{/if}}
<p class="note">The scores come from different models, one per fold; where their scales differ, pooled curves run a little below the folds' own.</p>{{/if}}
`)

const regressionTemplate = Handlebars.compile(`
<p>{{records}} records, each predicted by the model that had not seen it.</p>
<dl class="facts">{{#each facts}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/each}}</dl>
<h3>Residuals: label minus prediction</h3><div class="scroll">{{{svg}}}</div>
<p class="note">Points around the line at every prediction are what a good model leaves; a bow or a funnel says that something is missing.{{#if thinned}} Of {{records}} residuals {{thinned}} are drawn, evenly taken.{{/if}}</p>
`)

const sections = {
  classification: pooled => {
    const shown = pooled.classes.length <= MAX_MATRIX_CLASSES
    const curves = [
      { title: 'ROC (area under the curve)', axes: ['false positive rate', 'true positive rate'], lines: pooled.roc },
      {
        title: 'Precision and recall (average precision)',
        axes: ['recall', 'precision'],
        lines: pooled.precision_recall,
      },
    ] as const
    return classificationTemplate({
      records: formatCount(pooled.records),
      accuracy: formatNumber(pooled.accuracy, 4),
      f1: formatNumber(pooled.macro_f1, 4),
      names: pooled.classes.map(({ name }) => name),
      matrix: shown ? matrixRows(pooled) : undefined,
      classes: pooled.classes.map(({ name, precision, recall, f1, support }) => ({
        name,
        precision: formatNumber(precision, 4),
        recall: formatNumber(recall, 4),
        f1: formatNumber(f1, 4),
        support: formatCount(support),
      })),
      curves: curves
        .filter(({ lines }) => lines.length > 0)
        .map(({ title, axes, lines }) => ({
          title,
          svg: curvePlot(lines, axes, title.startsWith('ROC')),
          legend: legend(lines),
        })),
      calibration: pooled.calibration && {
        svg: calibrationPlot(pooled.calibration),
        legend: pooled.calibration.map(({ positive, expected_calibration_error: error, brier }, slot) => ({
          slot,
          name: positive,
          error: formatNumber(error, 4),
          brier: formatNumber(brier, 4),
        })),
      },
    })
  },
  regression: ({ records, mae, rmse, r2, residuals }) =>
    regressionTemplate({
      records: formatCount(records),
      facts: [
        { name: 'Mean absolute error', value: significant(mae) },
        { name: 'Root mean squared error', value: significant(rmse) },
        { name: 'r²', value: r2 === null ? 'the labels do not vary' : formatNumber(r2, 4) },
      ],
      thinned: residuals.length < records ? formatCount(residuals.length) : undefined,
      svg: residualPlot(residuals),
    }),
} satisfies { readonly [K in Kind]: (pooled: Of<K>) => string }

/** An error in the label's own unit, of whatever size. */
const significant = (value: number): string => formatNumber(value, decimalsFor(value, value / 100))

/** The section about the pooled out-of-fold predictions. */
export function pooledSection(pooled: PooledMetrics): ReportSection {
  const html = pooled.kind === 'classification' ? sections.classification(pooled) : sections.regression(pooled)
  return { title: 'All out-of-fold predictions', html }
}

/** Cells shaded by their share of the true class: the diagonal as success, the rest as mistakes. */
function matrixRows({ classes, confusion_matrix }: Of<'classification'>) {
  return confusion_matrix.map((row, index) => ({
    name: classes[index]?.name ?? '',
    cells: row.map((count, column) => {
      const share = count / Math.max(1, classes[index]?.support ?? 1)
      const colour = index === column ? 'var(--good)' : 'var(--bad)'
      return { count: formatCount(count), colour, share: count === 0 ? 0 : Math.round(8 + 42 * share) }
    }),
  }))
}

function legend(lines: readonly Curve[]) {
  return lines.map(({ positive, area }, slot) => ({ slot, name: positive, area: formatNumber(area, 4) }))
}

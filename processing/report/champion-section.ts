import Handlebars from 'handlebars'
import type { ChampionComparison } from '../../schemas/evaluation.ts'
import { decimalsFor, formatNumber } from './format-number.ts'
import type { ReportSection } from './pooled-section.ts'

const template = Handlebars.compile(`
{{#if reason}}<p>{{reason}} The champion's mean is {{championMean}}; the two cannot be compared fold by fold.</p>{{else}}
<p>On the same folds this model is better in <b>{{wins}}</b>, equal in <b>{{ties}}</b> and worse in <b>{{losses}}</b>. Mean difference <b>{{difference}}</b>, 95 % interval {{low}} to {{high}}, p = {{p}}.</p>
<div class="scroll"><table><thead><tr><th>Fold</th><th>this model</th><th>champion</th><th>difference</th></tr></thead>
<tbody>{{#each folds}}<tr><td>{{index}}</td><td>{{value}}</td><td>{{champion}}</td><td>{{difference}}</td></tr>{{/each}}</tbody></table></div>
<p class="note">A positive difference is better. Interval and p are those of the corrected resampled t-test (Nadeau and Bengio 2003), which allows for the folds' common training records.</p>{{/if}}
`)

/** The section about the comparison with the champion. */
export function championSection(comparison: ChampionComparison): ReportSection {
  const differences = (comparison.folds ?? []).map(fold => fold.difference)
  const decimals = decimalsFor(comparison.champion_mean, Math.max(0, ...differences.map(Math.abs)))
  const number = (value = 0) => formatNumber(value, decimals)
  const signed = (value = 0) => (value > 0 ? '+' : '') + number(value)
  const html = template({
    reason: comparison.reason,
    championMean: number(comparison.champion_mean),
    wins: comparison.wins,
    ties: comparison.ties,
    losses: comparison.losses,
    difference: signed(comparison.mean_difference),
    low: signed(comparison.ci95?.[0]),
    high: signed(comparison.ci95?.[1]),
    p: formatNumber(comparison.p_value ?? 1, 4),
    folds: (comparison.folds ?? []).map(({ index, value, champion, difference }) => ({
      index,
      value: number(value),
      champion: number(champion),
      difference: signed(difference),
    })),
  })
  return { title: 'Compared with the champion', html }
}

/** One record as bias is measured: whether it is of the sensitive group (the facet), and its outcomes. */
export interface Outcome {
  readonly sensitive: boolean
  /** The label is the positive one. */
  readonly positive: boolean
  /** The model's label is the positive one. @default no model was asked */
  readonly predicted?: boolean
  /** The value of the group variable, for conditional disparity. */
  readonly group?: string
}

/** A metric cannot be computed of these data; the report says why. */
export class NoMetric extends Error {
  override readonly name = 'NoMetric'
}

/** What the advantaged (a) or the disadvantaged (d) group has: members, and of labels and predictions each quadrant. */
interface Counts {
  readonly n: number
  readonly tp: number
  readonly fp: number
  readonly fn: number
  readonly tn: number
  /** Positive labels. */
  readonly label1: number
  /** Positive predictions. */
  readonly said1: number
}

interface Groups {
  readonly a: Counts
  readonly d: Counts
  readonly records: readonly Outcome[]
  /** Numeric features by record, for the flip test. */
  readonly features?: readonly (readonly number[])[] | undefined
}

interface BiasMetric {
  readonly description: string
  readonly of: (groups: Groups) => number
  /** The value of no bias. @default 0 */
  readonly fair?: number
}

/** Nothing of nothing is 0, something of nothing infinite. Source: the open-source library of SageMaker Clarify. */
const ratio = (part: number, whole: number): number =>
  whole === 0 ? (part === 0 ? 0 : Math.sign(part) * Number.POSITIVE_INFINITY) : part / whole

/** Two infinities of the same sign do not differ. */
const difference = (one: number, other: number): number => (one === other ? 0 : one - other)

/** Distributions of labels, of the outcomes that both groups have. */
function distributions({ a, d }: Groups): [number, number][] {
  const pairs: [number, number][] = [
    [a.label1 / a.n, d.label1 / d.n],
    [1 - a.label1 / a.n, 1 - d.label1 / d.n],
  ]
  const common = pairs.filter(([one, other]) => one > 0 && other > 0)
  if (common.length === 0) throw new NoMetric('No outcome is found in both groups: the data set may be too small')
  return common
}

const divergence = (pairs: readonly (readonly [number, number])[]): number =>
  pairs.reduce((sum, [p, q]) => sum + p * Math.log(p / q), 0)

const gaps = (groups: Groups): number[] => distributions(groups).map(([a, d]) => Math.abs(a - d))

/** Metrics of the data alone. Formulas: Developer Guide, "Measure Pre-training Bias". */
export const preTrainingMetrics = {
  CDDL: {
    description: 'Conditional Demographic Disparity in Labels (CDDL)',
    of: groups => conditionalDisparity(groups, record => record.positive),
  },
  CI: { description: 'Class Imbalance (CI)', of: ({ a, d }) => (a.n - d.n) / (a.n + d.n) },
  DPL: {
    description: 'Difference in Positive Proportions in Labels (DPL)',
    of: ({ a, d }) => a.label1 / a.n - d.label1 / d.n,
  },
  JS: {
    description: 'Jensen-Shannon Divergence (JS)',
    of: groups => {
      const pairs = distributions(groups).map(([a, d]) => [a, d, (a + d) / 2] as const)
      return (divergence(pairs.map(([a, , mean]) => [a, mean])) + divergence(pairs.map(([, d, mean]) => [d, mean]))) / 2
    },
  },
  KL: { description: 'Kullback-Liebler Divergence (KL)', of: groups => divergence(distributions(groups)) },
  KS: { description: 'Kolmogorov-Smirnov Distance (KS)', of: groups => Math.max(...gaps(groups)) },
  LP: { description: 'L-p Norm (LP)', of: groups => Math.hypot(...gaps(groups)) },
  TVD: {
    description: 'Total Variation Distance (TVD)',
    of: groups => gaps(groups).reduce((sum, gap) => sum + gap, 0) / 2,
  },
} satisfies Record<string, BiasMetric>

/** Metrics of a model's predictions. Formulas: Developer Guide, "Measure Post-training Data and Model Bias". */
export const postTrainingMetrics = {
  AD: {
    description: 'Accuracy Difference (AD)',
    of: ({ a, d }) => (a.tp + a.tn) / a.n - (d.tp + d.tn) / d.n,
  },
  CDDPL: {
    description: 'Conditional Demographic Disparity in Predicted Labels (CDDPL)',
    of: groups => conditionalDisparity(groups, record => record.predicted === true),
  },
  DAR: {
    description: 'Difference in Acceptance Rates (DAR)',
    of: ({ a, d }) => difference(ratio(a.tp, a.said1), ratio(d.tp, d.said1)),
  },
  DCA: {
    description: 'Difference in Conditional Acceptance (DCA)',
    of: ({ a, d }) => difference(ratio(a.label1, a.said1), ratio(d.label1, d.said1)),
  },
  DCR: {
    description: 'Difference in Conditional Rejection (DCR)',
    of: ({ a, d }) => difference(ratio(d.n - d.label1, d.n - d.said1), ratio(a.n - a.label1, a.n - a.said1)),
  },
  DI: { description: 'Disparate Impact (DI)', of: ({ a, d }) => ratio(d.said1 / d.n, a.said1 / a.n), fair: 1 },
  DPPL: {
    description: 'Difference in Positive Proportions in Predicted Labels (DPPL)',
    of: ({ a, d }) => a.said1 / a.n - d.said1 / d.n,
  },
  DRR: {
    description: 'Difference in Rejection Rates (DRR)',
    of: ({ a, d }) => difference(ratio(d.tn, d.n - d.said1), ratio(a.tn, a.n - a.said1)),
  },
  FT: { description: 'Flip Test (FT)', of: flipTest },
  GE: { description: 'Generalized Entropy (GE)', of: ({ records }) => generalizedEntropy(records) },
  RD: {
    description: 'Recall Difference (RD)',
    of: ({ a, d }) => difference(ratio(a.tp, a.label1), ratio(d.tp, d.label1)),
  },
  SD: {
    description: 'Specificity Difference (SD)',
    of: ({ a, d }) => difference(ratio(d.tn, d.n - d.label1), ratio(a.tn, a.n - a.label1)),
  },
  TE: { description: 'Treatment Equality (TE)', of: ({ a, d }) => difference(ratio(d.fn, d.fp), ratio(a.fn, a.fp)) },
} satisfies Record<string, BiasMetric>

export type BiasMetrics = Readonly<Record<string, BiasMetric>>

/** A metric as `analysis.json` writes it. */
export interface MeasuredBias {
  readonly name: string
  readonly description: string
  /** Infinities are the texts `Infinity` and `-Infinity`; null for what could not be computed. */
  readonly value: number | 'Infinity' | '-Infinity' | null
  readonly error?: string
}

/**
 * Measures bias between the sensitive group of the records and the others.
 *
 * @param names Names of the metrics; others of the table are left out.
 */
export function measureBias(
  metrics: BiasMetrics,
  names: readonly string[],
  records: readonly Outcome[],
  features?: readonly (readonly number[])[],
): MeasuredBias[] {
  const groups: Groups = {
    a: countsOf(records.filter(({ sensitive }) => !sensitive)),
    d: countsOf(records.filter(({ sensitive }) => sensitive)),
    records,
    features,
  }
  return Object.entries(metrics)
    .filter(([name]) => names.includes(name))
    .map(([name, { description, of }]) => {
      try {
        if (groups.d.n === 0) throw new NoMetric('Facet set is empty')
        if (groups.a.n === 0) throw new NoMetric('Negated Facet set is empty')
        const value = of(groups)
        return {
          name,
          description,
          value: Number.isFinite(value) ? value : (String(value) as 'Infinity' | '-Infinity'),
        }
      } catch (error) {
        if (!(error instanceof NoMetric)) throw error
        return { name, description, value: null, error: error.message }
      }
    })
}

function countsOf(records: readonly Outcome[]): Counts {
  const count = (label: boolean, said: boolean): number =>
    records.filter(({ positive, predicted }) => positive === label && (predicted === true) === said).length
  const [tp, fp, fn, tn] = [count(true, true), count(false, true), count(true, false), count(false, false)]
  return { n: records.length, tp, fp, fn, tn, label1: tp + fn, said1: tp + fp }
}

/** Demographic disparity, the sensitive group's share of the rejected minus that of the accepted, averaged over the groups. */
function conditionalDisparity({ records }: Groups, accepted: (record: Outcome) => boolean): number {
  const byGroup = new Map<string | undefined, Outcome[]>()
  for (const record of records) {
    const group = byGroup.get(record.group)
    if (group === undefined) byGroup.set(record.group, [record])
    else group.push(record)
  }
  if (byGroup.has(undefined)) throw new NoMetric('Group variable is empty or not provided')
  if (records.every(record => !accepted(record))) throw new NoMetric('No positive labels in set')
  if (records.every(accepted)) throw new NoMetric('No negative labels in set')
  const share = (of: readonly Outcome[]): number =>
    of.length === 0 ? 0 : of.filter(({ sensitive }) => sensitive).length / of.length
  const weighted = [...byGroup.values()].map(group => {
    const disparity = share(group.filter(record => !accepted(record))) - share(group.filter(accepted))
    return group.length * disparity
  })
  return weighted.reduce((sum, value) => sum + value, 0) / records.length
}

/** Of alpha 2: half the squared coefficient of variation of what the records get beyond their label. */
function generalizedEntropy(records: readonly Outcome[]): number {
  const benefits = records.map(({ positive, predicted }) => Number(predicted === true) - Number(positive) + 1)
  const mean = benefits.reduce((sum, value) => sum + value, 0) / benefits.length
  if (mean === 0) throw new NoMetric('All predicted labels are false negatives')
  return benefits.reduce((sum, value) => sum + (value / mean) ** 2 - 1, 0) / (2 * benefits.length)
}

/** Neighbours that are asked, and one for groups of up to nine. Source: the open-source library of SageMaker Clarify. */
const neighbours = 5
const smallGroup = 9

/** What a k-nearest-neighbours model of the others would say of the sensitive group: more positive, less more negative. */
function flipTest({ records, features }: Groups): number {
  if (features === undefined) throw new NoMetric('FlipTest does not support non-numeric columns')
  const indices = [...records.keys()]
  const others = indices.filter(index => !records[index]?.sensitive)
  const sensitive = indices.filter(index => records[index]?.sensitive)
  const k = others.length > smallGroup ? neighbours : 1
  let flips = 0
  for (const index of sensitive) {
    const nearest = others
      .map(other => ({ other, distance: squaredDistance(features[index] ?? [], features[other] ?? []) }))
      .sort((a, b) => a.distance - b.distance || a.other - b.other)
      .slice(0, k)
    const votes = nearest.filter(({ other }) => records[other]?.predicted === true).length
    flips += Number(records[index]?.predicted === true) - Number(votes * 2 > k)
  }
  return flips / sensitive.length
}

const squaredDistance = (one: readonly number[], other: readonly number[]): number =>
  one.reduce((sum, value, index) => sum + (value - (other[index] ?? 0)) ** 2, 0)

import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  binaryMetrics,
  modelStatistics,
  modelViolations,
  multiclassMetrics,
  type ProblemType,
  regressionMetrics,
  type Scored,
  suggestModelConstraints,
} from '../../../../local/jobs/checks/model-quality.ts'

const times = (count: number, truth: string, prediction: string, probability?: number): Scored[] =>
  Array.from({ length: count }, () => ({ truth, prediction, probability }))

test('the binary metrics are those of the documented example', () => {
  const records = [...times(1, '0', '0'), ...times(2, '0', '1'), ...times(1, '1', '1')]
  expect(binaryMetrics(records)).toEqual({
    recall: 1,
    precision: 1 / 3,
    accuracy: 0.5,
    recall_best_constant_classifier: 1,
    precision_best_constant_classifier: 0.25,
    accuracy_best_constant_classifier: 0.25,
    true_positive_rate: 1,
    true_negative_rate: 1 / 3,
    false_positive_rate: 2 / 3,
    false_negative_rate: 0,
    f0_5: expect.closeTo(0.3846153846153846, 12),
    f1: 0.5,
    f2: expect.closeTo(0.7142857142857143, 12),
    f0_5_best_constant_classifier: expect.closeTo(0.29411764705882354, 12),
    f1_best_constant_classifier: 0.4,
    f2_best_constant_classifier: 0.625,
  })
  expect(modelStatistics('BinaryClassification', records)).toMatchObject({
    dataset: { item_count: 4 },
    binary_classification_metrics: {
      confusion_matrix: { '0': { '0': 1, '1': 2 }, '1': { '0': 0, '1': 1 } },
      recall: { value: 1, standard_deviation: 'NaN' },
    },
  })
})

test('the multiclass metrics are those of the documented example', () => {
  const records = [...times(1180, '0', '0'), ...times(510, '0', '1'), ...times(268, '1', '0'), ...times(138, '1', '1')]
  const found = multiclassMetrics(records)
  const documented = {
    accuracy: 0.6288167938931297,
    weighted_recall: 0.6288167938931297,
    weighted_precision: 0.6983172269629505,
    weighted_f0_5: 0.6803947317178771,
    weighted_f1: 0.6571162346664904,
    weighted_f2: 0.6384024354394601,
    accuracy_best_constant_classifier: 0.19370229007633588,
    weighted_recall_best_constant_classifier: 0.19370229007633588,
    weighted_precision_best_constant_classifier: 0.03752057718081697,
    weighted_f0_5_best_constant_classifier: 0.04473443104152011,
    weighted_f1_best_constant_classifier: 0.06286421244683643,
    weighted_f2_best_constant_classifier: 0.10570313141262414,
  }
  expect(Object.keys(found).toSorted()).toEqual(Object.keys(documented).toSorted())
  for (const [name, value] of Object.entries(documented)) expect(found[name], name).toBeCloseTo(value, 12)
  const statistics = modelStatistics('MulticlassClassification', records) as Record<
    string,
    Record<string, { standard_deviation: number }>
  >
  const deviation = statistics['multiclass_classification_metrics']?.['accuracy']?.standard_deviation
  expect(deviation).toBeGreaterThan(0)
  expect(deviation).toBeLessThan(0.02)
})

test('regression metrics of three records, by hand', () => {
  const records = [...times(1, '1', '2'), ...times(1, '2', '2'), ...times(1, '6', '3')]
  expect(regressionMetrics(records)).toEqual({
    mae: 4 / 3,
    mse: 10 / 3,
    rmse: Math.sqrt(10 / 3),
    r2: expect.closeTo(1 - 10 / 14, 12),
  })
})

test('the area under the curve is the share of pairs in the right order, equal probabilities counting half', () => {
  const record = fc.record({ truth: fc.constantFrom('0', '1'), probability: fc.constantFrom(0.1, 0.2, 0.5, 0.7, 0.9) })
  fc.assert(
    fc.property(fc.array(record, { maxLength: 40 }), list => {
      const records = list.map(one => ({ ...one, prediction: one.probability > 0.5 ? '1' : '0' }))
      const positives = records.filter(({ truth }) => truth === '1')
      const negatives = records.filter(({ truth }) => truth === '0')
      fc.pre(positives.length > 0 && negatives.length > 0)
      const pairs = positives.flatMap(one =>
        negatives.map(other => Math.sign(one.probability - other.probability) / 2 + 0.5),
      )
      expect(binaryMetrics(records)['auc']).toBeCloseTo(pairs.reduce((sum, value) => sum + value, 0) / pairs.length, 10)
    }),
  )
})

test('a model holds its own constraints, and a worse one violates them', () => {
  const label = fc.constantFrom('0', '1', '2')
  fc.assert(
    fc.property(
      fc.constantFrom<ProblemType>('Regression', 'BinaryClassification', 'MulticlassClassification'),
      fc.array(fc.tuple(label, label), { minLength: 1 }),
      (type, pairs) => {
        const records = pairs.map(([truth, prediction]) => ({ truth, prediction }))
        expect(modelViolations(type, records, suggestModelConstraints(type, records))).toEqual([])
      },
    ),
  )
  const good = [...times(9, '1', '1', 0.9), ...times(10, '0', '0', 0.1), ...times(1, '1', '0', 0.2)]
  const worse = [...times(5, '1', '1', 0.9), ...times(10, '0', '0', 0.1), ...times(5, '1', '0', 0.2)]
  const constraints = suggestModelConstraints('BinaryClassification', good) as Record<string, object>
  expect(Object.keys(constraints['binary_classification_constraints'] as object)).not.toContain(
    'f1_best_constant_classifier',
  )
  const found = modelViolations('BinaryClassification', worse, constraints) as { metric_name: string }[]
  expect(found.map(({ metric_name }) => metric_name)).toEqual([
    'recall',
    'accuracy',
    'true_positive_rate',
    'false_negative_rate',
    'f0_5',
    'f1',
    'f2',
  ])
  expect(found[0]).toEqual({
    constraint_check_type: 'LessThanThreshold',
    description: "Metric recall with 0.5 was LessThanThreshold '0.9'",
    metric_name: 'recall',
  })
})

import type { FoldReport } from './fold-report.ts'

/** The folds that are evaluated: of nested folds the outer ones, each as it was trained again after the choice. */
export function outerFolds(report: FoldReport): FoldReport {
  if (report.options?.['innerK'] === undefined) return report
  const folds = report.folds.filter(({ folder }) => folder?.endsWith('/refit'))
  return { ...report, folds: folds.map((fold, index) => ({ ...fold, index })) }
}

import type { FoldReport } from './fold-report.ts'

/** Folders of nested folds below `train/` and `validation/`: of outer fold i its inner folds, then the whole of it. */
export const nestedFolders = {
  inner: (outer: number, inner: number): string => `outer/${outer}/inner/${inner}`,
  /** All that the outer fold trains on, and what it validates on. */
  refit: (outer: number): string => `outer/${outer}/refit`,
} as const

/** The refits of a nested split, in the order of the outer folds. */
export function refits<Fold extends { readonly folder?: string | undefined }>(folds: readonly Fold[]): Fold[] {
  return folds.filter(({ folder }) => folder?.endsWith('/refit'))
}

/** The folds that are evaluated: of nested folds the outer ones, each as it was trained again after the choice. */
export function outerFolds(report: FoldReport): FoldReport {
  if (report.options?.['innerK'] === undefined) return report
  return { ...report, folds: refits(report.folds).map((fold, index) => ({ ...fold, index })) }
}

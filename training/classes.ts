import { toNumber } from './read-channel.ts'

/** The classes of a training set in `numpy.unique`'s order, and where a label stands among them. */
export interface Classes {
  /** As they are written in predictions: the first spelling met of each class. */
  readonly names: readonly string[]
  /** Position of a label's class; -1 for a label that training never saw. */
  indexOf(label: string): number
}

/**
 * Classes of `labels`. When every label is a number they are compared as numbers (`1` and `1.0` are one class) and
 * sorted by value, else as text sorted by code point.
 */
export function findClasses(labels: readonly string[]): Classes {
  const numeric = labels.every(label => toNumber(label) !== undefined)
  const identity = (label: string) => (numeric ? String(toNumber(label)) : label)
  const spelling = new Map<string, string>()
  for (const label of labels) {
    const id = identity(label)
    if (!spelling.has(id)) spelling.set(id, label)
  }
  const ids = [...spelling.keys()].sort(
    numeric ? (a, b) => Number(a) - Number(b) : (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  )
  const positions = new Map(ids.map((id, index) => [id, index]))
  return {
    names: ids.map(id => spelling.get(id) ?? id),
    indexOf: label => positions.get(identity(label)) ?? -1,
  }
}

/** Final values of a job's metrics, found on its output. */
export interface MetricReader {
  onLine(line: string): void
  /** Like `FinalMetricDataList`: of each metric that was seen the last value, as the float32 that the service keeps. */
  final(): readonly { readonly MetricName: string; readonly Value: number; readonly Timestamp: string }[]
}

/**
 * Reads metrics from lines: the first group of each regular expression, of the last match.
 *
 * Long lines are matched window by window, so that a careless expression costs time in proportion to the line, not to its
 * square.
 *
 * @param onValue Sees every value as it is read.
 * @throws SyntaxError for an expression that JavaScript does not read.
 */
export function readMetrics(
  definitions: readonly { readonly Name: string; readonly Regex: string }[],
  now: () => Date,
  onValue: (name: string, value: number) => void = () => {},
): MetricReader {
  const readers = definitions.map(({ Name, Regex }) => ({ name: Name, pattern: new RegExp(Regex, 'g') }))
  const last = new Map<string, { Value: number; Timestamp: string }>()
  return {
    onLine: line => {
      for (const { name, pattern } of readers) {
        for (const text of windows(line)) {
          for (const [, group] of text.matchAll(pattern)) {
            const value = group === undefined || group.trim() === '' ? Number.NaN : Number(group)
            if (Number.isNaN(value)) continue
            last.set(name, { Value: Math.fround(value), Timestamp: now().toISOString() })
            onValue(name, Math.fround(value))
          }
        }
      }
    },
    final: () =>
      readers.flatMap(({ name }) => {
        const value = last.get(name)
        return value === undefined ? [] : [{ MetricName: name, ...value }]
      }),
  }
}

const windowLength = 8 * 1024
/** What is found here is found whole, wherever windows are cut. */
const overlap = 1024

function windows(line: string): string[] {
  if (line.length <= windowLength) return [line]
  const count = Math.ceil((line.length - overlap) / (windowLength - overlap))
  return Array.from({ length: count }, (_, index) => {
    const start = index * (windowLength - overlap)
    return line.slice(start, start + windowLength)
  })
}

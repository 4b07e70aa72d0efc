/** Final values of a job's metrics, found on its output. */
export interface MetricReader {
  onLine(line: string): void
  /** Like `FinalMetricDataList`: of each metric that was seen the last value, as the float32 that the service keeps. */
  final(): readonly { readonly MetricName: string; readonly Value: number; readonly Timestamp: string }[]
}

/**
 * Reads metrics from lines: the first group of each regular expression, of the last match.
 *
 * Lines are cut at 8 KiB for matching, so that a metric is found but a careless expression cannot eat an hour.
 *
 * @throws SyntaxError for an expression that JavaScript does not read.
 */
export function readMetrics(
  definitions: readonly { readonly Name: string; readonly Regex: string }[],
  now: () => Date,
): MetricReader {
  const readers = definitions.map(({ Name, Regex }) => ({ name: Name, pattern: new RegExp(Regex, 'g') }))
  const last = new Map<string, { Value: number; Timestamp: string }>()
  return {
    onLine: line => {
      const text = line.slice(0, longestMatched)
      for (const { name, pattern } of readers) {
        for (const match of text.matchAll(pattern)) {
          const value = Number(match[1])
          if (match[1] !== undefined && match[1].trim() !== '' && !Number.isNaN(value)) {
            last.set(name, { Value: Math.fround(value), Timestamp: now().toISOString() })
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

const longestMatched = 8 * 1024

import { images, registries } from './generated/image-uris.ts'

/** Images that report metrics without `MetricDefinitions`; the XGBoost image does so when no program of the user runs in it. */
const builtIn = ['blazingtext', 'image-classification', 'knn', 'linear-learner', 'xgboost'] as const

/** Repositories of the built-in algorithms to the accounts that hold them. */
const holders: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  builtIn.flatMap(name =>
    Object.values(images[name].versions)
      .flat()
      .map(variant => [variant.repository, new Set(Object.values(registries[variant.registries] ?? {}))] as const),
  ),
)

/** True for the URI of a built-in algorithm's image in one of AWS's accounts. */
export function isBuiltInImage(uri: unknown): boolean {
  const parts = typeof uri === 'string' ? /^(\d{12})\.dkr\.ecr\.[^/]+\/([^:@]+)/.exec(uri) : null
  return parts !== null && (holders.get(parts[2] as string)?.has(parts[1] as string) ?? false)
}

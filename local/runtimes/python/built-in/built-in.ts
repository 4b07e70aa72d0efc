import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repositoryOf } from '../../image-name.ts'
import type { Command } from '../../process-group.ts'
import type { ContainerPlace } from '../../runtime.ts'
import { serverProgram } from '../server-program.ts'
import { commonProgram } from './common.ts'
import { knnProgram } from './knn.ts'
import { linearLearnerProgram } from './linear-learner.ts'
import { xgboostProgram } from './xgboost.ts'

interface Algorithm {
  readonly repository: RegExp
  /** Python that defines `default_type`, `train()`, `load()` and `answer(model, rows, accept)`. */
  readonly program: string
}

/** Built-in algorithms with a stand-in. One entry per algorithm. */
const algorithms: readonly Algorithm[] = [
  { repository: /^(sagemaker-)?xgboost/, program: xgboostProgram },
  { repository: /^linear-learner/, program: linearLearnerProgram },
  { repository: /^knn/, program: knnProgram },
]

const main = String.raw`
if sys.argv[1] == 'train':
    train()
else:
    model = load()

    def transform(body, content_type, accept):
        return answer(model, asked_rows(body, content_type), accept)

    serve()
`

/**
 * A built-in algorithm by Python packages of this machine: it trains and serves, but is not bit for bit the image's.
 *
 * @param mode `train` or `serve`.
 * @returns Undefined for images of other algorithms.
 */
export function builtInCommand(
  image: string,
  mode: string,
  python: string,
  place: ContainerPlace,
  environment: Readonly<Record<string, string>>,
): Command | undefined {
  const name = repositoryOf(image).split('/').at(-1) ?? ''
  const algorithm = algorithms.find(({ repository }) => repository.test(name))
  if (algorithm === undefined) return undefined
  const file = join(place.home, 'built_in.py')
  writeFileSync(file, [commonProgram, serverProgram, algorithm.program, main].join('\n'))
  return { file: python, arguments: [file, mode], environment, folder: place.home }
}

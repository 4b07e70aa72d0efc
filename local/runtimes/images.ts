import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CONTAINER_ROOT, svmContainer } from '../../schemas/containers.ts'
import { repositoryOf } from './image-name.ts'
import type { RuntimeKind } from './runtimes.ts'

/** How an image runs on this machine. */
export interface ImageMapping {
  /** True for the repositories that the mapping is for; `repository` is the image without registry, tag and digest. */
  readonly matches: (repository: string, image: string) => boolean
  /** A built-in runtime or one of the option `runtimes`. */
  readonly runtime: RuntimeKind | (string & {})
  /** The image's own ENTRYPOINT; a job's entrypoint replaces it. @default none */
  readonly entrypoint?: readonly string[]
  /** The image's folder of programs and where it lies here. @default none */
  readonly programs?: { readonly root: string; readonly folder: string }
}

/** A mapping by the beginning of the repository's last part: `foldwise-processing` for `…/team/foldwise-processing-x:1`. */
export const repositoryStartsWith =
  (start: string): ImageMapping['matches'] =>
  repository =>
    repository.slice(repository.lastIndexOf('/') + 1).startsWith(start)

/** Foldwise's own images. */
export function foldwiseImages(containersFolder: string = bundledContainers()): readonly ImageMapping[] {
  const programs = { root: CONTAINER_ROOT, folder: containersFolder }
  return [
    { matches: repositoryStartsWith('foldwise-processing'), runtime: 'node', programs },
    {
      matches: repositoryStartsWith('foldwise-training'),
      runtime: 'node',
      entrypoint: svmContainer.entrypoint,
      programs,
    },
  ]
}

/** AWS's framework images, whose trainings run in script mode, and those of built-in algorithms with a stand-in. */
const pythonRepositories =
  /^(sagemaker-scikit-learn|sagemaker-xgboost|xgboost|linear-learner|knn|(pytorch|tensorflow|huggingface-pytorch|huggingface-tensorflow|mxnet)-(training|inference)|sagemaker-(pytorch|tensorflow|base-python))/

/** Images that this machine's Python stands in for. */
export const pythonImages = (): readonly ImageMapping[] => [
  {
    matches: repository => pythonRepositories.test(repository.slice(repository.lastIndexOf('/') + 1)),
    runtime: 'python',
  },
]

/** The mapping of an image; earlier entries win. */
export function findImage(image: string, images: readonly ImageMapping[]): ImageMapping | undefined {
  const repository = repositoryOf(image)
  return images.find(mapping => mapping.matches(repository, image))
}

/** The folder `containers` beside the built bundle, or below `dist` when the engine runs from its sources. */
function bundledContainers(): string {
  const candidates = ['./containers/', '../containers/', '../../dist/containers/'].map(path =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  return candidates.find(folder => existsSync(folder)) ?? (candidates[0] as string)
}

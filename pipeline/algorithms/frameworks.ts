import type { ImageVersions } from '../../schemas/generated/image-uris.ts'
import type { Accelerator, ImageName } from './image-uri.ts'

/** A framework container that runs a program of the user. */
export interface Framework {
  readonly kind: 'foldwise.framework'
  readonly image: ImageName
  readonly version: string
  readonly python?: string
  readonly base?: string
  readonly accelerator?: Accelerator
}

interface Choice<N extends ImageName> {
  readonly version: ImageVersions[N]
  /** Such as `py312`. @default the newest that the version has */
  readonly python?: string
  /** @default by the instance type; must be given when that is known only when the pipeline runs */
  readonly accelerator?: Accelerator
}

const framework =
  <N extends ImageName, C extends Choice<N> = Choice<N>>(image: N) =>
  (choice: C): Framework =>
    Object.freeze<Framework>({ ...(choice as Choice<N>), kind: 'foldwise.framework', image } as Framework)

/** The scikit-learn container. */
export const scikitLearn = framework('sklearn')
/** The XGBoost container with a program of the user, instead of the built-in algorithm. */
export const xgboostFramework = framework('xgboost')
/** The PyTorch container. */
export const pytorch = framework('pytorch')
/** The TensorFlow container. */
export const tensorflow = framework('tensorflow')
/** The Hugging Face container; `base` is the library below, such as `pytorch2.5.1`. */
export const huggingFace = framework<'huggingface', Choice<'huggingface'> & { readonly base?: string }>('huggingface')

import { type ImageVariant, type ImageVersions, images, registries } from '../../schemas/generated/image-uris.ts'
import { didYouMean } from '../../schemas/nearest.ts'
import { isExpr } from '../dsl/expression.ts'
import { mistake, show } from '../dsl/mistake.ts'

/** Images of AWS: built-in algorithms and framework containers, as the SageMaker Python SDK calls them. */
export type ImageName = keyof ImageVersions
export type Accelerator = 'cpu' | 'gpu'

/** Which image of AWS, and where. */
export interface ImageQuery<N extends ImageName = ImageName> {
  readonly image: N
  /** Version, or its short form such as `2.5` for `2.5.1`. @default the only version, where there is one */
  readonly version?: ImageVersions[N]
  /** Such as `eu-west-1`: literal, because every region has its own account. */
  readonly region: string
  /** Such as `py312`. @default the newest that the version has */
  readonly python?: string
  /** @default the only one, where there is one */
  readonly accelerator?: Accelerator
  /** Hugging Face: the library below, such as `pytorch2.5.1`. @default the only one, where there is one */
  readonly base?: string
}

/**
 * URI of a training image of AWS, from the tables of the SageMaker Python SDK.
 *
 * @throws UserError that names the versions, regions, accelerators or Pythons that there are
 */
export function imageUri<const N extends ImageName>(query: ImageQuery<N>): string {
  const { image, region } = query
  if (isExpr(region)) {
    throw mistake(
      `imageUri: region — it is a reference, but every region has its own account, so it must be known when the definition is written; give a literal such as "eu-west-1".`,
    )
  }
  const variant = chooseVariant(query)
  const accounts = registries[variant.registries] ?? {}
  const account = Object.hasOwn(accounts, region) ? accounts[region] : undefined
  if (account === undefined) {
    throw mistake(
      `imageUri: region — ${show(region)} has no ${image} ${variant.tag}; it is in ${list(Object.keys(accounts))}.${didYouMean(String(region), Object.keys(accounts))}`,
    )
  }
  return `${account}.dkr.ecr.${region}.${domainOf(region)}/${variant.repository}:${variant.tag}`
}

function chooseVariant(query: ImageQuery): ImageVariant {
  const { image } = query
  const names = Object.keys(images)
  if (!Object.hasOwn(images, image)) {
    throw mistake(`imageUri: image — there is no ${show(image)}; there are ${list(names)}.${didYouMean(image, names)}`)
  }
  const { aliases, versions } = images[image]
  const known = Object.keys(versions)
  const version = query.version ?? (known.length === 1 ? known[0] : undefined)
  if (version === undefined) {
    throw mistake(`imageUri: version — ${image} has several, so it must be named; there are ${list(known)}.`)
  }
  const full = Object.hasOwn(aliases, version) ? (aliases[version] as string) : version
  const all = Object.hasOwn(versions, full) ? versions[full] : undefined
  if (all === undefined) {
    throw mistake(
      `imageUri: version — there is no ${image} ${show(version)}; there are ${list(known)}.${didYouMean(String(version), known)}`,
    )
  }
  const what = `${image} ${full}`
  const ofBase = narrow(all, 'base', withPatch(query.base, all), what)
  const ofAccelerator = narrow(ofBase, 'accelerator', query.accelerator, what)
  return newestPython(ofAccelerator, query.python, what)
}

/** `pytorch2.8` for `pytorch2.8.0`. */
function withPatch(base: string | undefined, variants: readonly ImageVariant[]): string | undefined {
  if (base === undefined || variants.some(variant => variant.base === base)) return base
  return variants.find(variant => variant.base?.startsWith(`${base}.`))?.base ?? base
}

function narrow(
  variants: readonly ImageVariant[],
  member: 'base' | 'accelerator',
  wanted: string | undefined,
  what: string,
): readonly ImageVariant[] {
  const known = [...new Set(variants.flatMap(variant => variant[member] ?? []))]
  // An image without the distinction runs on both.
  if (known.length === 0) return variants
  if (wanted === undefined && known.length === 1) return variants
  if (wanted === undefined) {
    throw mistake(`imageUri: ${member} — ${what} has several, so it must be named; there are ${list(known)}.`)
  }
  const found = variants.filter(variant => variant[member] === wanted)
  if (found.length > 0) return found
  throw mistake(
    `imageUri: ${member} — ${what} has no ${show(wanted)}; it has ${list(known)}.${didYouMean(wanted, known)}`,
  )
}

function newestPython(variants: readonly ImageVariant[], python: string | undefined, what: string): ImageVariant {
  const known = variants.flatMap(variant => variant.python ?? [])
  const wanted = python ?? known.toSorted((a, b) => pythonNumber(a) - pythonNumber(b)).at(-1)
  const found = known.length === 0 ? variants[0] : variants.find(variant => variant.python === wanted)
  if (found !== undefined && (python === undefined || known.length > 0)) return found
  const there = known.length === 0 ? 'it has one image for all' : `it has ${list(known)}`
  throw mistake(`imageUri: python — ${what} has no ${show(python)}; ${there}.`)
}

/** `py39` is older than `py310`; `py3` is older than both. */
const pythonNumber = (python: string): number => {
  const digits = python.replace(/^py/, '')
  return Number(digits[0] ?? 0) * 1000 + Number(digits.slice(1) || 0)
}

/** Domain of the partition that a region is in: `endpoints.json` of botocore. */
function domainOf(region: string): string {
  const partition = Object.entries(domains).find(([prefix]) => region.startsWith(prefix))
  return partition?.[1] ?? 'amazonaws.com'
}

const domains: Readonly<Record<string, string>> = {
  'cn-': 'amazonaws.com.cn',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
  'us-isof-': 'csp.hci.ic.gov',
  'eusc-': 'amazonaws.eu',
}

const list = (names: readonly string[]): string => names.join(', ')

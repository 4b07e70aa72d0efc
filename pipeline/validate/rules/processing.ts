import type { Scope, StepView } from '../scope.ts'
import { show } from '../show.ts'
import { at, duplicates, isSet, type Json, records } from '../values.ts'

const ROOT = '/opt/ml/processing/'

/** What CreateProcessingJob wants beyond its shape; check steps run processing jobs too. */
export function processing(step: StepView, scope: Scope): void {
  const { args, path } = step
  const place = `${path}.Arguments`
  const inputs = records(args['ProcessingInputs'])
  const outputs = records(at(args, 'ProcessingOutputConfig', 'Outputs'))
  const folders: Folder[] = []
  for (const [index, input] of inputs) checkInput(input, `${place}.ProcessingInputs[${index}]`, scope, folders)
  for (const [index, output] of outputs)
    checkOutput(output, `${place}.ProcessingOutputConfig.Outputs[${index}]`, scope, folders)
  reportDuplicates(inputs, 'InputName', `${place}.ProcessingInputs`, scope)
  reportDuplicates(outputs, 'OutputName', `${place}.ProcessingOutputConfig.Outputs`, scope)
  reportFolders(folders, scope)
  if (at(args, 'ProcessingResources', 'ClusterConfig', 'InstanceCount') === 0) {
    scope.report(
      'FW5009',
      `${place}.ProcessingResources.ClusterConfig.InstanceCount`,
      '0 instances; at least 1 would be right.',
    )
  }
}

interface Folder {
  readonly localPath: string
  readonly path: string
}

function checkInput(input: Json, path: string, scope: Scope, folders: Folder[]): void {
  const sources = ['S3Input', 'DatasetDefinition'].filter(member => isSet(input, member))
  if (sources.length !== 1) {
    scope.report(
      'FW5019',
      path,
      `${sources.length === 0 ? 'neither S3Input nor' : 'both S3Input and'} DatasetDefinition; exactly one of them would be right.`,
    )
    return
  }
  const [source] = sources as [string]
  checkLocalPath(at(input, source, 'LocalPath'), input['AppManaged'], `${path}.${source}`, scope, folders)
  if (at(input, 'S3Input', 'S3CompressionType') === 'Gzip' && at(input, 'S3Input', 'S3InputMode') === 'File') {
    scope.report(
      'FW5012',
      `${path}.S3Input`,
      'S3CompressionType "Gzip" is undone in Pipe mode only. Remove it and unpack in the container, or use Pipe.',
    )
  }
}

function checkOutput(output: Json, path: string, scope: Scope, folders: Folder[]): void {
  const targets = ['S3Output', 'FeatureStoreOutput'].filter(member => isSet(output, member))
  if (targets.length === 0) {
    scope.report('FW5019', path, 'neither S3Output nor FeatureStoreOutput; one of them would be right.')
    return
  }
  if (isSet(output, 'S3Output')) {
    checkLocalPath(at(output, 'S3Output', 'LocalPath'), output['AppManaged'], `${path}.S3Output`, scope, folders)
  }
}

function checkLocalPath(
  localPath: unknown,
  appManaged: unknown,
  path: string,
  { report }: Scope,
  folders: Folder[],
): void {
  if (localPath === undefined || localPath === null) {
    if (appManaged !== true)
      report('FW5018', path, `LocalPath is missing; without AppManaged the container needs a folder below ${ROOT}.`)
    return
  }
  if (typeof localPath !== 'string') return
  if (appManaged !== true && !localPath.startsWith(ROOT)) {
    report(
      'FW5018',
      `${path}.LocalPath`,
      `${show(localPath)} is not below ${ROOT}. Write something like "${ROOT}data".`,
    )
    return
  }
  folders.push({ localPath, path: `${path}.LocalPath` })
}

function reportDuplicates(
  list: readonly (readonly [number, Json])[],
  member: string,
  path: string,
  { report }: Scope,
): void {
  const named = list.flatMap(([index, record]) =>
    typeof record[member] === 'string' ? [[index, record[member]] as const] : [],
  )
  for (const [index, name] of duplicates(named)) {
    report('FW5020', `${path}[${index}].${member}`, `a second ${member} ${show(name)}. Give each a name of its own.`)
  }
}

/** Folders that are the same, or one inside the other: neighbours after sorting by path. */
function reportFolders(folders: readonly Folder[], { report }: Scope): void {
  const sorted = folders
    .map(folder => ({ ...folder, key: `${folder.localPath.replace(/\/+$/, '')}/` }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
  for (const [index, folder] of sorted.entries()) {
    const before = sorted[index - 1]
    if (before === undefined || !folder.key.startsWith(before.key)) continue
    const how = folder.key === before.key ? 'is also' : 'lies inside'
    report(
      'FW5021',
      folder.path,
      `${show(folder.localPath)} ${how} the folder ${show(before.localPath)} of ${before.path.replace(/^.*Arguments\./, '')}. Give each input and output a folder of its own.`,
    )
  }
}

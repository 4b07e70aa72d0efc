import { readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { optMl } from '../../../schemas/opt-ml.ts'
import type { ContainerPlace } from '../runtime.ts'
import { type ScriptParameters, variableText } from './hyperparameters.ts'

/** What the variables are made of, beside the platform's files. */
export interface ScriptFacts {
  readonly place: ContainerPlace
  readonly program: string
  readonly source: string
  readonly code: string
  readonly script: ScriptParameters
  readonly platform: ReadonlyMap<string, string>
  readonly userArguments: readonly string[]
}

interface ResourceConfig {
  readonly current_host: string
  readonly hosts: readonly string[]
  readonly network_interface_name?: string
  readonly current_instance_type?: string
  readonly current_group_name?: string
}

/**
 * The `SM_*` variables that the training toolkit gives a script, with this machine's paths.
 * Source: sagemaker-training-toolkit, `environment.py`, `to_env_vars`.
 */
export async function toolkitEnvironment(facts: ScriptFacts): Promise<Record<string, string>> {
  const { place, program, source, code, script, platform, userArguments } = facts
  const file = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(place.ml, path), 'utf8')) as T
  const resources = await file<ResourceConfig>(optMl.trainingResourceConfig)
  const inputData = await file<Record<string, object>>(optMl.inputDataConfig)
  const channels = Object.keys(inputData).toSorted()
  const channelFolder = (name: string): string => join(place.ml, optMl.channel(name))
  const hyperparameters = Object.fromEntries([...script].map(([name, { value }]) => [name, value]))
  const module = basename(program, '.py')
  const values: Readonly<Record<string, unknown>> = {
    hosts: resources.hosts,
    network_interface_name: resources.network_interface_name ?? 'eth0',
    hps: hyperparameters,
    user_entry_point: program,
    framework_params: {},
    resource_config: resources,
    input_data_config: inputData,
    output_data_dir: join(place.ml, optMl.outputData),
    channels,
    current_host: resources.current_host,
    current_instance_type: resources.current_instance_type ?? 'local',
    current_instance_group: resources.current_group_name ?? 'homogeneousCluster',
    current_instance_group_hosts: resources.hosts,
    instance_groups: [],
    instance_groups_dict: {},
    distribution_instance_groups: [],
    is_hetero: 'false',
    module_name: module,
    log_level: platform.get('sagemaker_container_log_level') ?? '20',
    framework_module: '',
    input_dir: join(place.ml, 'input'),
    input_config_dir: join(place.ml, 'input/config'),
    output_dir: join(place.ml, 'output'),
    num_cpus: String(availableParallelism()),
    num_gpus: '0',
    num_neurons: '0',
    model_dir: join(place.ml, optMl.model),
    module_dir: source.startsWith('s3://') ? source : code,
    user_args: userArguments,
    output_intermediate_dir: join(place.ml, 'output/intermediate'),
    training_env: {
      channel_input_dirs: Object.fromEntries(channels.map(name => [name, channelFolder(name)])),
      current_host: resources.current_host,
      hosts: resources.hosts,
      hyperparameters,
      input_data_config: inputData,
      model_dir: join(place.ml, optMl.model),
      module_name: module,
      output_data_dir: join(place.ml, optMl.outputData),
      resource_config: resources,
      user_entry_point: program,
    },
  }
  const named = [
    ...Object.entries(values).map(([name, value]) => [`SM_${name.toUpperCase()}`, asText(value)]),
    ...channels.map(name => [`SM_CHANNEL_${name.toUpperCase()}`, channelFolder(name)]),
    ...[...script].map(([name, value]) => [`SM_HP_${name.toUpperCase()}`, variableText(value)]),
  ]
  return Object.fromEntries(named) as Record<string, string>
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : sortedJson(value))

/** Sorted keys, no spaces. Source: sagemaker-training-toolkit, `mapping.py`. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )

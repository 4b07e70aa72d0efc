import { readFile } from 'node:fs/promises'
import * as z from 'zod'
import { ClientFault } from '../step-fault.ts'
import { columnIndex, readCsvTable, readFeatureLines, readJsonLinesTable, type Table } from './table.ts'

const nameOrIndex = z.union([z.string(), z.number()])
const valuesSchema = z
  .array(z.union([z.string(), z.number(), z.boolean()]))
  .min(1)
  .nullish()
const methodsSchema = z.looseObject({ methods: z.union([z.literal('all'), z.array(z.string())]).optional() }).nullish()

/** What the local run reads of `analysis_config.json`. Source: Developer Guide, "Configure the Analysis". */
const configSchema = z.looseObject({
  dataset_type: z.string().optional(),
  headers: z.array(z.string()).nullish(),
  label: nameOrIndex.nullish(),
  features: z.string().nullish(),
  predicted_label: nameOrIndex.nullish(),
  probability_threshold: z.number().nullish(),
  label_values_or_threshold: valuesSchema,
  facet: z.array(z.looseObject({ name_or_index: nameOrIndex, value_or_threshold: valuesSchema })).nullish(),
  group_variable: nameOrIndex.nullish(),
  methods: z.looseObject({
    pre_training_bias: methodsSchema,
    post_training_bias: methodsSchema,
    shap: z
      .looseObject({
        baseline: z.union([z.string(), z.array(z.unknown()).min(1)]).nullish(),
        num_samples: z.int().min(1).nullish(),
        agg_method: z.enum(['mean_abs', 'mean_sq', 'median']).nullish(),
        seed: z.int().nullish(),
        use_logit: z.boolean().nullish(),
        save_local_shap_values: z.boolean().nullish(),
      })
      .nullish(),
  }),
  predictor: z
    .looseObject({
      model_name: z.string().nullish(),
      content_type: z.string().nullish(),
      accept_type: z.string().nullish(),
      label: nameOrIndex.nullish(),
      probability: nameOrIndex.nullish(),
      label_headers: z.array(z.union([z.string(), z.number()])).nullish(),
      content_template: z.string().nullish(),
    })
    .nullish(),
})

export type AnalysisConfig = z.infer<typeof configSchema>

/** @throws ClientFault for what is no configuration of an analysis. */
export async function readAnalysisConfig(file: string): Promise<AnalysisConfig> {
  let content: unknown
  try {
    content = JSON.parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new ClientFault('analysis_config.json cannot be read as JSON — it configures the analysis — correct it.', {
      cause,
    })
  }
  const parsed = configSchema.safeParse(content)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new ClientFault(
    `analysis_config.json: ${issue?.path.map(String).join('.')} is not as documented: ${issue?.message}`,
  )
}

type Reader = (folder: string, config: AnalysisConfig) => Promise<Table>

/** One entry per dataset_type. */
const readers: Readonly<Record<string, Reader>> = {
  'text/csv': (folder, { headers }) => readCsvTable(folder, headers ?? true),
  'application/jsonlines': (folder, { features, label, headers }) =>
    typeof features === 'string'
      ? readFeatureLines(folder, {
          features,
          ...(typeof label === 'string' && { label }),
          ...(headers && { headers }),
        })
      : readJsonLinesTable(folder),
}

/** @throws ClientFault for another format, and for data without records. */
export async function readDataset(folder: string, config: AnalysisConfig): Promise<Table> {
  const type = config.dataset_type ?? 'text/csv'
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (reader === undefined)
    throw new ClientFault(
      `dataset_type ${type} is not read locally — ${Object.keys(readers).join(' and ')} are — convert the data set.`,
    )
  const table = await reader(folder, config)
  if (table.rows.length === 0)
    throw new ClientFault('The data set has no records — an analysis needs some — correct the input.')
  return table
}

/** The label's column: of JSON Lines with "features" the last one. @throws ClientFault when there is none. */
export function labelColumn(table: Table, config: AnalysisConfig): number {
  const { label, features, dataset_type } = config
  if (label === undefined || label === null)
    throw new ClientFault('analysis_config.json has no "label" — bias is measured in it — name the column.')
  if (dataset_type === 'application/jsonlines' && typeof features === 'string') return table.columns.length - 1
  return mustFind(table, label, 'label')
}

/** @throws ClientFault when the table has no such column. */
export function mustFind(table: Table, name: string | number, member: string): number {
  const index = columnIndex(table, name)
  if (index === undefined)
    throw new ClientFault(
      `"${member}" of analysis_config.json names the column ${JSON.stringify(name)} — the data set has ${table.columns.join(', ')} — name one of them.`,
    )
  return index
}

/** Columns that are features: neither the label, nor predictions, nor an identifier. */
export function featureColumns(table: Table, config: AnalysisConfig): number[] {
  const named = [config.label, config.predicted_label, config['joinsource_name_or_index']]
  const left = new Set(
    named.flatMap(name => (typeof name === 'string' || typeof name === 'number' ? [columnIndex(table, name)] : [])),
  )
  if (config.dataset_type === 'application/jsonlines' && config.features && config.label)
    left.add(table.columns.length - 1)
  return [...table.columns.keys()].filter(index => !left.has(index))
}

/** The metrics that a section asks for: those of its list, or all. */
export const wantedMethods = (section: z.infer<typeof methodsSchema>, known: readonly string[]): readonly string[] =>
  section === undefined || section === null ? [] : Array.isArray(section.methods) ? section.methods : known

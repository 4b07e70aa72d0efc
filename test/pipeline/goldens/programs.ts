import type { Pipeline } from 'foldwise'
import kfold5Artifacts from './programs/a-kfold5-artifacts.ts'
import kfold5Metrics from './programs/a-kfold5-metrics.ts'
import c01 from './programs/c01_processing.ts'
import c02 from './programs/c02_training.ts'
import c03 from './programs/c03_tuning.ts'
import c04 from './programs/c04_automl.ts'
import c05 from './programs/c05_transform.ts'
import c06 from './programs/c06_model_create.ts'
import c07 from './programs/c07_model_register.ts'
import c08 from './programs/c08_estimator_transformer.ts'
import c09 from './programs/c09_condition.ts'
import c10 from './programs/c10_lambda.ts'
import c11 from './programs/c11_callback.ts'
import c12 from './programs/c12_clarify_check.ts'
import c13 from './programs/c13_quality_check.ts'
import c14 from './programs/c14_emr.ts'
import c16 from './programs/c16_notebook_job.ts'
import c17 from './programs/c17_fail.ts'
import c18 from './programs/c18_function_step.ts'
import c19 from './programs/c19_monitor_batch_transform.ts'
import c20 from './programs/c20_endpoint.ts'
import c21 from './programs/c21_bedrock.ts'
import c22 from './programs/c22_lineage.ts'
import c23 from './programs/c23_parameters_functions.ts'
import c24 from './programs/c24_depends_on.ts'
import c25 from './programs/c25_custom_job_prefix_no_experiment.ts'
import b1VerbatimSdk2591Py311 from './programs/b1-verbatim-sdk-2.59.1-py311.ts'
import b1VerbatimSdk2591Py37str from './programs/b1-verbatim-sdk-2.59.1-py37str.ts'
import b2ModernSdk22576Registermodel from './programs/b2-modern-sdk-2.257.6-registermodel.ts'

/** One program of ours for every document of the SageMaker Python SDK, by its file below test/fixtures/goldens. */
export const programs: Readonly<Record<string, Pipeline>> = {
  'v2/a-kfold5-artifacts.json': kfold5Artifacts,
  'v2/a-kfold5-metrics.json': kfold5Metrics,
  'v2/c01_processing.json': c01,
  'v2/c02_training.json': c02,
  'v2/c03_tuning.json': c03,
  'v2/c04_automl.json': c04,
  'v2/c05_transform.json': c05,
  'v2/c06_model_create.json': c06,
  'v2/c07_model_register.json': c07,
  'v2/c08_estimator_transformer.json': c08,
  'v2/c09_condition.json': c09,
  'v2/c10_lambda.json': c10,
  'v2/c11_callback.json': c11,
  'v2/c12_clarify_check.json': c12,
  'v2/c13_quality_check.json': c13,
  'v2/c14_emr.json': c14,
  'v2/c16_notebook_job.json': c16,
  'v2/c17_fail.json': c17,
  'v2/c18_function_step.json': c18,
  'v2/c19_monitor_batch_transform.json': c19,
  'v2/c20_endpoint.json': c20,
  'v2/c21_bedrock.json': c21,
  'v2/c22_lineage.json': c22,
  'v2/c23_parameters_functions.json': c23,
  'v2/c24_depends_on.json': c24,
  'v2/c25_custom_job_prefix_no_experiment.json': c25,
  'fieldnotes/b1-verbatim-sdk-2.59.1-py311.json': b1VerbatimSdk2591Py311,
  'fieldnotes/b1-verbatim-sdk-2.59.1-py37str.json': b1VerbatimSdk2591Py37str,
  'fieldnotes/b2-modern-sdk-2.257.6-registermodel.json': b2ModernSdk22576Registermodel,
}

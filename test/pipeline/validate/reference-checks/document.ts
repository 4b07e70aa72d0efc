import { condition, many, map, set } from './builders.ts'
import type { ReferenceCheck } from './check.ts'

/** Rules 1 to 20: document and parameters. */
export const documentChecks: Readonly<Record<number, ReferenceCheck>> = {
  1: {
    rule: 'a definition is valid JSON of at most 1,048,576 characters',
    mistakes: [
      ['FW1001', { text: () => '{"Version": "2020-12-01", "Steps": [}' }],
      ['FW1002', { text: () => `{"Version": "2020-12-01", "Steps": []}${' '.repeat(1_048_576)}` }],
    ],
  },
  2: {
    rule: 'from 100 KiB on it is uploaded to S3',
    mistakes: [['FW1003', { text: () => `{"Version": "2020-12-01", "Steps": []}${' '.repeat(102_400)}` }]],
    elsewhere: { file: 'test/pipeline/service/upsert-pipeline.test.ts', test: 'sends a definition of %i bytes by %s' },
  },
  3: { rule: 'the version is 2020-12-01', mistakes: [['FW1004', set('Version', '2020-12-02')]] },
  4: {
    rule: 'no unknown member at the top, in a step or in a condition',
    mistakes: [
      ['FW1005', set('Stepz', [])],
      ['FW2003', set('Steps[1].DependOn', [])],
      ['FW3027', set(`${condition}.Expression`, 'x')],
    ],
  },
  5: {
    rule: 'exactly one of PipelineDefinition and its place in S3 is sent',
    mistakes: [],
    elsewhere: { file: 'test/pipeline/service/upsert-pipeline.test.ts', test: 'sends a definition of %i bytes by %s' },
  },
  6: {
    rule: 'a pipeline name has its pattern and at most 256 characters',
    mistakes: [
      ['FW1025', { pipeline: { name: 'iris_cv' } }],
      ['FW1025', { pipeline: { name: 'i'.repeat(257) } }],
    ],
  },
  7: {
    rule: 'a pipeline name is unique in account and region',
    mistakes: [],
    elsewhere: {
      file: 'test/pipeline/service/upsert-pipeline.test.ts',
      test: 'overwrites nothing when somebody else creates the pipeline meanwhile (%s)',
    },
  },
  8: { rule: 'there is a step', mistakes: [['FW1008', set('Steps', [])]] },
  9: {
    rule: 'parameter names are unique and have their pattern',
    mistakes: [
      ['FW1010', set('Parameters[5]', { Name: 'C' })],
      ['FW1011', set('Parameters[5]', { Name: 'a b' })],
      ['FW1012', set('Parameters[5]', { Name: 'a'.repeat(65) })],
    ],
  },
  10: { rule: 'a parameter has one of four types', mistakes: [['FW1013', set('Parameters[3].Type', 'Number')]] },
  11: {
    rule: 'a default has the declared type',
    mistakes: [
      ['FW1014', set('Parameters[5]', { Name: 'N', Type: 'Integer', DefaultValue: 1.5 })],
      ['FW1014', set('Parameters[5]', { Name: 'N', Type: 'Boolean', DefaultValue: 'true' })],
    ],
    elsewhere: {
      file: 'test/pipeline/definition/render.test.ts',
      test: 'writes numbers in float slots with a decimal point: defaults, operands beside floats, float members of requests',
    },
  },
  12: {
    rule: 'EnumValues belong to String parameters, are not empty and contain the default',
    mistakes: [
      ['FW1015', set('Parameters[3].EnumValues', ['1'])],
      ['FW1016', set('Parameters[4].EnumValues', [])],
      ['FW1017', set('Parameters[1].DefaultValue', 'ml.m4.xlarge')],
    ],
  },
  13: {
    rule: 'a String default has 1 to 4096 characters, a start value 1 to 1024',
    mistakes: [
      ['FW1019', set('Parameters[4].DefaultValue', '')],
      ['FW1019', set('Parameters[4].DefaultValue', 'x'.repeat(4097))],
      ['FW9004', { overrides: { Group: '' } }],
      ['FW9007', { overrides: { Group: 'x'.repeat(1025) } }],
    ],
  },
  14: {
    rule: 'there are at most 200 parameters',
    mistakes: [
      [
        'FW1020',
        set(
          'Parameters',
          many(201, index => ({ Name: `P${index}` })),
        ),
      ],
      ['FW9010', { overrides: map(201) }],
    ],
  },
  15: {
    rule: 'every parameter that is referred to is declared',
    mistakes: [['FW3002', set('Parameters[3].Name', 'D')]],
  },
  16: { rule: 'every declared parameter is used', mistakes: [['FW1021', set('Parameters[5]', { Name: 'Idle' })]] },
  17: {
    rule: 'start values name declared parameters',
    mistakes: [['FW9001', { overrides: { Group: 'g', Idle: '1' } }]],
  },
  18: { rule: 'a parameter without default gets a value', mistakes: [['FW9002', { overrides: { C: '1' } }]] },
  19: {
    rule: 'a start value is of the declared type',
    mistakes: [['FW9003', { overrides: { Group: 'g', Baseline: 'high' } }]],
  },
  20: {
    rule: 'a default fits the places that it is used in',
    mistakes: [
      ['FW1022', set('Parameters[0].DefaultValue', 'my-bucket/data')],
      ['FW1022', set('Parameters[1].DefaultValue', 'ml.m5.huge')],
    ],
  },
}

import { kfold5 } from './kfold5.ts'

export default kfold5('a-kfold5-metrics', 'metrics')

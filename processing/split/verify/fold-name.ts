import type { Fold } from '../../../schemas/fold-report.ts'

/** What a fold is called in folders and sentences: `3`, or `outer/0/inner/3`. */
export const foldName = ({ index, folder }: Pick<Fold, 'index' | 'folder'>): string => folder ?? String(index)

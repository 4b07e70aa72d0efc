export const directions = ['maximize', 'minimize'] as const

/** Whether more of the objective is better, or less. */
export type Direction = (typeof directions)[number]

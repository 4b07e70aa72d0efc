const stepPlace = /^Steps\[\d+\](?:\.Arguments\.(?:IfSteps|ElseSteps|ForEachBody)\[\d+\])*/

/** The place of the innermost step around a place of the document: in branches and in the body of a ForEach too. */
export const stepPlaceOf = (path: string): string | undefined => stepPlace.exec(path)?.[0]

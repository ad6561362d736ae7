// Where the pages of neurons are.
export const layerAddress = (modelId: string, layer: number): string =>
  `/models/${encodeURIComponent(modelId)}/neurons/${layer}`

export const neuronAddress = (modelId: string, layer: number, index: number): string =>
  `${layerAddress(modelId, layer)}/${index}`

/** A layer or index of an address; null for anything but digits. */
export const placeOf = (text: string): number | null =>
  /^\d{1,7}$/.test(text) ? Number(text) : null

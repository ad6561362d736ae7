// What the page of one neuron shows, as the parts of a survey keep it: equal slices of packed arrays, one for each neuron.

/** Words, near neurons and moments that are kept of each neuron. */
export type PartSlices = ReadonlyMap<string, Uint8Array>

export interface KeptWord {
  readonly id: number
  readonly score: number
}

export interface KeptNear {
  readonly layer: number
  readonly index: number
  readonly cosine: number
}

export interface KeptMoment {
  /** Place among the surveyed runs. */
  readonly run: number
  readonly position: number
  readonly token: number
  readonly activation: number
  readonly coefficient: number
  readonly imprint: number
}

/** A copy, as the bytes of a row may begin anywhere. */
const aligned = (bytes: Uint8Array | undefined): ArrayBuffer =>
  bytes === undefined ? new ArrayBuffer(0) : Uint8Array.from(bytes).buffer

const floats = (slices: PartSlices, kind: string): Float32Array =>
  new Float32Array(aligned(slices.get(kind)))
const integers = (slices: PartSlices, kind: string): Int32Array =>
  new Int32Array(aligned(slices.get(kind)))

/** @param end such as `key.top`, `gate.bottom` */
export function readWords(slices: PartSlices, end: string): KeptWord[] {
  const scores = floats(slices, `${end}.scores`)
  return [...integers(slices, `${end}.ids`)].map((id, place) => ({
    id,
    score: scores[place] as number,
  }))
}

/** @param innerWidth neurons of a layer; ids count through all layers */
export function readNear(slices: PartSlices, by: string, innerWidth: number): KeptNear[] {
  const cosines = floats(slices, `near.${by}.cosines`)
  return [...integers(slices, `near.${by}.ids`)].flatMap((id, place) =>
    id < 0
      ? []
      : [
          {
            layer: Math.floor(id / innerWidth),
            index: id % innerWidth,
            cosine: cosines[place] as number,
          },
        ],
  )
}

/** Strongest first; places that no moment fills are left out. */
export function readMoments(slices: PartSlices, by: string): KeptMoment[] {
  const whole = (name: string) => integers(slices, `moments.${by}.${name}`)
  const real = (name: string) => floats(slices, `moments.${by}.${name}`)
  const [run, position, token] = [whole('run'), whole('position'), whole('token')]
  const [activation, coefficient, imprint] = [
    real('activation'),
    real('coefficient'),
    real('imprint'),
  ]
  return [...run].flatMap((one, place) =>
    one < 0
      ? []
      : [
          {
            run: one,
            position: position[place] as number,
            token: token[place] as number,
            activation: activation[place] as number,
            coefficient: coefficient[place] as number,
            imprint: imprint[place] as number,
          },
        ],
  )
}

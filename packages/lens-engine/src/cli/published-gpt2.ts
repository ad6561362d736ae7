// Published numbers of GPT-2 small for one prompt: Backward Lens, the authors' notebook (transformers 4.40.1, torch 2.3.0, CPU).

export interface PublishedRun {
  readonly description: string
  /** Sizes the model must have. */
  readonly shape: {
    readonly layers: number
    readonly width: number
    readonly vocabularySize: number
  }
  readonly promptIds: readonly number[]
  readonly tokens: readonly string[]
  readonly targetId: number
  readonly target: string
  readonly loss: number
  readonly answerId: number
  /** [token][layer]: tokens more probable than the target in the projected VJP of mlp.down; null where it is zero. */
  readonly targetRank: readonly (readonly (number | null)[])[]
  /** [token][layer]: norm of the VJP of mlp.down, four decimals. */
  readonly norm: readonly (readonly number[])[]
}

/** The notebook ranks a zero VJP as well (2913, the rank under the final norm's bias alone); here it is null. */
export const publishedGpt2: PublishedRun = {
  description: 'GPT-2 small, "Obama grew up in" -> " Paris"',
  shape: { layers: 12, width: 768, vocabularySize: 50257 },
  promptIds: [15948, 6348, 510, 287],
  tokens: ['Obama', ' grew', ' up', ' in'],
  targetId: 6342,
  target: ' Paris',
  loss: 7.421401500701904,
  answerId: 257,
  targetRank: [
    [42090, 50228, 50247, 50251, 50252, 50250, 50252, 50252, 50252, 50253, 50250, null],
    [40829, 47609, 48615, 48238, 44731, 50095, 50172, 50085, 50235, 50255, 50244, null],
    [47637, 47588, 49012, 47465, 48453, 50023, 50013, 50220, 50236, 50222, 50170, null],
    [49593, 50250, 50243, 50255, 50255, 50255, 50256, 50256, 50256, 50256, 50255, 50255],
  ],
  norm: [
    [0.0992, 0.06, 0.0499, 0.0492, 0.0497, 0.0498, 0.0473, 0.0405, 0.034, 0.0248, 0.0147, 0],
    [0.1788, 0.1843, 0.1659, 0.1378, 0.1257, 0.1178, 0.0922, 0.088, 0.0724, 0.0271, 0.0159, 0],
    [0.1332, 0.2126, 0.2134, 0.1803, 0.153, 0.1311, 0.1189, 0.0933, 0.0581, 0.0317, 0.0221, 0],
    [
      0.1152, 0.1888, 0.2457, 0.2588, 0.2834, 0.2969, 0.3333, 0.3002, 0.2762, 0.2441, 0.2107,
      0.1932,
    ],
  ],
}

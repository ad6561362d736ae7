// What is measured: a shape, how it runs, and the limits it must keep.
const GIB = 2 ** 30

/** Everything the engine can show of a prompt. */
const everything = {
  hiddenStates: true,
  imprint: true,
  gradientRank: true,
  gradientCheck: true,
  vectors: true,
}
/** Projected factors and their norms alone. */
const factors = {
  hiddenStates: false,
  imprint: false,
  gradientRank: false,
  gradientCheck: false,
  vectors: false,
}

const small = (dtype, positions, settings) => ({
  shape: 'gpt2-small',
  dtype,
  positions,
  streaming: false,
  settings,
})

/** Cases with limits of their own; each is a command of its own. */
export const limitedCases = {
  'llama2-7b': {
    shape: 'llama2-7b',
    dtype: 'f16',
    positions: 10,
    streaming: true,
    settings: everything,
    limits: { resident: 20 * GIB },
  },
  'gpt2-xl': {
    shape: 'gpt2-xl',
    dtype: 'f32',
    positions: 10,
    streaming: true,
    settings: everything,
    limits: { anonymous: 4 * GIB },
  },
}

/** Cases that only compare the prediction with what was measured. */
export const smallCases = Object.fromEntries(
  ['f32', 'f16'].flatMap((dtype) =>
    [10, 200].flatMap((positions) => [
      [`gpt2-small-${dtype}-${positions}-factors`, small(dtype, positions, factors)],
      [`gpt2-small-${dtype}-${positions}-everything`, small(dtype, positions, everything)],
    ]),
  ),
)

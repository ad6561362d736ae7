// Numbers -> colours. One sequential ramp with even steps of perceived lightness (OKLab), and a text colour that stays readable on each tone.
export type Theme = 'light' | 'dark'
export type Rgb = readonly [number, number, number]

interface Stop {
  readonly lightness: number
  readonly chroma: number
  readonly hue: number
}

const RAMPS: Readonly<Record<Theme, readonly [Stop, Stop, Stop]>> = {
  light: [
    { lightness: 0.985, chroma: 0.004, hue: 195 },
    { lightness: 0.66, chroma: 0.098, hue: 192 },
    { lightness: 0.335, chroma: 0.062, hue: 205 },
  ],
  dark: [
    { lightness: 0.235, chroma: 0.006, hue: 200 },
    { lightness: 0.55, chroma: 0.09, hue: 193 },
    { lightness: 0.865, chroma: 0.115, hue: 183 },
  ],
}

const mix = (a: number, b: number, t: number) => a + (b - a) * t

function stopAt(theme: Theme, t: number): Stop {
  const [low, middle, high] = RAMPS[theme]
  const [from, to, part] = t < 0.5 ? [low, middle, t * 2] : [middle, high, t * 2 - 1]
  return {
    lightness: mix(from.lightness, to.lightness, part),
    chroma: mix(from.chroma, to.chroma, part),
    hue: mix(from.hue, to.hue, part),
  }
}

const encode = (linear: number) => {
  const clipped = Math.min(1, Math.max(0, linear))
  return Math.round(
    255 * (clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055),
  )
}

/** OKLCH to sRGB (Björn Ottosson's matrices). */
function toRgb({ lightness, chroma, hue }: Stop): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ]
}

export const css = ([r, g, b]: Rgb) => `rgb(${r} ${g} ${b})`

const linear = (channel: number) => {
  const value = channel / 255
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

export function luminance([r, g, b]: Rgb): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

/** Soft inks first; pure black or white, one of which always passes AA, where a middle tone leaves them too little contrast. */
const INKS: readonly Rgb[] = [
  [20, 24, 26],
  [244, 247, 246],
  [0, 0, 0],
  [255, 255, 255],
]

export function inkOn(background: Rgb): Rgb {
  const readable = INKS.find((ink) => contrast(ink, background) >= 4.6)
  return readable ?? (contrast([0, 0, 0], background) >= 4.5 ? [0, 0, 0] : [255, 255, 255])
}

export interface Tone {
  readonly background: string
  readonly ink: string
}

const STEPS = 128
const tones = new Map<string, Tone>()

export function rampRgb(theme: Theme, t: number): Rgb {
  return toRgb(stopAt(theme, Math.min(1, Math.max(0, t))))
}

/** The tone of a value already scaled to 0..1; at most 129 different ones, kept. */
export function toneOf(theme: Theme, t: number): Tone {
  const step = Math.round(Math.min(1, Math.max(0, Number.isFinite(t) ? t : 0)) * STEPS)
  const key = `${theme}${step}`
  const known = tones.get(key)
  if (known) return known
  const background = rampRgb(theme, step / STEPS)
  const tone = { background: css(background), ink: css(inkOn(background)) }
  tones.set(key, tone)
  return tone
}

export function rampGradient(theme: Theme): string {
  const stops = Array.from({ length: 9 }, (_, index) => css(rampRgb(theme, index / 8)))
  return `linear-gradient(90deg, ${stops.join(', ')})`
}

export interface ColourScale {
  readonly position: (value: number) => number
  readonly ticks: readonly number[]
}

/** Zero stays at the start of the ramp: a norm of nothing is the quietest tone. */
export function linearScale(values: readonly number[]): ColourScale {
  const top = values.reduce(
    (most, value) => (Number.isFinite(value) && value > most ? value : most),
    0,
  )
  return { position: (value) => (top > 0 ? value / top : 0), ticks: [0, top] }
}

/** Values that never come near zero (norms of inputs, logits): from least to most. */
export function rangeScale(values: readonly number[]): ColourScale {
  const finite = values.filter(Number.isFinite)
  const low = Math.min(...(finite.length > 0 ? finite : [0]))
  const high = Math.max(...(finite.length > 0 ? finite : [0]))
  return {
    position: (value) => (high > low ? (value - low) / (high - low) : 0.5),
    ticks: [low, high],
  }
}

/** Places from the nearer end of the vocabulary, logarithmic: the strongest tone is place 0. */
export function placeScale(vocabularySize: number): ColourScale {
  const top = Math.log10(vocabularySize)
  return { position: (place) => 1 - Math.log10(place + 1) / top, ticks: [vocabularySize - 1, 0] }
}

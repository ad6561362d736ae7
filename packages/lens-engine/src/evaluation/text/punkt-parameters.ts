// The four text files of an NLTK `punkt_tab` model -> what the Punkt sentence splitter knows about a language.
import { LensEngineError } from '../../errors.js'

/** What Punkt learns from a corpus (Kiss and Strunk 2006). All types are lower-case, numbers are `##number##`. */
export interface PunktParameters {
  /** Abbreviations without their final period. */
  readonly abbreviations: ReadonlySet<string>
  /** `first\tsecond`: a period between them is no sentence break. */
  readonly collocations: ReadonlySet<string>
  readonly sentenceStarters: ReadonlySet<string>
  /** Where a type was seen with which case; bits of `orthographicBits`. */
  readonly orthographicContext: ReadonlyMap<string, number>
}

/** Bits of the orthographic context, as stored in `ortho_context.tab`. */
export const orthographicBits = {
  middleUpper: 1 << 2,
  anyUpper: (1 << 1) | (1 << 2) | (1 << 3),
  beginLower: 1 << 4,
  anyLower: (1 << 4) | (1 << 5) | (1 << 6),
} as const

/** Knows no abbreviation, collocation or sentence starter: `PunktSentenceTokenizer()` of NLTK without training. */
export const untrainedPunkt: PunktParameters = {
  abbreviations: new Set(),
  collocations: new Set(),
  sentenceStarters: new Set(),
  orthographicContext: new Map(),
}

/** The contents of the files of a `punkt_tab` language directory, by their names. */
export interface PunktFiles {
  readonly 'abbrev_types.txt': string
  readonly 'collocations.tab': string
  readonly 'sent_starters.txt': string
  readonly 'ortho_context.tab': string
}

/**
 * Reads a `punkt_tab` model that a user supplies; NLTK's own is not bundled because its licence is not stated.
 * @throws DATASET_INVALID naming the file and the line
 */
export function parsePunktParameters(files: PunktFiles): PunktParameters {
  const context = new Map<string, number>()
  for (const [line, [type, bits]] of pairs(files, 'ortho_context.tab').entries()) {
    if (!/^\d{1,3}$/.test(bits)) throw badLine('ortho_context.tab', line + 1, bits)
    context.set(type, Number(bits))
  }
  return {
    abbreviations: new Set(lines(files['abbrev_types.txt'])),
    sentenceStarters: new Set(lines(files['sent_starters.txt'])),
    collocations: new Set(pairs(files, 'collocations.tab').map((pair) => pair.join('\t'))),
    orthographicContext: context,
  }
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

function pairs(files: PunktFiles, name: keyof PunktFiles): [string, string][] {
  return lines(files[name]).map((line, index) => {
    const parts = line.split('\t')
    if (parts.length !== 2) throw badLine(name, index + 1, line)
    return [parts[0]!, parts[1]!]
  })
}

function badLine(file: string, line: number, value: string): LensEngineError {
  return new LensEngineError('DATASET_INVALID', `${file}, line ${line}: "${value.slice(0, 80)}"`, {
    details: { file, line, value: value.slice(0, 80) },
    cure: 'Use the files of a `punkt_tab` language directory of NLTK as they are.',
  })
}

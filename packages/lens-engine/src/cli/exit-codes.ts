// What the process answers to the shell, by error code.
import type { LensEngineErrorCode } from '../errors.js'

export const exitCodes = {
  success: 0,
  failedCheck: 1,
  badInput: 2,
  badModel: 3,
  engineFailure: 4,
} as const

const { badInput, badModel, engineFailure } = exitCodes

/** Exit code of each error. */
export const exitCodeOf: Readonly<Record<LensEngineErrorCode, number>> = {
  BAD_ARGUMENT: badInput,
  PROMPT_EMPTY: badInput,
  PROMPT_TOO_LONG: badInput,
  PROMPT_NOT_TEXT: badInput,
  TARGET_EMPTY: badInput,
  TARGET_TOO_LONG: badInput,
  SUBJECT_NOT_IN_PROMPT: badInput,
  SUBJECT_AMBIGUOUS: badInput,
  TOKEN_OUT_OF_RANGE: badInput,
  TOKENIZER_MISSING: badInput,
  TOKENIZER_INVALID: badModel,
  MODEL_NOT_FOUND: badModel,
  MODEL_UNSUPPORTED: badModel,
  CONFIG_INVALID: badModel,
  WEIGHTS_INVALID: badModel,
  WEIGHTS_MISMATCH: badModel,
  UNSAFE_PICKLE: badModel,
  MODEL_TOO_LARGE: badModel,
  DISK_FULL: badModel,
  FILE_UNREADABLE: badModel,
  HUB_NOT_FOUND: badModel,
  HUB_ACCESS_DENIED: badModel,
  HUB_RATE_LIMITED: badModel,
  HUB_UNREACHABLE: badModel,
  HUB_ANSWER_INVALID: badModel,
  HUB_REDIRECT_REFUSED: badModel,
  DOWNLOAD_DAMAGED: badModel,
  DOWNLOAD_CANCELLED: badModel,
  PROVIDER_UNAVAILABLE: engineFailure,
  GRAPH_INVALID: engineFailure,
  NO_VJP_RULE: engineFailure,
  NOT_FINITE: engineFailure,
  ENGINE_UNAVAILABLE: engineFailure,
  ENGINE_CRASHED: engineFailure,
  ENGINE_OUT_OF_MEMORY: engineFailure,
  RUN_CANCELLED: engineFailure,
  CORPUS_INVALID: badModel,
  KEY_COVARIANCE_MISSING: badModel,
  KEY_COVARIANCE_INVALID: badModel,
  KEY_COVARIANCE_SINGULAR: badModel,
  MEND_CHECKPOINT_MISSING: badModel,
  MEND_CHECKPOINT_INVALID: badModel,
  EDIT_INVALID: badModel,
  EDIT_WRONG_MODEL: badModel,
  SERVER_UNKNOWN: badInput,
  SERVER_UNREACHABLE: badModel,
  SERVER_REFUSED: badModel,
  DATASET_INVALID: badModel,
  RECORD_INVALID: badModel,
  PROTOCOL_MISMATCH: badInput,
}

/** For the help pages. */
export const exitCodeHelp = `
Exit codes:
  0  done
  1  a check failed: \`lens verify\` found a difference beyond its tolerance
  2  bad usage or bad input: an unknown flag, an empty prompt, a token the model does not have
  3  the model or a file: not found, damaged, refused, too large for the memory, disk full, not downloaded
  4  the engine: it failed while it computed
Errors go to the error stream as "error CODE: message" and "cure: what to do", as JSON with --json.`

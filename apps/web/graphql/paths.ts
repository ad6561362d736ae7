// Which paths stay within these pages: one leading slash, no backslash that browsers read as one, nothing unprintable.
export const isPathWithin = (path: string): boolean =>
  /^\/(?![/\\])/.test(path) && !path.includes('\\') && !/\p{Cc}/u.test(path)

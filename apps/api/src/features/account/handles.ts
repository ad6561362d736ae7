// A name -> the short name that mentions use, and the slug of a project.
const handleForm = /^[a-z0-9][a-z0-9_-]{1,29}$/

export const isHandle = (text: string): boolean => handleForm.test(text)

/** Lower-case letters and digits of a name with - between words; may be empty. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 24)
    .replace(/-+$/, '')

/** The first of ada, ada-2, ada-3, … that nobody has. */
export async function freeHandle(
  name: string,
  isTaken: (handle: string) => Promise<boolean>,
): Promise<string> {
  const base = slugOf(name).length >= 2 ? slugOf(name) : 'person'
  for (let number = 1; ; number += 1) {
    const handle = number === 1 ? base : `${base}-${number}`
    if (!(await isTaken(handle))) return handle
  }
}

// Markdown -> HTML that is safe to show: raw HTML is text, addresses have harmless schemes, pictures are links.
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

/** Pictures would tell other servers who reads; notes at the foot would share their ids between comments. */
const LEFT_OUT = {
  disable: {
    null: [
      'labelStartImage',
      'gfmFootnoteCall',
      'gfmFootnoteDefinition',
      'gfmPotentialFootnoteCall',
    ],
  },
}

const OUTSIDE = '<a rel="noopener noreferrer nofollow" target="_blank" href="'

/** micromark escapes every "<" of a text, so these find only its own tags. */
const CHANGES: ReadonlyArray<readonly [RegExp, string]> = [
  [/<h[1-6]>/g, '<p class="md-heading">'],
  [/<\/h[1-6]>/g, '</p>'],
  [/<a href="(?!\/(?!\/)|#)/g, OUTSIDE],
  [/<input type="checkbox" disabled="" checked="" ?\/?>/g, '<span aria-label="done">☑</span>'],
  [/<input type="checkbox" disabled="" ?\/?>/g, '<span aria-label="open">☐</span>'],
  [/<pre>/g, '<pre tabindex="0">'],
  [/<table>/g, '<div class="md-table" tabindex="0" role="region" aria-label="Table"><table>'],
  [/<\/table>/g, '</table></div>'],
]

const TAG = /(<[^>]+>)/

/** Marks "@handle" of people who exist, outside of code and links. */
function markMentions(html: string, handles: readonly string[]): string {
  if (handles.length === 0) return html
  const known = new Set(handles.map((handle) => handle.toLowerCase()))
  let inside = 0
  return html
    .split(TAG)
    .map((part) => {
      if (/^<(a|code)[ >]/.test(part)) inside += 1
      if (/^<\/(a|code)>/.test(part)) inside -= 1
      if (part.startsWith('<') || inside > 0) return part
      return part.replace(/@([\w.-]*\w)/g, (whole, handle: string) =>
        known.has(handle.toLowerCase()) ? `<b class="mention">${whole}</b>` : whole,
      )
    })
    .join('')
}

/** @param handles of the people the text mentions, without "@" */
export function renderMarkdown(text: string, handles: readonly string[]): string {
  const html = micromark(text, { extensions: [gfm(), LEFT_OUT], htmlExtensions: [gfmHtml()] })
  const changed = CHANGES.reduce((page, [found, put]) => page.replace(found, put), html)
  return markMentions(changed, handles)
}

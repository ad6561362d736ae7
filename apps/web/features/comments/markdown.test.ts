import { describe, expect, it } from 'vitest'
import { renderMarkdown } from './markdown'

const html = (text: string, handles: readonly string[] = []) => renderMarkdown(text, handles)

describe('what may do harm', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onmouseover="x()">b</b>',
    '<svg/onload=alert(1)>',
    '<h1>big</h1>',
    '<a href="https://example.org">plain</a>',
  ])('%s stays text', (text) => {
    expect(html(text)).not.toMatch(/<(script|img|b|svg|h1|a)\b/)
    expect(html(text)).toContain('&lt;')
  })

  it.each(['javascript:alert(1)', 'data:text/html;base64,AA', 'vbscript:x', 'JaVaScRiPt:alert(1)'])(
    'an address that starts %s leads nowhere',
    (address) => {
      expect(html(`[click](${address})`)).toContain('href=""')
      expect(html(`<${address}>`)).not.toMatch(/href="[^"]*(script|data):/i)
    },
  )

  it('pictures of other servers are not loaded', () => {
    expect(html('![x](https://example.org/x.png)')).not.toContain('<img')
  })

  it('an attribute cannot be broken out of', () => {
    expect(html('[a](https://example.org/"onclick="x)')).not.toMatch(/ onclick=/)
    expect(html('[a](<https://example.org/> "t\\" onclick=\\"x")')).not.toMatch(/" onclick="/)
  })
})

describe('what is said', () => {
  it('links to other places say nothing about this page', () => {
    expect(html('https://example.org')).toContain(
      '<a rel="noopener noreferrer nofollow" target="_blank" href="https://example.org">',
    )
    expect(html('[run](/lens?run=1)')).toContain('<a href="/lens?run=1">')
    expect(html('[other](//example.org)')).toContain('rel="noopener')
  })

  it('headings do not join those of the page; tasks are signs; tables can be reached by keyboard', () => {
    expect(html('# Big')).toBe('<p class="md-heading">Big</p>')
    expect(html('- [x] a\n- [ ] b')).not.toContain('<input')
    expect(html('- [x] a\n- [ ] b')).toMatch(/☑[\s\S]*☐/)
    expect(html('| a |\n|---|\n| 1 |')).toContain('tabindex="0" role="region"')
  })

  it('marks people who exist, outside of code and links', () => {
    expect(html('hi @Ana.', ['ana'])).toContain('<b class="mention">@Ana</b>.')
    expect(html('`@ana` @bob', ['ana'])).not.toContain('mention')
    expect(html('[@ana](/x)', ['ana'])).not.toContain('mention')
  })
})

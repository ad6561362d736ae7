'use client'
// Share the address of this view, or take the grid and the vectors away as files.
import { useState } from 'react'
import { PopMenu } from '../../components/pop-menu'
import { svgToPng } from '../../components/rasterise'
import { saveFile } from '../../components/save-file'
import { useTheme } from '../shell/theme'
import { gridCsv, gridFileName, gridJson, gridSvg } from './grid-export'
import type { GridModel } from './grid-model'
import { formatView, type LensView } from './lens-view'
import type { RunFacts } from './use-lens-run'

interface ExportMenuProps {
  readonly run: RunFacts
  readonly model: GridModel
  readonly view: LensView
}

function ShareButton({ view }: { readonly view: LensView }) {
  const [said, setSaid] = useState<'Share' | 'Link copied' | 'Copy the address bar'>('Share')
  const share = async () => {
    const address = `${window.location.origin}/lens?${formatView(view)}`
    const copied = await navigator.clipboard?.writeText(address).then(
      () => true,
      () => false,
    )
    setSaid(copied ? 'Link copied' : 'Copy the address bar')
    setTimeout(() => setSaid('Share'), 2000)
  }
  return (
    <button
      type="button"
      className="button small share"
      onClick={() => void share()}
      aria-live="polite"
    >
      {said}
    </button>
  )
}

export function ExportMenu({ run, model, view }: ExportMenuProps) {
  const theme = useTheme()
  const name = gridFileName(run, model)
  const actions = {
    'Grid as CSV': () => saveFile(`${name}.csv`, gridCsv(model), 'text/csv'),
    'Grid as JSON': () => saveFile(`${name}.json`, gridJson(run, model, view), 'application/json'),
    'Grid as SVG': () => saveFile(`${name}.svg`, gridSvg(run, model, theme).svg, 'image/svg+xml'),
    'Grid as PNG': () => {
      const { svg, width, height } = gridSvg(run, model, theme)
      void svgToPng(svg, width, height).then((blob) => saveFile(`${name}.png`, blob))
    },
  }
  return (
    <span className="bar-end">
      <ShareButton view={view} />
      <PopMenu label="Export" button="Export" className="button small">
        {Object.entries(actions).map(([label, act]) => (
          <button key={label} type="button" role="menuitem" onClick={act}>
            {label}
          </button>
        ))}
        <div role="separator" />
        <a role="menuitem" href={`/api/runs/${run.id}.json`} download>
          Run as a file to import
        </a>
        <a role="menuitem" href={run.vectorsUrl} download>
          Vectors X and Δ (safetensors)
        </a>
      </PopMenu>
    </span>
  )
}

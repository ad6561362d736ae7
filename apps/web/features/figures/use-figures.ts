// The drawings of a set: read together, so that the page is laid out once; a figure is read again when more prompts are in it.
import { useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import { FigureDocument, type FigureInfoPartsFragment } from '../../graphql/generated/graphql'
import { parseFigure, type FigureData } from './render/figure-data'

export type Figures = ReadonlyMap<string, FigureData>

/** null until every figure that has something was read once. */
export function useFigures(id: string, infos: readonly FigureInfoPartsFragment[]): Figures | null {
  const client = useClient()
  const [figures, setFigures] = useState<Figures | null>(null)
  const read = useRef(new Map<string, string>())
  const asked = JSON.stringify(
    infos.filter(({ done }) => done > 0).map(({ kind, done, ready }) => [kind, `${done} ${ready}`]),
  )
  useEffect(() => {
    let gone = false
    const due = (JSON.parse(asked) as [string, string][]).filter(
      ([kind, version]) => read.current.get(kind) !== version,
    )
    const readAll = async () => {
      const answers = await Promise.all(
        due.map(async ([kind, version]) => {
          const { data } = await client
            .query(FigureDocument, { id, kind }, { requestPolicy: 'network-only' })
            .toPromise()
          return { kind, version, figure: parseFigure(data?.figureSet?.figure?.data) }
        }),
      )
      if (gone) return
      setFigures((current) => {
        const next = new Map(current)
        for (const { kind, figure } of answers) if (figure) next.set(kind, figure)
        return next
      })
      for (const { kind, version, figure } of answers) if (figure) read.current.set(kind, version)
    }
    void readAll()
    return () => {
      gone = true
    }
  }, [client, id, asked])
  return figures
}

'use client'
// The project that everything here belongs to; where there are several, a menu of them.
import Link from 'next/link'
import { PopMenu } from '../../components/pop-menu'
import { useMe } from '../account/me'
import { rememberProject, startAfresh } from '../account/start-afresh'

/** Things have addresses of their own project: another project begins at its home. */
export function openProject(id: string): void {
  rememberProject(id)
  startAfresh('/home')
}

export function ProjectSwitcher() {
  const me = useMe()
  if (!me?.project) return null
  const { project, projects } = me
  if (projects.length < 2)
    return (
      <Link className="crumb-project" href="/home" prefetch={false} data-testid="project-name">
        {project.name}
      </Link>
    )
  return (
    <PopMenu
      label={`Project: ${project.name}. Change`}
      className="crumb-project crumb-button"
      side="left"
      testId="project-switcher"
      button={
        <>
          <span>{project.name}</span>
          <svg
            width="9"
            height="6"
            viewBox="0 0 10 6"
            fill="none"
            stroke="currentColor"
            aria-hidden
          >
            <path d="M1 1l4 4 4-4" strokeWidth="1.4" />
          </svg>
        </>
      }
    >
      {projects.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          role="menuitemradio"
          aria-checked={id === project.id}
          onClick={() => id !== project.id && openProject(id)}
        >
          {name}
        </button>
      ))}
      <div role="separator" />
      <Link role="menuitem" href="/team#projects">
        All projects
      </Link>
    </PopMenu>
  )
}

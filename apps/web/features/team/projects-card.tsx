'use client'
// The team's projects: open, make, rename, show to everyone or only to the team.
import { useId, useRef, useState } from 'react'
import { ConfirmDialog } from '../../components/confirm-dialog'
import { Problem } from '../../components/problem'
import type { ProjectPartsFragment } from '../../graphql/generated/graphql'
import { useMay, useMe } from '../account/me'
import type { Complaint } from '../edits/complaint'
import { openProject } from '../shell/project-switcher'
import { useProjects } from './use-team'

type Report = (complaint: Complaint | null) => void

function NameForm({
  project,
  onDone,
}: {
  readonly project: ProjectPartsFragment
  readonly onDone: Report
}) {
  const { update } = useProjects()
  const [name, setName] = useState(project.name)
  return (
    <form
      className="bar grow"
      onSubmit={(event) => {
        event.preventDefault()
        void update({ id: project.id, name: name.trim() }).then(onDone)
      }}
      onKeyDown={(event) => event.key === 'Escape' && onDone(null)}
    >
      <input
        className="input grow"
        aria-label="Name of the project"
        autoFocus
        required
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button small primary">
        Save
      </button>
      <button type="button" className="button small" onClick={() => onDone(null)}>
        Cancel
      </button>
    </form>
  )
}

interface ProjectRowProps {
  readonly project: ProjectPartsFragment
  readonly here: boolean
  readonly admin: boolean
  readonly report: Report
  readonly onPublish: () => void
}

function ProjectRow({ project, here, admin, report, onPublish }: ProjectRowProps) {
  const [renaming, setRenaming] = useState(false)
  const done: Report = (complaint) => {
    report(complaint)
    if (complaint === null) setRenaming(false)
  }
  if (renaming)
    return (
      <li className="person-row">
        <NameForm project={project} onDone={done} />
      </li>
    )
  return (
    <li
      className="person-row"
      data-testid="project-row"
      data-public={project.isPublic || undefined}
    >
      <span className="person-name">
        <b>{project.name}</b>
        <small className="muted mono">{project.slug}</small>
      </span>
      <span className="badge">{project.isPublic ? 'public, read-only' : 'team only'}</span>
      {admin && (
        <>
          <button type="button" className="link" onClick={() => setRenaming(true)}>
            Rename
          </button>
          <button type="button" className="link" onClick={onPublish} data-testid="publish-project">
            {project.isPublic ? 'Make private' : 'Publish'}
          </button>
        </>
      )}
      {here ? (
        <span className="badge" data-state="done">
          open
        </span>
      ) : (
        <button
          type="button"
          className="button small"
          onClick={() => openProject(project.id)}
          data-testid="open-project"
        >
          Open
        </button>
      )}
    </li>
  )
}

function NewProject({ report }: { readonly report: Report }) {
  const id = useId()
  const { create } = useProjects()
  const sending = useRef(false)
  const [name, setName] = useState('')
  const send = async () => {
    if (sending.current) return
    sending.current = true
    const { complaint } = await create(name.trim())
    sending.current = false
    report(complaint)
    if (complaint === null) setName('')
  }
  return (
    <form
      className="bar card-part"
      aria-label="New project"
      method="post"
      data-testid="project-form"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <label htmlFor={id} className="hidden-text">
        Name of the new project
      </label>
      <input
        id={id}
        className="input grow"
        required
        maxLength={80}
        value={name}
        autoComplete="off"
        placeholder="Name of a new project"
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="button small" data-testid="create-project">
        Make a project
      </button>
    </form>
  )
}

function PublishDialog({
  project,
  onClose,
  onConfirm,
}: {
  readonly project: ProjectPartsFragment | null
  readonly onClose: () => void
  readonly onConfirm: () => void
}) {
  const open = project !== null
  if (project?.isPublic)
    return (
      <ConfirmDialog
        open={open}
        title={`Make ${project.name} private?`}
        action="Make it private"
        onClose={onClose}
        onConfirm={onConfirm}
      >
        <p>Only the team and holders of shared links can read it from now on.</p>
      </ConfirmDialog>
    )
  return (
    <ConfirmDialog
      open={open}
      title={`Publish ${project?.name ?? ''}?`}
      action="Publish it"
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>
        Anyone who can reach this server will read everything in it, without an account: prompts,
        runs, edits, evaluations, annotations and comments, with their authors’ names.
      </p>
      <p>Nobody outside the team can change anything. You can make it private again.</p>
    </ConfirmDialog>
  )
}

export function ProjectsCard({ projects }: { readonly projects: readonly ProjectPartsFragment[] }) {
  const me = useMe()
  const admin = useMay('ADMINISTER') && me !== null
  const { update } = useProjects()
  const [complaint, setComplaint] = useState<Complaint | null>(null)
  const [publishing, setPublishing] = useState<ProjectPartsFragment | null>(null)
  return (
    <section className="card" aria-label="Projects" id="projects">
      <h2 className="card-head">
        Projects <span className="muted tabular">{projects.length}</span>
      </h2>
      {complaint && (
        <Problem title={complaint.message} cure={complaint.cure} code={complaint.code} />
      )}
      <ul>
        {projects.map((project) => (
          <ProjectRow
            key={project.id}
            project={project}
            here={project.id === me?.project?.id}
            admin={admin}
            report={setComplaint}
            onPublish={() => setPublishing(project)}
          />
        ))}
      </ul>
      {admin && <NewProject report={setComplaint} />}
      <PublishDialog
        project={publishing}
        onClose={() => setPublishing(null)}
        onConfirm={() =>
          publishing &&
          void update({ id: publishing.id, isPublic: !publishing.isPublic }).then(setComplaint)
        }
      />
    </section>
  )
}

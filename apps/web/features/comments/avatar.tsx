// A person as a small round sign with their initials.
interface AvatarProps {
  readonly name: string
}

export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined]
  return letters.map((word) => [...(word ?? '')][0]?.toUpperCase() ?? '').join('')
}

export function Avatar({ name }: AvatarProps) {
  return (
    <span className="avatar" aria-hidden>
      {initialsOf(name)}
    </span>
  )
}

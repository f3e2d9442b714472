type Props = { user: { uuid: string; displayName: string } };

/** The initials, in a colour of one's own; the name itself stands beside it. */
export function Avatar({ user }: Props) {
  const initials = user.displayName
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0])
    .join("");
  const hue = parseInt(user.uuid.slice(0, 8), 16) % 360;
  return (
    <span aria-hidden className="avatar" style={{ background: `oklch(0.45 0.1 ${hue})` }}>
      {initials}
    </span>
  );
}

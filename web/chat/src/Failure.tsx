type Props = { why: string; again: () => void };

/** What went wrong, and another try. */
export function Failure({ why, again }: Props) {
  return (
    <p role="alert" className="failure">
      {why}{" "}
      <button type="button" onClick={again}>
        Try again
      </button>
    </p>
  );
}

import type { SessionDetail } from "#components/live/use-session.ts";

/** What a person can do where the council came to nothing; the buttons for it stand in the session's head. */
export function WaysOn({ overrule }: { overrule: SessionDetail["council"]["overrule"] }) {
  return (
    <div className="mt-2 text-sm">
      <p className="font-medium">Now a person decides. What was said stands below.</p>
      <ul className="mt-1 list-disc pl-5 text-muted">
        {overrule !== "nobody" && (
          <li>
            <b className="font-medium text-text">Approve anyway</b>, with your reason on the merge commit
          </li>
        )}
        <li>
          <b className="font-medium text-text">Rework</b>, with your words and what was found
        </li>
        <li>
          <b className="font-medium text-text">Resume</b>, and the council sits once more
        </li>
      </ul>
    </div>
  );
}

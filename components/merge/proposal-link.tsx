import { ExternalLink } from "lucide-react";

/** To the pull request, or to where one is opened by hand. */
export function ProposalLink({ url }: { url: string }) {
  return (
    <a
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      className="inline-flex items-center gap-1 text-text hover:underline"
    >
      Pull request <ExternalLink className="size-3" aria-hidden />
    </a>
  );
}

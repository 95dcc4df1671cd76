import { MergeQueue } from "#components/merge/merge-queue.tsx";

export default function MergesPage() {
  return <MergeQueue />;
}

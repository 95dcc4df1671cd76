import { Archives } from "#components/archive/archives.tsx";

export default function ArchivesPage() {
  return <Archives />;
}

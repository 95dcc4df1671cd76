import { TeamScreen } from "#components/team/team-screen.tsx";

export default function TeamPage() {
  return <TeamScreen />;
}

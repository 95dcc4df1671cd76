import { Activity } from "#components/activity/activity.tsx";

export default function ActivityPage() {
  return <Activity />;
}

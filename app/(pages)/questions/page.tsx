import { Inbox } from "#components/question/inbox.tsx";

export default function QuestionsPage() {
  return <Inbox />;
}

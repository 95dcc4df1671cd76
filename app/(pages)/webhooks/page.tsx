import { WebhookScreen } from "#components/webhook/webhook-screen.tsx";

export default function WebhooksPage() {
  return <WebhookScreen />;
}

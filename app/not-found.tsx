import { Compass } from "lucide-react";
import Link from "next/link";
import { Empty } from "#components/ui/empty.tsx";

export const metadata = { title: "Amplify", icons: { icon: "/icon.svg" } };

export default function NotFound() {
  return (
    <main>
      <Empty icon={Compass} title="There is no such page">
        <Link href="/" className="text-accent underline underline-offset-2">
          To the board
        </Link>
      </Empty>
    </main>
  );
}

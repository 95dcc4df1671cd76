import { Login } from "#components/login/login.tsx";

export const metadata = { title: "Amplify", icons: { icon: "/icon.svg" } };

export default function LoginPage() {
  return <Login />;
}
